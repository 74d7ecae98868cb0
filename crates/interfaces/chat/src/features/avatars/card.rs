//! Cards of avatars, to leaf through: what each is, how it stands, and what can be done with it.

use std::time::Duration;

use avatar::{Avatar, AvatarState, PhotoStateName, Retraining, TrainingProgress};
use gallery::GalleryFilter;
use kernel::AvatarId;

use super::{avatar_button, wizard_button};
use crate::callback::{AvatarButton, CallbackData, PortraitButton, WizardButton};
use crate::error::HandlerError;
use crate::handlers::{Place, Talk};
use crate::inbound::PressedBody;
use crate::keyboards::menu_row;
use crate::pictures;
use crate::screens;
use crate::telegram::{
    Button, FileId, FileSource, Keyboard, PhotoMessage, PressAnswer, TelegramError, TextMessage, Upload,
};
use crate::words::{Html, moment};

/// Opens the cards: at the draft, else at the main avatar, else at the newest one.
pub(crate) async fn open(talk: &Talk<'_>, place: Place<'_>) -> Result<(), HandlerError> {
    let all = talk.chat.ports.avatars.list(talk.account.id).await?;
    let main = main_id(talk).await?;
    let first = all
        .iter()
        .position(|avatar| avatar.state.name().is_draft())
        .or_else(|| all.iter().position(|avatar| Some(avatar.id) == main))
        .unwrap_or_default();
    match all.get(first) {
        Some(_) => show(talk, place, &all, first, main).await,
        None => show_none(talk, place).await,
    }
}

/// Turns to an avatar's card; to the first one when it is gone.
pub(super) async fn turn_to(
    talk: &Talk<'_>,
    place: Place<'_>,
    id: AvatarId,
) -> Result<PressAnswer, HandlerError> {
    let all = talk.chat.ports.avatars.list(talk.account.id).await?;
    let Some(position) = all.iter().position(|avatar| avatar.id == id) else {
        open(talk, place).await?;
        return Ok(PressAnswer::Toast(talk.texts.avatar_gone()));
    };
    let main = main_id(talk).await?;
    show(talk, place, &all, position, main).await?;
    Ok(PressAnswer::Silent)
}

/// Makes it the main avatar, and shows its card anew.
pub(super) async fn make_main(
    talk: &Talk<'_>,
    place: Place<'_>,
    id: AvatarId,
) -> Result<PressAnswer, HandlerError> {
    if !talk.chat.ports.avatars.make_main(talk.account.id, id).await? {
        return Ok(PressAnswer::Alert(talk.texts.avatar_not_drawable()));
    }
    turn_to(talk, place, id).await?;
    Ok(PressAnswer::Toast(talk.texts.avatar_is_main_now()))
}

async fn main_id(talk: &Talk<'_>) -> Result<Option<AvatarId>, HandlerError> {
    Ok(talk.chat.ports.avatars.main(talk.account.id).await?.map(|main| main.id))
}

async fn show_none(talk: &Talk<'_>, place: Place<'_>) -> Result<(), HandlerError> {
    let texts = talk.texts;
    let keyboard = Keyboard::none()
        .row([wizard_button(texts.button_new_avatar(), WizardButton::New)])
        .row(menu_row(texts));
    show_words(talk, place, &TextMessage::new(texts.avatars_none(), keyboard)).await
}

async fn show(
    talk: &Talk<'_>,
    place: Place<'_>,
    all: &[Avatar],
    position: usize,
    main: Option<AvatarId>,
) -> Result<(), HandlerError> {
    let Some(avatar) = all.get(position) else {
        return show_none(talk, place).await;
    };
    let is_main = main == Some(avatar.id);
    let caption = words(talk, avatar, position, all.len(), is_main).await?;
    let keyboard = keyboard(talk, all, position, is_main).await?;
    for picture in pictures_of(talk, avatar).await? {
        let message = PhotoMessage { photo: picture, caption: caption.clone(), keyboard: keyboard.clone() };
        match talk.show_photo(place, &message).await {
            Ok(_) => return Ok(()),
            // Ids die when the bot's token changes, for example: the next one is uploaded.
            Err(TelegramError::UnknownFile | TelegramError::UnusablePhoto) => {}
            Err(error) => return Err(error.into()),
        }
    }
    show_words(talk, place, &TextMessage::new(caption, keyboard)).await
}

/// Shows a card that has no picture. A message with one cannot lose it, and goes.
async fn show_words(talk: &Talk<'_>, place: Place<'_>, message: &TextMessage) -> Result<(), HandlerError> {
    talk.show(place, message).await?;
    if let Place::Instead(former) = place
        && former.body == PressedBody::Media
    {
        talk.remove(former.id).await?;
    }
    Ok(())
}

/// Pictures that may stand for the avatar, the best first: a photo that it was made of, or an image drawn with it.
async fn pictures_of(talk: &Talk<'_>, avatar: &Avatar) -> Result<Vec<FileSource>, HandlerError> {
    let avatars = &talk.chat.ports.avatars;
    for photo in avatars.photos(talk.account.id, avatar.id).await? {
        if photo.state.name() == PhotoStateName::Accepted
            && let Some(bytes) = avatars.photo_preview(&photo).await?
        {
            return Ok(vec![FileSource::Upload(Upload { name: "avatar.jpg".to_owned(), bytes })]);
        }
    }
    let gallery = &talk.chat.ports.gallery;
    let filter = GalleryFilter { avatar: Some(avatar.id), ..GalleryFilter::ALL };
    let Some(item) = gallery.newest(talk.account.id, filter).await? else {
        return Ok(Vec::new());
    };
    let known = item.files.photo.clone().map(|id| FileSource::Known(FileId(id)));
    let Some(bytes) = gallery.image(&item).await? else {
        return Ok(known.into_iter().collect());
    };
    let imaging = talk.chat.ports.imaging.as_ref();
    let upload = pictures::photo(imaging, item.kept.id, &item.kept.info, bytes).await?;
    Ok(known.into_iter().chain([FileSource::Upload(upload)]).collect())
}

async fn words(
    talk: &Talk<'_>,
    avatar: &Avatar,
    position: usize,
    total: usize,
    is_main: bool,
) -> Result<Html, HandlerError> {
    let texts = talk.texts;
    let kind = screens::kind_label(texts, screens::kind_of(avatar));
    let mut lines = vec![texts.avatar_title(&screens::avatar_name(texts, avatar), &kind)];
    lines.extend(status(talk, avatar).await?);
    if is_main {
        lines.push(texts.avatar_main());
    }
    lines.push(texts.avatar_made(&moment(texts, avatar.created_at, &talk.account.zone)));
    if total > 1 {
        lines.push(texts.avatar_place(position + 1, total));
    }
    Ok(Html::lines(lines))
}

async fn status(talk: &Talk<'_>, avatar: &Avatar) -> Result<Vec<Html>, HandlerError> {
    let texts = talk.texts;
    Ok(match &avatar.state {
        AvatarState::Draft => vec![texts.status_draft()],
        AvatarState::Collecting => {
            let accepted = talk.chat.ports.avatars.collection(avatar).await?.accepted;
            vec![texts.status_collecting(accepted)]
        }
        AvatarState::Queued { .. } | AvatarState::Submitting { .. } => vec![texts.status_waiting()],
        AvatarState::Training { progress, .. } => {
            let done = match progress {
                TrainingProgress { done: Some(done), .. } => texts.status_training_percent(done.get()),
                TrainingProgress { done: None, .. } => texts.status_training(),
            };
            let left = remaining(talk, avatar).await?.map(|left| screens::remaining(texts, left));
            [done].into_iter().chain(left).collect()
        }
        AvatarState::Copying { .. } => vec![texts.status_copying()],
        AvatarState::Ready => vec![texts.status_ready()],
        AvatarState::Failed(_) => vec![texts.status_failed()],
        AvatarState::Cancelled | AvatarState::Deleted => vec![texts.status_cancelled()],
    })
}

/// How long a training will still take, going by earlier ones; `None` when that is not known, or when it has taken
/// longer already.
async fn remaining(talk: &Talk<'_>, avatar: &Avatar) -> Result<Option<Duration>, HandlerError> {
    let Some(training) = &avatar.training else {
        return Ok(None);
    };
    let offers = talk.chat.ports.avatars.presets(avatar).await?;
    let usual =
        offers.iter().find(|offer| offer.preset == training.preset).and_then(|offer| offer.usual_duration);
    let elapsed = talk.chat.ports.clock.now().since(training.ordered_at);
    Ok(usual.and_then(|usual| usual.checked_sub(elapsed)).filter(|left| !left.is_zero()))
}

async fn keyboard(
    talk: &Talk<'_>,
    all: &[Avatar],
    position: usize,
    is_main: bool,
) -> Result<Keyboard, HandlerError> {
    let texts = talk.texts;
    let Some(avatar) = all.get(position) else {
        return Ok(Keyboard::none());
    };
    let id = avatar.id;
    let turn = |label: &str, to: Option<usize>| {
        let to = to.and_then(|to| all.get(to))?;
        Some(avatar_button(label.to_owned(), AvatarButton::Card { avatar: to.id }))
    };
    let turns = [turn("◀", position.checked_sub(1)), turn("▶", position.checked_add(1))];
    let draw = avatar.can_be_drawn().then(|| {
        let data = CallbackData::Portrait(PortraitButton::With { avatar: id });
        Button::press(texts.button_draw_avatar(), data)
    });
    let main = (avatar.can_be_drawn() && !is_main)
        .then(|| avatar_button(texts.button_make_main(), AvatarButton::MakeMain { avatar: id }));
    let delete = if avatar.state.name().is_draft() && avatar.weights.is_none() {
        wizard_button(texts.button_cancel_wizard(), WizardButton::AskDiscard { avatar: id })
    } else {
        avatar_button(texts.button_delete_avatar(), AvatarButton::AskDeletion { avatar: id })
    };
    let rename = avatar
        .name
        .is_some()
        .then(|| avatar_button(texts.button_rename(), AvatarButton::AskName { avatar: id }));
    Ok(Keyboard::none()
        .row(turns.into_iter().flatten())
        .row(next_step(talk, avatar).await?)
        .row(draw)
        .row(main)
        .row(rename.into_iter().chain([delete]))
        .row([wizard_button(texts.button_new_avatar(), WizardButton::New)])
        .row(menu_row(texts)))
}

/// What an avatar in this state calls for, if anything.
async fn next_step(talk: &Talk<'_>, avatar: &Avatar) -> Result<Option<Button>, HandlerError> {
    let texts = talk.texts;
    let id = avatar.id;
    Ok(match &avatar.state {
        AvatarState::Draft | AvatarState::Collecting => {
            Some(wizard_button(texts.button_resume(), WizardButton::Resume { avatar: id }))
        }
        AvatarState::Queued { .. } | AvatarState::Submitting { .. } | AvatarState::Training { .. } => {
            Some(avatar_button(texts.button_cancel_training(), AvatarButton::AskCancel { avatar: id }))
        }
        AvatarState::Failed(_) | AvatarState::Cancelled => {
            Some(avatar_button(texts.button_second_try(), AvatarButton::SecondTry { avatar: id }))
        }
        AvatarState::Ready => match talk.chat.ports.avatars.retraining(avatar).await? {
            Retraining::Offered { .. } => {
                Some(avatar_button(texts.button_not_like_me(), AvatarButton::AskRetraining { avatar: id }))
            }
            Retraining::Over => None,
        },
        AvatarState::Copying { .. } | AvatarState::Deleted => None,
    })
}
