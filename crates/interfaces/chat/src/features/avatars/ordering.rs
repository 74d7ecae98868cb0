//! From the photos to the ordered training, or to the instant avatar that needs none.

use avatar::{Avatar, DraftChange, OrderError, PresetName, PresetOffer, TrainingStage, WizardStep};
use kernel::{Audience, AvatarId, Credits};

use super::wizard::{cancel_button, change, draft_gone, find_draft, show_step};
use super::wizard_button;
use crate::callback::WizardButton;
use crate::error::HandlerError;
use crate::features::draw;
use crate::handlers::{Place, Talk};
use crate::inbound::PressedMessage;
use crate::screens;
use crate::telegram::{Button, Keyboard, PressAnswer, TextMessage};
use crate::words::{Html, Texts, moment, spend_cap_words};

const SECONDS_OF_A_DAY: u64 = 24 * 60 * 60;
const SECONDS_OF_AN_HOUR: u64 = 60 * 60;

/// The photos are all there: a preset is next, or the instant avatar is ready.
pub(super) async fn photos_done(
    talk: &Talk<'_>,
    message: &PressedMessage,
    id: AvatarId,
) -> Result<PressAnswer, HandlerError> {
    let Some(draft) = find_draft(talk, id).await? else {
        return Ok(draft_gone(talk));
    };
    let kind = screens::kind_of(&draft);
    let collection = talk.chat.ports.avatars.collection(&draft).await?;
    if collection.waiting > 0 {
        return Ok(PressAnswer::Alert(talk.texts.photos_waiting(collection.waiting)));
    }
    if collection.accepted < kind.min_photos() {
        return Ok(PressAnswer::Alert(talk.texts.photos_too_few(collection.accepted, kind.min_photos())));
    }
    close_leafing(talk, &draft).await?;
    if kind.is_trained() {
        change(talk, Place::Instead(message), id, &DraftChange::Step(WizardStep::Preset)).await
    } else {
        finish_instant(talk, message, id).await
    }
}

async fn finish_instant(
    talk: &Talk<'_>,
    message: &PressedMessage,
    id: AvatarId,
) -> Result<PressAnswer, HandlerError> {
    let ready = match talk.chat.ports.avatars.finish_instant(talk.account.id, id).await {
        Ok(ready) => ready,
        Err(error) => return Ok(PressAnswer::Alert(obstacle(talk, error)?)),
    };
    talk.show(Place::Instead(message), &screens::instant_ready(talk.texts, &ready)).await?;
    draw::offer_what_waited(talk, id).await?;
    Ok(PressAnswer::Silent)
}

/// The preset was chosen: the confirmation is next.
pub(super) async fn choose_preset(
    talk: &Talk<'_>,
    place: Place<'_>,
    id: AvatarId,
    preset: PresetName,
) -> Result<PressAnswer, HandlerError> {
    change(talk, place, id, &DraftChange::Preset(preset)).await
}

/// How thoroughly it is to be trained: each preset with its price.
pub(super) async fn preset_screen(talk: &Talk<'_>, draft: &Avatar) -> Result<TextMessage, HandlerError> {
    let offers = talk.chat.ports.avatars.presets(draft).await?;
    if offers.is_empty() {
        return Ok(no_trainer_screen(talk, draft));
    }
    let texts = talk.texts;
    let avatar = draft.id;
    let mut lines = vec![texts.ask_preset()];
    let mut keyboard = Keyboard::none();
    for offer in &offers {
        let label = screens::preset_label(texts, offer.preset);
        lines
            .extend(offer.usual_duration.map(|time| texts.preset_usual_time(&label, screens::minutes(time))));
        let button = WizardButton::Preset { avatar, preset: offer.preset };
        keyboard = keyboard.row([wizard_button(texts.button_preset(&label, offer.price.get()), button)]);
    }
    let keyboard = keyboard.row(way_out(talk, draft, WizardStep::Photos));
    Ok(TextMessage::new(Html::lines(lines), keyboard))
}

fn no_trainer_screen(talk: &Talk<'_>, draft: &Avatar) -> TextMessage {
    let again = WizardButton::Back { avatar: draft.id, to: WizardStep::Preset };
    let keyboard = Keyboard::none().row([wizard_button(talk.texts.button_try_again(), again)]).row(way_out(
        talk,
        draft,
        WizardStep::Photos,
    ));
    TextMessage::new(talk.texts.no_trainer(), keyboard)
}

/// Everything that was chosen, the rules, and the paid button with its price.
pub(super) async fn confirm_screen(talk: &Talk<'_>, draft: &Avatar) -> Result<TextMessage, HandlerError> {
    let offers = talk.chat.ports.avatars.presets(draft).await?;
    let Some(offer) = offers.iter().find(|offer| Some(offer.preset) == draft.preset) else {
        return if offers.is_empty() {
            Ok(no_trainer_screen(talk, draft))
        } else {
            preset_screen(talk, draft).await
        };
    };
    let accepted = talk.chat.ports.avatars.collection(draft).await?.accepted;
    let order = WizardButton::Order { avatar: draft.id, price: offer.price };
    let keyboard = Keyboard::none()
        .row([wizard_button(talk.texts.button_order(offer.price.get()), order)])
        .row(way_out(talk, draft, WizardStep::Preset));
    Ok(TextMessage::new(summary(talk, draft, offer, accepted), keyboard))
}

fn summary(talk: &Talk<'_>, draft: &Avatar, offer: &PresetOffer, accepted: u8) -> Html {
    let texts = talk.texts;
    let kind = screens::kind_of(draft);
    let policy = talk.chat.ports.avatars.policy();
    let choices = Html::lines([
        texts.confirm_title(),
        texts.confirm_name(&screens::avatar_name(texts, draft)),
        texts.confirm_kind(&screens::kind_label(texts, kind)),
        texts.confirm_photos(accepted),
        training_line(texts, offer),
        texts.confirm_price(offer.price.get()),
    ]);
    // The free training after this one is for people, and is itself not followed by another.
    let has_rule = kind.shows_a_person() && !offer.price.is_zero();
    let rule = has_rule.then(|| {
        let days = policy.retraining_window.as_secs() / SECONDS_OF_A_DAY;
        texts.confirm_rule(days, policy.retraining_images)
    });
    let hours = policy.photo_retention.as_secs().div_ceil(SECONDS_OF_AN_HOUR);
    let fate = texts.confirm_photos_fate(hours);
    Html::paragraphs([Some(choices), rule, Some(fate)].into_iter().flatten())
}

fn training_line(texts: Texts, offer: &PresetOffer) -> Html {
    let preset = screens::preset_label(texts, offer.preset);
    match offer.usual_duration {
        Some(time) => texts.confirm_preset_usual_time(&preset, screens::minutes(time)),
        None => texts.confirm_preset(&preset),
    }
}

fn way_out(talk: &Talk<'_>, draft: &Avatar, back_to: WizardStep) -> [Button; 2] {
    let back = WizardButton::Back { avatar: draft.id, to: back_to };
    [wizard_button(talk.texts.button_back(), back), cancel_button(talk, draft.id)]
}

/// The paid button. The message becomes the one that tells how the training goes before it is ordered: afterwards a
/// worker may be editing it already. Pressed twice it is one order.
pub(super) async fn order(
    talk: &Talk<'_>,
    message: &PressedMessage,
    id: AvatarId,
    price: Credits,
) -> Result<PressAnswer, HandlerError> {
    let avatars = &talk.chat.ports.avatars;
    let Some(found) = avatars.find(talk.account.id, id).await? else {
        return Ok(draft_gone(talk));
    };
    if found.state.name().is_under_way() {
        return Ok(PressAnswer::Toast(talk.texts.training_already()));
    }
    if !found.state.name().is_draft() {
        return Ok(draft_gone(talk));
    }
    let available = talk.balance().await?.spendable();
    if available < price {
        return Ok(PressAnswer::Alert(insufficient(talk.texts, price.minus_or_zero(available), price)));
    }
    let screen = screens::training(talk.texts, &found, TrainingStage::Preparing);
    let shown = talk.show(Place::Instead(message), &screen).await?;
    let audience = Audience { chat: talk.room, progress_message: Some(shown) };
    avatars.change_draft(talk.account.id, id, &DraftChange::Audience(audience)).await?;
    match avatars.order_training(talk.account.id, id, price).await {
        Ok(_) => Ok(PressAnswer::Silent),
        Err(error) => {
            let words = obstacle(talk, error)?;
            if let Some(draft) = find_draft(talk, id).await? {
                show_step(talk, Place::Instead(&talk.text_message(shown)), &draft).await?;
            }
            Ok(PressAnswer::Alert(words))
        }
    }
}

/// What the person is told when nothing was ordered. What they can do nothing about is an error.
fn obstacle(talk: &Talk<'_>, error: OrderError) -> Result<String, HandlerError> {
    let texts = talk.texts;
    Ok(match error {
        OrderError::Insufficient { missing, price } => insufficient(texts, missing, price),
        OrderError::NoTrainer => texts.training_no_trainer(),
        OrderError::PriceChanged(price) => texts.training_price_changed(price.get()),
        OrderError::TooFewPhotos { have, need } => texts.photos_too_few(have, need),
        OrderError::PhotosWaiting(count) => texts.photos_waiting(count),
        OrderError::NotADraft => texts.draft_gone(),
        OrderError::TooManyUnderWay(count) => texts.trainings_too_many(count),
        OrderError::SpendCap(reached) => {
            let until = moment(texts, reached.day.end(), &talk.account.zone);
            spend_cap_words(texts, reached.cap, &until)
        }
        error @ (OrderError::Ledger(_) | OrderError::Store(_)) => return Err(HandlerError::Order(error)),
    })
}

fn insufficient(texts: Texts, missing: Credits, price: Credits) -> String {
    texts.training_insufficient(missing.get(), price.get(), price.minus_or_zero(missing).get())
}

async fn close_leafing(talk: &Talk<'_>, draft: &Avatar) -> Result<(), HandlerError> {
    if let Some(leafing) = draft.leafing_message {
        talk.remove(leafing).await?;
        let change = DraftChange::LeafingMessage(None);
        talk.chat.ports.avatars.change_draft(talk.account.id, draft.id, &change).await?;
    }
    Ok(())
}
