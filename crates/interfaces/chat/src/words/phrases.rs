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
    html privacy();
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

    // trouble.ftl
    plain blocked();
    plain not_yours();
    plain stale_button();
    plain wait(seconds: u64);
    html failure(reference: &str);
    html only_private(link: &str);
    html photo_not_yet();
    html photo_words();
    html voice_not_yet();
    html kind_not_yet();

    // operators.ftl
    html operator_paused(subject: &str, code: &str, detail: &str);
    html operator_resumed(subject: &str);
    html operator_new_failure(fingerprint: &str, reference: &str);
    html operator_shutdown(model: &str, date: &str);

    // time.ftl
    plain month(number: u8);
    plain month_short(number: u8);
    plain moment(day: u8, month: &str, year: &str, time: &str);
    plain moment_short(day: u8, month: &str, time: &str);
}
