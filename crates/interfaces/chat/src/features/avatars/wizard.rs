//! The steps to a new avatar. Where a draft stands is kept with it, so that it survives a restart.

use std::time::Duration;

use avatar::{Avatar, DraftChange, KindName, WizardStep};
use kernel::{Audience, AvatarId};

use super::{consent, ordering, photos, wizard_button};
use crate::callback::WizardButton;
use crate::error::HandlerError;
use crate::handlers::{Place, Talk};
use crate::keyboards::menu_row;
use crate::memory::Awaited;
use crate::screens;
use crate::telegram::{Keyboard, PressAnswer, TextMessage};
use crate::words::Html;

/// For how long the next words are taken for a draft's name when the memory of the conversation is lost.
const NAME_PATIENCE: Duration = Duration::from_hours(1);

/// The way to a new avatar begins, or goes on with the draft that is there.
pub(crate) async fn begin(talk: &Talk<'_>, place: Place<'_>) -> Result<PressAnswer, HandlerError> {
    match talk.chat.ports.avatars.draft(talk.account.id).await? {
        Some(draft) => offer_draft(talk, place, &draft).await?,
        None => consent::ask(talk, place).await?,
    }
    Ok(PressAnswer::Silent)
}

async fn offer_draft(talk: &Talk<'_>, place: Place<'_>, draft: &Avatar) -> Result<(), HandlerError> {
    let texts = talk.texts;
    let name = draft.name.as_ref().map(|name| texts.draft_found_name(name.as_str()));
    let accepted = talk.chat.ports.avatars.collection(draft).await?.accepted;
    let photos = (accepted > 0).then(|| texts.draft_found_photos(accepted));
    let lines = [Some(texts.draft_found()), name, photos].into_iter().flatten();
    let avatar = draft.id;
    // An avatar that is trained again is nothing to start over.
    let start_over = draft
        .weights
        .is_none()
        .then(|| wizard_button(texts.button_start_over(), WizardButton::StartOver { avatar }));
    let keyboard = Keyboard::none()
        .row([wizard_button(texts.button_resume(), WizardButton::Resume { avatar })])
        .row(start_over)
        .row(menu_row(texts));
    talk.show(place, &TextMessage::new(Html::lines(lines), keyboard)).await?;
    Ok(())
}

/// Goes on with a draft.
pub(super) async fn resume(
    talk: &Talk<'_>,
    place: Place<'_>,
    id: AvatarId,
) -> Result<PressAnswer, HandlerError> {
    let Some(draft) = find_draft(talk, id).await? else {
        return Ok(draft_gone(talk));
    };
    show_step(talk, place, &draft).await?;
    Ok(PressAnswer::Silent)
}

/// Discards a draft and begins anew.
pub(super) async fn start_over(
    talk: &Talk<'_>,
    place: Place<'_>,
    id: AvatarId,
) -> Result<PressAnswer, HandlerError> {
    talk.chat.ports.avatars.discard_draft(talk.account.id, id).await?;
    consent::ask(talk, place).await?;
    Ok(PressAnswer::Silent)
}

/// Goes back, or on, to a step.
pub(super) async fn go_to(
    talk: &Talk<'_>,
    place: Place<'_>,
    id: AvatarId,
    step: WizardStep,
) -> Result<PressAnswer, HandlerError> {
    change(talk, place, id, &DraftChange::Step(step)).await
}

/// The kind was chosen: photos are next. Photos that came before are its first.
pub(super) async fn choose_kind(
    talk: &Talk<'_>,
    place: Place<'_>,
    id: AvatarId,
    kind: KindName,
) -> Result<PressAnswer, HandlerError> {
    let answer = change(talk, place, id, &DraftChange::Kind(kind)).await?;
    photos::add_remembered(talk, id).await?;
    Ok(answer)
}

/// Takes in an answer, and shows what is asked next.
pub(super) async fn change(
    talk: &Talk<'_>,
    place: Place<'_>,
    id: AvatarId,
    change: &DraftChange,
) -> Result<PressAnswer, HandlerError> {
    let Some(draft) = talk.chat.ports.avatars.change_draft(talk.account.id, id, change).await? else {
        return Ok(draft_gone(talk));
    };
    show_step(talk, place, &draft).await?;
    Ok(PressAnswer::Silent)
}

/// Shows what a draft asks next; the message that shows it is the one that goes on.
pub(super) async fn show_step(talk: &Talk<'_>, place: Place<'_>, draft: &Avatar) -> Result<(), HandlerError> {
    let screen = match draft.step {
        WizardStep::Name => TextMessage::new(talk.texts.ask_avatar_name(), naming_keyboard(talk, draft)),
        WizardStep::Kind => kind_screen(talk, draft).await?,
        WizardStep::Photos => photos_screen(talk, draft).await?,
        WizardStep::Preset => ordering::preset_screen(talk, draft).await?,
        WizardStep::Confirm => ordering::confirm_screen(talk, draft).await?,
    };
    let shown = talk.show(place, &screen).await?;
    await_words(talk, draft).await;
    if draft.audience.progress_message != Some(shown) {
        let audience = Audience { chat: talk.room, progress_message: Some(shown) };
        let change = DraftChange::Audience(audience);
        talk.chat.ports.avatars.change_draft(talk.account.id, draft.id, &change).await?;
    }
    Ok(())
}

/// The message that collects photos, as things stand.
pub(super) async fn photos_screen(talk: &Talk<'_>, draft: &Avatar) -> Result<TextMessage, HandlerError> {
    let collection = talk.chat.ports.avatars.collection(draft).await?;
    Ok(screens::collection(talk.texts, draft, &collection))
}

/// The next words are the name while that is asked, and are something else otherwise.
async fn await_words(talk: &Talk<'_>, draft: &Avatar) {
    let mut memory = talk.recall().await;
    let awaited = (draft.step == WizardStep::Name).then_some(Awaited::DraftName { avatar: draft.id });
    if memory.awaited != awaited {
        memory.awaited = awaited;
        talk.remember(&memory).await;
    }
}

fn naming_keyboard(talk: &Talk<'_>, draft: &Avatar) -> Keyboard {
    Keyboard::none().row([cancel_button(talk, draft.id)])
}

async fn kind_screen(talk: &Talk<'_>, draft: &Avatar) -> Result<TextMessage, HandlerError> {
    let texts = talk.texts;
    let present = talk.chat.ports.avatars.list(talk.account.id).await?;
    // Who has no avatar yet sees the quickest way first.
    let kinds = if present.iter().any(Avatar::can_be_drawn) {
        [KindName::Portrait, KindName::Instant, KindName::Style]
    } else {
        [KindName::Instant, KindName::Portrait, KindName::Style]
    };
    let meaning = |kind: KindName| match kind {
        KindName::Instant => texts.kind_meaning_instant(),
        KindName::Portrait => texts.kind_meaning_portrait(),
        KindName::Style => texts.kind_meaning_style(),
    };
    let title = texts.ask_avatar_kind(&screens::avatar_name(texts, draft));
    let text = Html::paragraphs([title].into_iter().chain(kinds.map(meaning)));
    let avatar = draft.id;
    let mut keyboard = Keyboard::none();
    for kind in kinds {
        let label = screens::kind_label(texts, kind);
        keyboard = keyboard.row([wizard_button(label, WizardButton::Kind { avatar, kind })]);
    }
    let back = WizardButton::Back { avatar, to: WizardStep::Name };
    let keyboard = keyboard.row([wizard_button(texts.button_back(), back), cancel_button(talk, avatar)]);
    Ok(TextMessage::new(text, keyboard))
}

/// The way out.
pub(super) fn cancel_button(talk: &Talk<'_>, avatar: AvatarId) -> crate::telegram::Button {
    wizard_button(talk.texts.button_cancel_wizard(), WizardButton::AskDiscard { avatar })
}

/// A draft of this person.
pub(super) async fn find_draft(talk: &Talk<'_>, id: AvatarId) -> Result<Option<Avatar>, HandlerError> {
    let found = talk.chat.ports.avatars.find(talk.account.id, id).await?;
    Ok(found.filter(|avatar| avatar.state.name().is_draft()))
}

/// The answer to a press on a draft that is none any more.
pub(super) fn draft_gone(talk: &Talk<'_>) -> PressAnswer {
    PressAnswer::Alert(talk.texts.draft_gone())
}

/// The draft whose name was asked for just before the memory of the conversation was lost.
pub(crate) async fn draft_waiting_for_a_name(talk: &Talk<'_>) -> Result<Option<AvatarId>, HandlerError> {
    let draft = talk.chat.ports.avatars.draft(talk.account.id).await?;
    let now = talk.chat.ports.clock.now();
    let waiting =
        draft.filter(|draft| draft.step == WizardStep::Name && now.since(draft.updated_at) < NAME_PATIENCE);
    Ok(waiting.map(|draft| draft.id))
}
