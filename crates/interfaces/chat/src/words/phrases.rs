//! Every phrase of the texts as a method with typed arguments: a missing argument does not compile, and a test renders
//! each one in every language.

use super::Html;
use super::texts::{Argument, Texts};

macro_rules! phrases {
    ($($kind:ident $name:ident($($argument:ident: $type:ty),*);)+) => {
        impl Texts {
            $(phrases!(@method $kind $name($($argument: $type),*));)+
        }

        /// The phrases with the names of their arguments, for the tests.
        #[cfg(test)]
        pub(super) const ALL: &[(&str, &[&str])] = &[$((stringify!($name), &[$(stringify!($argument)),*])),+];
    };
    (@method html $name:ident($($argument:ident: $type:ty),*)) => {
        pub(crate) fn $name(self $(, $argument: $type)*) -> Html {
            Html::from_phrase(self.render(
                stringify!($name),
                vec![$((stringify!($argument), Argument::for_html($argument))),*],
            ))
        }
    };
    (@method plain $name:ident($($argument:ident: $type:ty),*)) => {
        pub(crate) fn $name(self $(, $argument: $type)*) -> String {
            self.render(stringify!($name), vec![$((stringify!($argument), Argument::for_plain($argument))),*])
        }
    };
}

phrases! {
    // menu.ftl
    html menu_greeting();
    html menu_title();
    html new_image_hint();
    html help();
    html unknown_command();
    plain button_new_image();
    plain button_gallery();
    plain button_balance();
    plain button_settings();
    plain button_help();
    plain button_privacy();
    plain button_menu();
    plain button_back();
    plain command_start();
    plain command_imagine();
    plain command_gallery();
    plain command_balance();
    plain command_settings();
    plain command_help();
    plain command_privacy();
    plain command_cancel();

    // onboarding.ftl
    html terms(credits: i64, images: i64);
    html terms_without_gift();
    html welcome_gift(credits: i64, images: i64);
    html welcome_back();
    html intended_kept();
    plain button_accept();
    plain terms_needed();
    plain terms_accepted_before();

    // imagine.ftl
    html offer_title();
    html offer_hint();
    html offer_dropped();
    html prompt_empty();
    html prompt_too_long(characters: usize, limit: usize);
    plain button_draw(count: u8, credits: i64);
    plain button_drop();
    plain prompt_lost();
    plain insufficient(missing: i64, price: i64, available: i64);
    plain insufficient_for_several(missing: i64, price: i64, available: i64);
    plain price_changed(credits: i64);
    plain too_many_under_way(count: u16);
    plain spend_cap_own(until: &str);
    plain spend_cap_of_all(until: &str);
    plain no_model();
    plain model_prompt_too_long(characters: usize);
    plain already_taken();
    plain already_drawn_again();

    // progress.ftl
    html progress_waiting();
    html progress_waiting_position(before: u32);
    html progress_drawing();
    html progress_trying_again();
    html progress_keeping();
    plain button_cancel_request();

    // result.ftl
    html made_by_ai(model: &str);
    html set_images(count: usize);
    html set_price(credits: i64);
    html set_partial(asked: u8);
    html ready_in_gallery();
    html late_images(count: u8);
    html ending_refused();
    html ending_invalid();
    html ending_unavailable();
    html ending_no_model();
    html ending_no_avatar();
    html ending_no_safety_check();
    html ending_internal(reference: &str);
    html ending_cancelled();
    html ending_expired();
    plain button_again(credits: i64);
    plain button_original();
    plain button_original_number(number: u8);
    plain button_mark();
    plain button_unmark();
    plain button_mark_number(number: u8);
    plain button_unmark_number(number: u8);
    plain button_delete();
    plain button_delete_some();
    plain button_delete_number(number: u8);
    plain button_delete_surely();
    plain button_keep();
    plain button_open_gallery();
    plain marked();
    plain unmarked();
    plain deleted();
    plain image_gone();

    // gallery.ftl
    html card_place(number: u64, total: u64, date: &str);
    html gallery_empty();
    html favourites_empty();
    plain button_newer();
    plain button_older();
    plain button_only_favourites();
    plain button_all_images();
    html card_avatar(name: &str, seed: &str);
    html card_avatar_gone(seed: &str);
    html nothing_found();
    plain button_filter();
    plain button_several();
    plain button_show();
    plain filter_favourites();
    plain filter_any_origin();
    plain filter_description();
    plain filter_avatar();
    plain filter_instant_avatar();
    plain filter_all_time();
    plain filter_today();
    plain filter_week();
    plain filter_thirty_days();
    plain filter_month();
    plain month_of_year(month: &str, year: &str);
    plain month_standing(number: u8);
    html several_title(count: usize);
    html several_line(number: u8, date: &str, description: &str);
    html several_line_favourite(number: u8, date: &str, description: &str);
    plain button_whole_page();
    plain button_nothing();
    plain button_delete_picked(count: usize);
    plain button_download_picked(count: usize);
    plain button_delete_picked_surely(count: usize);
    plain button_keep_picked();
    html delete_picked_question(count: usize, hours: u64);
    plain too_many_picked();
    plain nothing_picked();
    html picked_deleted(count: usize, hours: u64);
    html picked_restored(count: usize);
    html picked_erased();
    plain deletion_forgotten();
    html deleted_notice(hours: u64);
    html restored_notice();
    html erased_notice();
    plain restored();
    plain erased();
    plain too_late_to_restore();
    plain button_restore();
    plain button_erase_now();

    // help.ftl
    plain button_improve();
    plain button_translate();
    html help_wording();
    html help_translating();
    html help_listening();
    html help_looking();
    html help_mine();
    html help_suggestion();
    html help_heard();
    html help_seen();
    html help_like_photo();
    html help_edit();
    html help_discarded();
    plain help_forgotten();
    plain help_cap_reached(cap: u32);
    plain help_off();
    html help_away();
    html help_deaf();
    html help_blind();
    html help_refused();
    html help_unreadable_voice();
    html help_unreadable_photo();
    html help_heard_nothing();
    html help_seen_nothing();
    html help_internal(reference: &str);
    plain button_use_this();
    plain button_keep_mine();
    plain button_another_try();
    plain button_edit_words();
    plain button_go_on_with_mine();
    plain button_imagine_this();
    plain button_draw_me_so();
    plain button_as_it_is();
    plain button_drop_words();
    plain paused_until(until: &str);
    html voice_too_long(minutes: u64);
    html voice_audio();
    html voice_video_note();
    html photo_offer();
    html album_offer();
    html photo_too_large();
    plain photo_forgotten();
    plain button_describe();
    plain button_something_like_it();
    plain button_use_for_avatar();
    plain button_draw_caption();

    // profile.ftl
    plain button_profile();
    html profile_title();
    html profile_since(date: &str);
    html profile_language(language: &str);
    html profile_images(count: u64);
    html profile_origins(words: u64, avatar: u64, instant: u64);
    html profile_favourites(count: u64);
    html profile_avatars(count: usize);
    html profile_credits(credits: i64);
    html profile_spent(credits: i64, images: i64);
    html profile_spent_on_images(credits: i64);

    // privacy.ftl
    html privacy_title();
    html kept_profile();
    html kept_images(count: u64, hours: u64);
    html kept_generations(count: u64);
    html kept_avatars(count: u64);
    html kept_photos(count: u64, hours: u64, days: u64);
    html kept_weights(count: u64);
    html kept_helps(count: u64);
    html kept_messages(count: u64);
    html kept_ledger(count: u64);
    html privacy_providers();
    plain button_export();
    plain button_erase_everything();
    html packing_everything();
    html packing_images(count: usize);
    html export_whole();
    html export_part(part: u32, parts: u32);
    html export_there(parts: u32);
    html images_packed(parts: u32);
    html export_failed(reference: &str);
    html erasure_question();
    html erasure_goes();
    html gone_profile();
    html gone_images(count: u64);
    html gone_generations(count: u64);
    html gone_avatars(count: u64);
    html gone_photos(count: u64);
    html gone_weights(count: u64);
    html gone_helps(count: u64);
    html gone_messages(count: u64);
    html erasure_stays();
    html erasure_credits_lost(credits: i64);
    html erasure_last_question();
    plain erasure_asked_anew();
    plain button_erase_go_on();
    plain button_erase_surely();
    plain button_keep_everything();
    html erasure_begun();
    plain erasure_under_way();
    html receipt_title();
    html receipt_stays(count: u64);
    html receipt_farewell();

    // balance.ftl
    html balance(available: i64, bonus: i64, paid: i64, held: i64);
    html history_title();
    html history_empty();
    html history_line(date: &str, change: &str, what: &str);
    plain entry_welcome();
    plain entry_gift();
    plain entry_bought();
    plain entry_hold();
    plain entry_capture(credits: i64);
    plain entry_release();
    plain entry_refund();
    plain entry_claw_back();
    plain entry_with_memo(what: &str, memo: &str);
    plain button_older_entries();
    plain button_newest_entries();

    // settings.ftl
    html settings(language: &str, shape: &str, count: u8, zone: &str, now: &str);
    html choose_language();
    html choose_shape();
    html choose_count();
    html choose_zone(page: usize, pages: usize);
    plain button_language();
    plain button_shape();
    plain button_count();
    plain button_zone();
    plain shape_name(shape: &str, ratio: &str);
    plain language_name(language: &str);
    plain zone_cities(code: u8);
    plain saved();

    // cancel.ftl
    html nothing_to_cancel();
    html cancelled(count: usize);
    html too_late_to_cancel(count: usize);
    html conversation_cleared();
    plain request_cancelled();
    plain request_too_late();

    // wizard.ftl
    html avatar_consent();
    plain button_agree();
    plain button_refuse();
    html consent_refused();
    plain consent_changed();
    plain avatars_too_many(count: u16);
    html draft_found();
    html draft_found_name(name: &str);
    html draft_found_photos(count: u8);
    plain button_resume();
    plain button_start_over();
    plain draft_gone();
    html ask_avatar_name();
    html name_too_short();
    html name_too_long();
    html ask_avatar_kind(name: &str);
    html kind_meaning_instant();
    html kind_meaning_portrait();
    html kind_meaning_style();
    plain kind_name(kind: &str);
    html collection_title(name: &str);
    html collection_count(accepted: u8, most: u8);
    html collection_need(missing: u8);
    html collection_waiting(count: u8);
    html collection_hint(kind: &str);
    html collection_refused();
    html photo_problem_line(problem: &str, count: usize);
    html collection_more_refused(count: usize);
    html collection_score(score: u8);
    html collection_advice();
    html missing_shot(shot: &str);
    html collection_perfect();
    html collection_too_many(most: u8);
    plain button_leaf();
    plain button_photos_done();
    plain button_instant_done();
    plain button_cancel_wizard();
    html photo_place(number: usize, total: usize);
    plain button_remove_photo();
    plain button_close();
    plain photo_removed();
    plain photo_gone();
    plain photos_none();
    html photos_full(most: u8);
    html photo_file_too_large();
    html collecting_not_a_photo(kind: &str);
    plain photos_waiting(count: u8);
    plain photos_too_few(have: u8, need: u8);
    html ask_preset();
    plain preset_name(preset: &str);
    html preset_usual_time(preset: &str, minutes: u64);
    plain button_preset(preset: &str, credits: i64);
    html no_trainer();
    plain button_try_again();
    html confirm_title();
    html confirm_name(name: &str);
    html confirm_kind(kind: &str);
    html confirm_photos(count: u8);
    html confirm_preset(preset: &str);
    html confirm_preset_usual_time(preset: &str, minutes: u64);
    html confirm_price(credits: i64);
    html confirm_rule(days: u64, images: u32);
    html confirm_photos_fate(hours: u64);
    plain button_order(credits: i64);
    plain training_insufficient(missing: i64, price: i64, available: i64);
    plain training_price_changed(credits: i64);
    plain training_no_trainer();
    plain trainings_too_many(count: u16);
    plain training_already();
    html ask_discard_early();
    html ask_discard_photos(count: u8);
    html ask_discard_retraining();
    plain button_discard();
    plain button_discard_retraining();
    plain button_keep_draft();
    html draft_discarded();
    html retraining_dropped();
    html draft_kept();

    // avatars.ftl
    html avatars_none();
    plain button_avatars();
    plain button_new_avatar();
    plain command_avatars();
    plain command_draw();
    html avatar_title(name: &str, kind: &str);
    plain avatar_unnamed();
    html avatar_main();
    html avatar_made(date: &str);
    html avatar_place(number: usize, total: usize);
    html status_draft();
    html status_collecting(count: u8);
    html status_waiting();
    html status_training();
    html status_training_percent(percent: u8);
    html status_copying();
    html status_ready();
    html status_failed();
    html status_cancelled();
    html remaining(minutes: u64);
    plain button_draw_avatar();
    plain button_make_main();
    plain button_rename();
    plain button_delete_avatar();
    plain button_not_like_me();
    plain button_cancel_training();
    plain button_second_try();
    plain button_open_avatar();
    plain avatar_gone();
    plain avatar_is_main_now();
    plain avatar_not_drawable();
    html ask_new_name(name: &str);
    html ask_avatar_deletion(name: &str);
    html avatar_deletion_goes(kind: &str);
    html avatar_deletion_training();
    html avatar_deletion_stays();
    plain button_delete_avatar_surely();
    html avatar_deleted();
    html ask_retraining(until: &str, images: u32);
    plain retraining_over();
    plain button_retrain();
    html ask_cancel_queued();
    html ask_cancel_training();
    html ask_cancel_training_percent(percent: u8);
    plain button_cancel_training_surely();
    plain button_go_on_training();
    plain training_cancel_too_late();
    plain training_being_cancelled();
    plain second_try_over();
    html stage_preparing(name: &str);
    html stage_position(name: &str, before: u32);
    html stage_training(name: &str);
    html stage_trying_again(name: &str);
    html stage_copying(name: &str);
    html stage_note();
    html percent_bar(bar: &str, percent: u8);
    html training_ready(name: &str);
    html training_ready_style(name: &str);
    html instant_ready(name: &str);
    html photos_until(date: &str);
    html training_failed(name: &str);
    html training_failure(reason: &str);
    html failure_reference(reference: &str);
    html training_returned(credits: i64);
    html training_photos_kept();
    html training_cancelled(name: &str);
    html training_cancelled_photos();
    html receipt_retention(name: &str, photos: u32);
    html receipt_deleted(photos: u32);
    html receipt_weights(megabytes: u64);

    // draw.ftl
    html draw_invite();
    html draw_invite_kept();
    plain button_draw_me();
    plain button_instant_avatar();
    html draw_menu(name: &str);
    plain button_own_words();
    plain button_styles();
    plain button_from_photo();
    plain button_other_avatar();
    html pick_avatar();
    html ask_words(name: &str);
    html ask_other_words();
    html ask_reference_photo(name: &str);
    html reference_photo_expected();
    html packs_title();
    html pack_title(pack: &str);
    plain style_gone();
    plain button_with_avatar(name: &str);
    plain button_with_nobody();
    plain button_with_my_avatar();
    plain no_avatar();
    plain button_same_seed();
    plain button_same_seed_number(number: u8);

    // trouble.ftl
    plain blocked();
    plain not_yours();
    plain stale_button();
    plain wait(seconds: u64);
    plain maintenance();
    plain by_invitation();
    plain invitation_void();
    plain closed_circle(id: &str);
    html failure(reference: &str);
    html only_private(link: &str);
    html kind_not_yet();

    // operators.ftl
    html operator_paused(subject: &str, code: &str, detail: &str);
    html operator_resumed(subject: &str);
    html operator_new_failure(fingerprint: &str, reference: &str);
    html operator_shutdown(model: &str, date: &str);
    html operator_spend_cap(cap: &str, until: &str);

    // time.ftl
    plain month(number: u8);
    plain month_short(number: u8);
    plain moment(day: u8, month: &str, year: &str, time: &str);
    plain moment_short(day: u8, month: &str, time: &str);
}
