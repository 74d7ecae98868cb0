//! The offer: the description, what can be chosen, and the paid button with its price.

use generation::{Intent, Prompt, PromptError};
use kernel::{AspectRatio, Credits, ImageCount};

use crate::callback::{CallbackData, OfferChoice};
use crate::error::HandlerError;
use crate::handlers::{Place, Talk};
use crate::inbound::{PressedBody, PressedMessage};
use crate::keyboards::menu_row;
use crate::telegram::{Button, Keyboard, PressAnswer, TextMessage};
use crate::words::{Html, Texts, shortened};

/// The longest description shown on an offer, in UTF-16 units; a message has room for 4096.
const LONGEST_DESCRIPTION: usize = 3_700;

/// Offers to draw a description.
pub(crate) async fn offer(talk: &Talk<'_>, text: &str) -> Result<(), HandlerError> {
    let texts = talk.texts;
    let prompt = match Prompt::new(text) {
        Ok(prompt) => prompt,
        Err(PromptError::Empty) => {
            talk.say(texts.prompt_empty()).await?;
            return Ok(());
        }
        Err(PromptError::TooLong { characters }) => {
            talk.say(texts.prompt_too_long(characters, Prompt::MAX_CHARACTERS)).await?;
            return Ok(());
        }
    };
    let defaults = talk.account.defaults;
    let Some(quote) = talk.quote(defaults.count).await? else {
        talk.say(Html::escaped(&texts.no_model())).await?;
        return Ok(());
    };
    let choice = OfferChoice {
        nonce: talk.chat.ports.ids.random(),
        aspect_ratio: defaults.aspect_ratio,
        count: defaults.count,
        unit_price: quote.unit_price,
        fingerprint: fingerprint(&prompt),
    };
    let mut memory = talk.recall().await;
    memory.remember_offer(choice.nonce, prompt.as_str());
    talk.remember(&memory).await;
    talk.send(&offer_message(texts, &prompt, &choice)).await?;
    Ok(())
}

/// Another shape or number was chosen.
pub(crate) async fn choose(
    talk: &Talk<'_>,
    message: &PressedMessage,
    choice: OfferChoice,
) -> Result<PressAnswer, HandlerError> {
    let wish = Intent::button(choice.nonce);
    if talk.chat.ports.generation.answer_to(talk.account.id, &wish).await?.is_some() {
        return Ok(PressAnswer::Toast(talk.texts.already_taken()));
    }
    let Some(quote) = talk.quote(choice.count).await? else {
        return Ok(PressAnswer::Alert(talk.texts.no_model()));
    };
    let choice = OfferChoice { unit_price: quote.unit_price, ..choice };
    talk.replace_keyboard(message.id, &offer_keyboard(talk.texts, &choice)).await?;
    Ok(PressAnswer::Silent)
}

/// The offer is not taken.
pub(crate) async fn drop_offer(
    talk: &Talk<'_>,
    message: &PressedMessage,
    nonce: u64,
) -> Result<PressAnswer, HandlerError> {
    let wish = Intent::button(nonce);
    if talk.chat.ports.generation.answer_to(talk.account.id, &wish).await?.is_some() {
        return Ok(PressAnswer::Toast(talk.texts.already_taken()));
    }
    let keyboard = Keyboard::none().row(menu_row(talk.texts));
    talk.show(Place::Instead(message), &TextMessage::new(talk.texts.offer_dropped(), keyboard)).await?;
    Ok(PressAnswer::Silent)
}

/// The offer as a message.
pub(super) fn offer_message(texts: Texts, prompt: &Prompt, choice: &OfferChoice) -> TextMessage {
    let description = Html::quotation(&shortened(prompt.as_str(), LONGEST_DESCRIPTION));
    let text = Html::lines([texts.offer_title(), description, texts.offer_hint()]);
    TextMessage::new(text, offer_keyboard(texts, choice))
}

/// What can be chosen, and the paid button.
fn offer_keyboard(texts: Texts, choice: &OfferChoice) -> Keyboard {
    let shapes = AspectRatio::ALL.map(|aspect_ratio| {
        let data = CallbackData::Choose(OfferChoice { aspect_ratio, ..*choice });
        Button::press(ticked(aspect_ratio.as_str(), aspect_ratio == choice.aspect_ratio), data)
    });
    let counts = ImageCount::ALL.map(|count| {
        let data = CallbackData::Choose(OfferChoice { count, ..*choice });
        Button::press(ticked(&count.to_string(), count == choice.count), data)
    });
    // A price out of range is refused when it comes to paying.
    let total = choice.unit_price.times(u32::from(choice.count.get())).unwrap_or(Credits::MAX);
    let draw = texts.button_draw(choice.count.get(), total.get());
    Keyboard::none()
        .row(shapes)
        .row(counts)
        .row([Button::press(draw, CallbackData::Draw(*choice))])
        .row([Button::press(texts.button_drop(), CallbackData::Drop { nonce: choice.nonce })])
}

/// The description of an offer: from memory, or else from the offer itself, which quotes it. `None` when it is known in
/// part only, or not at all.
pub(super) async fn description(
    talk: &Talk<'_>,
    message: &PressedMessage,
    choice: &OfferChoice,
) -> Option<Prompt> {
    let remembered = talk.recall().await.offer(choice.nonce).map(str::to_owned);
    let quoted = match &message.body {
        PressedBody::Text { quotation } => quotation.clone(),
        PressedBody::Media | PressedBody::Hidden => None,
    };
    [remembered, quoted]
        .into_iter()
        .flatten()
        .filter_map(|text| Prompt::new(&text).ok())
        .find(|prompt| fingerprint(prompt) == choice.fingerprint)
}

fn ticked(label: &str, is_chosen: bool) -> String {
    if is_chosen { format!("✓ {label}") } else { label.to_owned() }
}

/// Recognises a description (FNV-1a, 32 bits). It guards against mistakes, not against people: a button is only ever
/// pressed by whom it was shown to.
fn fingerprint(prompt: &Prompt) -> u32 {
    prompt
        .as_str()
        .bytes()
        .fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::utf16_length;
    use kernel::Language;

    #[test]
    fn an_offer_fits_into_a_message() {
        let prompt = Prompt::new(&"🦊".repeat(2000)).unwrap();
        let choice = OfferChoice {
            nonce: 1,
            aspect_ratio: AspectRatio::Square,
            count: ImageCount::ONE,
            unit_price: Credits::of(5),
            fingerprint: fingerprint(&prompt),
        };
        for language in Language::ALL {
            let message = offer_message(Texts::of(language), &prompt, &choice);
            assert!(utf16_length(message.text.as_str()) <= 4096);
        }
    }
}
