//! A person pressed a button.

use account::Standing;
use kernel::Action;

use super::{Chat, Place, Talk};
use crate::callback::CallbackData;
use crate::error::HandlerError;
use crate::features::{
    avatars, balance, cancel, draw, gallery, imagine, menu, onboarding, photo, privacy, profile, settings,
    words,
};
use crate::inbound::{Conversation, Press, PressedMessage};
use crate::telegram::{PressAnswer, TelegramError, TextMessage};
use crate::words::Html;

impl Chat {
    pub(super) async fn on_press(&self, press: Press) -> Result<(), HandlerError> {
        let room = press.sender.user.private_chat();
        let answer = match press
            .message
            .as_ref()
            .filter(|message| message.conversation == Conversation::Private(room))
        {
            None => {
                let texts = Self::texts_for(press.sender.language_tag.as_deref());
                PressAnswer::Alert(texts.not_yours())
            }
            Some(message) => self.answer_to_press(&press, message).await?,
        };
        self.deliver_answer(&press, &answer).await
    }

    async fn answer_to_press(
        &self,
        press: &Press,
        message: &PressedMessage,
    ) -> Result<PressAnswer, HandlerError> {
        let room = press.sender.user.private_chat();
        if let Some(seconds) = self.seconds_to_wait(room, Action::Press).await {
            let texts = Self::texts_for(press.sender.language_tag.as_deref());
            return Ok(PressAnswer::Toast(texts.wait(seconds)));
        }
        if let Some(words) = self.turned_away(&press.sender, room, None).await? {
            return Ok(PressAnswer::Alert(words));
        }
        let talk = self.talk(&press.sender, room).await?;
        if talk.account.standing == Standing::Blocked {
            return Ok(PressAnswer::Alert(talk.texts.blocked()));
        }
        if self.ports.privacy.is_being_erased(talk.account.id).await? {
            return Ok(PressAnswer::Alert(talk.texts.erasure_under_way()));
        }
        let Ok(data) = CallbackData::decode(&press.data) else {
            menu::show(&talk, Place::New).await?;
            return Ok(PressAnswer::Toast(talk.texts.stale_button()));
        };
        if !talk.account.has_accepted_terms() && !is_possible_before_terms(&data) {
            onboarding::ask(&talk, None).await?;
            return Ok(PressAnswer::Toast(talk.texts.terms_needed()));
        }
        act(&talk, message, data).await
    }

    /// Stops the button from spinning. What matters was done by now; an answer that comes too late is said as a message
    /// if it was more than a courtesy.
    async fn deliver_answer(&self, press: &Press, answer: &PressAnswer) -> Result<(), HandlerError> {
        let Err(error) = self.ports.telegram.answer_press(&press.id, answer).await else {
            return Ok(());
        };
        tracing::debug!(%error, "a press could not be answered");
        match (answer, error) {
            (PressAnswer::Alert(text), TelegramError::PressExpired) => {
                let room = press.sender.user.private_chat();
                let message = TextMessage::plain(Html::escaped(text));
                self.ports.telegram.send_message(room, &message).await?;
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

const fn is_possible_before_terms(data: &CallbackData) -> bool {
    matches!(
        data,
        CallbackData::AcceptTerms { .. }
            | CallbackData::TermsIn { .. }
            | CallbackData::Help
            | CallbackData::Privacy
            | CallbackData::Export { .. }
            | CallbackData::Erasure(_)
    )
}

/// Every button, and what it does.
async fn act(
    talk: &Talk<'_>,
    message: &PressedMessage,
    data: CallbackData,
) -> Result<PressAnswer, HandlerError> {
    let here = Place::Instead(message);
    let done = match data {
        CallbackData::Menu => menu::show(talk, here).await,
        CallbackData::NewImage => menu::new_image(talk, here).await,
        CallbackData::Help => menu::help(talk, here).await,
        CallbackData::Privacy => privacy::show(talk, here).await,
        CallbackData::AcceptTerms { version } => return onboarding::accept(talk, message, version).await,
        CallbackData::TermsIn { language } => return onboarding::speak(talk, message, language).await,
        CallbackData::Choose(choice) => return imagine::choose(talk, message, choice).await,
        CallbackData::Draw(choice) => return imagine::draw(talk, message, choice).await,
        CallbackData::Drop { nonce } => return imagine::drop_offer(talk, message, nonce).await,
        CallbackData::CancelRequest { nonce } => return cancel::request(talk, nonce).await,
        CallbackData::Again(repeat) => return imagine::again(talk, message, repeat).await,
        CallbackData::Original { item } => return gallery::send_original(talk, item).await,
        CallbackData::Mark { item, surface } => return gallery::mark(talk, message, item, surface).await,
        CallbackData::Unmark { item, surface } => return gallery::unmark(talk, message, item, surface).await,
        CallbackData::PickForDeletion { generation } => gallery::pick(talk, message, generation).await,
        CallbackData::BackToSet { generation } => gallery::back_to_set(talk, message, generation).await,
        CallbackData::AskDeletion { item, surface } => {
            return gallery::ask_deletion(talk, message, item, surface).await;
        }
        CallbackData::Delete { item, surface } => return gallery::delete(talk, message, item, surface).await,
        CallbackData::Keep { item, surface } => return gallery::keep(talk, message, item, surface).await,
        CallbackData::OpenGallery { view } => gallery::open(talk, here, view).await,
        CallbackData::OpenGalleryAt { item } => gallery::open_at(talk, item).await,
        CallbackData::TurnTo { item, view } => return gallery::turn_to(talk, message, item, view).await,
        CallbackData::FilterGallery { view } => gallery::choose(talk, message, view).await,
        CallbackData::FilterMonths { view, page } => gallery::choose_month(talk, message, view, page).await,
        CallbackData::Restore { item, surface } => {
            return gallery::restore(talk, message, item, surface).await;
        }
        CallbackData::EraseNow { item, surface, shown } => {
            return gallery::erase_now(talk, message, item, surface, shown).await;
        }
        CallbackData::Pick(step) => return gallery::pick_step(talk, message, step).await,
        CallbackData::RestorePicked { nonce } => return gallery::restore_picked(talk, message, nonce).await,
        CallbackData::ErasePicked { nonce } => return gallery::erase_picked(talk, message, nonce).await,
        CallbackData::Wizard(button) => return avatars::press_wizard(talk, message, button).await,
        CallbackData::Avatar(button) => return avatars::press(talk, message, button).await,
        CallbackData::Portrait(button) => return draw::press(talk, message, button).await,
        CallbackData::ChooseLikeness(choice) => return imagine::choose_likeness(talk, message, choice).await,
        CallbackData::SameSeed { item } => return draw::same_seed(talk, item).await,
        CallbackData::Profile => profile::show(talk, here).await,
        CallbackData::HelpWithWords { kind, choice } => {
            return words::help_with_offer(talk, message, kind, choice).await;
        }
        CallbackData::HelpAnswer { help, step } => return words::go_on(talk, message, help, step).await,
        CallbackData::UsePhoto { nonce, usage } => {
            return photo::use_photo(talk, message, nonce, usage).await;
        }
        CallbackData::Export { nonce } => return privacy::export(talk, message, nonce).await,
        CallbackData::Erasure(step) => return privacy::erasure_step(talk, message, step).await,
        CallbackData::Balance { after } => balance::show(talk, here, after).await,
        CallbackData::Settings => settings::show(talk, here).await,
        CallbackData::OpenSetting(setting) => settings::open(talk, here, setting).await,
        CallbackData::SetLanguage { language } => return settings::set_language(talk, here, language).await,
        CallbackData::SetShape { aspect_ratio } => {
            return settings::set_shape(talk, here, aspect_ratio).await;
        }
        CallbackData::SetCount { count } => return settings::set_count(talk, here, count).await,
        CallbackData::SetZone { zone } => return settings::set_zone(talk, here, zone).await,
    };
    done.map(|()| PressAnswer::Silent)
}
