//! Avatars: the way to a new one, and what can be done with those that are there.

mod card;
mod consent;
mod deletion;
mod leafing;
mod leaving;
mod naming;
mod ordering;
mod photos;
mod training;
mod wizard;

use crate::callback::{AvatarButton, WizardButton};
use crate::error::HandlerError;
use crate::handlers::{Place, Talk};
use crate::inbound::PressedMessage;
use crate::telegram::PressAnswer;

pub(crate) use card::open;
pub(crate) use leaving::mention_draft;
pub(crate) use naming::{take_draft_name, take_new_name};
pub(crate) use photos::{Collected, collect, collect_other, use_photos};
pub(crate) use wizard::{begin, draft_waiting_for_a_name};

/// A button on the way to a new avatar.
pub(crate) async fn press_wizard(
    talk: &Talk<'_>,
    message: &PressedMessage,
    button: WizardButton,
) -> Result<PressAnswer, HandlerError> {
    let here = Place::Instead(message);
    match button {
        WizardButton::New => begin(talk, here).await,
        WizardButton::Resume { avatar } => wizard::resume(talk, here, avatar).await,
        WizardButton::StartOver { avatar } => wizard::start_over(talk, here, avatar).await,
        WizardButton::Agree { version, mark } => consent::agree(talk, message, version, mark).await,
        WizardButton::Refuse => consent::refuse(talk, here).await,
        WizardButton::Back { avatar, to } => wizard::go_to(talk, here, avatar, to).await,
        WizardButton::Kind { avatar, kind } => wizard::choose_kind(talk, here, avatar, kind).await,
        WizardButton::Leaf { avatar } => leafing::begin(talk, avatar).await,
        WizardButton::Photo { avatar, photo } => leafing::turn_to(talk, message, avatar, photo).await,
        WizardButton::RemovePhoto { avatar, photo } => leafing::remove(talk, message, avatar, photo).await,
        WizardButton::CloseLeafing { avatar } => leafing::close(talk, message, avatar).await,
        WizardButton::PhotosDone { avatar } => ordering::photos_done(talk, message, avatar).await,
        WizardButton::Preset { avatar, preset } => ordering::choose_preset(talk, here, avatar, preset).await,
        WizardButton::Order { avatar, price } => ordering::order(talk, message, avatar, price).await,
        WizardButton::AskDiscard { avatar } => leaving::ask(talk, here, avatar).await,
        WizardButton::Discard { avatar } => leaving::discard(talk, here, avatar).await,
        WizardButton::KeepForLater => leaving::keep_for_later(talk, here).await,
    }
}

/// A button about an avatar that is there.
pub(crate) async fn press(
    talk: &Talk<'_>,
    message: &PressedMessage,
    button: AvatarButton,
) -> Result<PressAnswer, HandlerError> {
    let here = Place::Instead(message);
    match button {
        AvatarButton::List => open(talk, here).await.map(|()| PressAnswer::Silent),
        AvatarButton::Card { avatar } => card::turn_to(talk, here, avatar).await,
        AvatarButton::MakeMain { avatar } => card::make_main(talk, here, avatar).await,
        AvatarButton::AskName { avatar } => naming::ask_new_name(talk, avatar).await,
        AvatarButton::AskDeletion { avatar } => deletion::ask(talk, avatar).await,
        AvatarButton::Delete { avatar } => deletion::delete(talk, here, avatar).await,
        AvatarButton::AskRetraining { avatar } => training::ask_retraining(talk, avatar).await,
        AvatarButton::Retrain { avatar } => training::retrain(talk, message, avatar).await,
        AvatarButton::AskCancel { avatar } => training::ask_cancel(talk, avatar).await,
        AvatarButton::Cancel { avatar } => training::cancel(talk, message, avatar).await,
        AvatarButton::SecondTry { avatar } => training::second_try(talk, message, avatar).await,
        AvatarButton::Close => {
            talk.remove(message.id).await.map(|()| PressAnswer::Silent).map_err(Into::into)
        }
    }
}

/// A press of a button on the way to a new avatar.
fn wizard_button(label: String, button: WizardButton) -> crate::telegram::Button {
    crate::telegram::Button::press(label, crate::callback::CallbackData::Wizard(button))
}

/// A press of a button about an avatar.
fn avatar_button(label: String, button: AvatarButton) -> crate::telegram::Button {
    crate::telegram::Button::press(label, crate::callback::CallbackData::Avatar(button))
}
