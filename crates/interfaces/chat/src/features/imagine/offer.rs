//! The offer: the description, what can be chosen, and the paid button with its price.

use generation::{Intent, Prompt, PromptError};
use kernel::{AspectRatio, Credits, ImageCount};

use super::Subject;
use super::who::who_button;
use crate::callback::{CallbackData, OfferChoice, WordsHelp};
use crate::error::HandlerError;
use crate::features::words::is_mostly_latin;
use crate::handlers::{Place, Talk};
use crate::inbound::{PressedBody, PressedMessage};
use crate::keyboards::{menu_row, ticked};
use crate::telegram::{Button, Keyboard, PressAnswer, TextMessage};
use crate::words::{Html, Texts, shortened};

/// The longest description shown on an offer, in UTF-16 units; a message has room for 4096.
const LONGEST_DESCRIPTION: usize = 3_700;

/// Offers to draw a description.
pub(crate) async fn offer(talk: &Talk<'_>, text: &str) -> Result<(), HandlerError> {
    offer_at(talk, Place::New, text, Subject::default()).await
}

/// Offers to draw a description of `subject`, at `place`.
pub(crate) async fn offer_at(
    talk: &Talk<'_>,
    place: Place<'_>,
    text: &str,
    subject: Subject,
) -> Result<(), HandlerError> {
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
    let quote = match talk.quote(subject.likeness, defaults.count).await? {
        Ok(quote) => quote,
        Err(reason) => {
            talk.say(Html::escaped(&reason.words(texts))).await?;
            return Ok(());
        }
    };
    let choice = OfferChoice {
        nonce: talk.chat.ports.ids.random(),
        aspect_ratio: defaults.aspect_ratio,
        count: defaults.count,
        unit_price: quote.unit_price,
        fingerprint: fingerprint(&prompt),
        likeness: subject.likeness,
        seed: subject.seed,
    };
    let mut memory = talk.recall().await;
    memory.remember_offer(choice.nonce, prompt.as_str());
    talk.remember(&memory).await;
    show_offer(talk, place, &prompt, &choice).await
}

/// Shows an offer as it is.
pub(crate) async fn show_offer(
    talk: &Talk<'_>,
    place: Place<'_>,
    prompt: &Prompt,
    choice: &OfferChoice,
) -> Result<(), HandlerError> {
    let who = who_button(talk, choice).await?;
    talk.show(place, &offer_message(talk.texts, prompt, choice, who)).await?;
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
    let quote = match talk.quote(choice.likeness, choice.count).await? {
        Ok(quote) => quote,
        Err(reason) => return Ok(PressAnswer::Alert(reason.words(talk.texts))),
    };
    let choice = OfferChoice { unit_price: quote.unit_price, ..choice };
    let prompt = description(talk, message, &choice).await;
    let who = who_button(talk, &choice).await?;
    talk.replace_keyboard(message.id, &offer_keyboard(talk.texts, prompt.as_ref(), &choice, who)).await?;
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
pub(super) fn offer_message(
    texts: Texts,
    prompt: &Prompt,
    choice: &OfferChoice,
    who: Option<Button>,
) -> TextMessage {
    let description = Html::quotation(&shortened(prompt.as_str(), LONGEST_DESCRIPTION));
    let text = Html::lines([texts.offer_title(), description, texts.offer_hint()]);
    TextMessage::new(text, offer_keyboard(texts, Some(prompt), choice, who))
}

/// What can be chosen, the paid button, and help with the words, as far as these are known and it would help.
fn offer_keyboard(
    texts: Texts,
    prompt: Option<&Prompt>,
    choice: &OfferChoice,
    who: Option<Button>,
) -> Keyboard {
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
        .row(who)
        .row([Button::press(draw, CallbackData::Draw(*choice))])
        .row(help_buttons(texts, prompt, choice))
        .row([Button::press(texts.button_drop(), CallbackData::Drop { nonce: choice.nonce })])
}

fn help_buttons(texts: Texts, prompt: Option<&Prompt>, choice: &OfferChoice) -> Vec<Button> {
    let help = |label: String, kind: WordsHelp| {
        Button::press(label, CallbackData::HelpWithWords { kind, choice: *choice })
    };
    let Some(prompt) = prompt else {
        return Vec::new();
    };
    let mut buttons = vec![help(texts.button_improve(), WordsHelp::Improve)];
    if !is_mostly_latin(prompt.as_str()) {
        buttons.push(help(texts.button_translate(), WordsHelp::Translate));
    }
    buttons
}

/// The description of an offer: from memory, or else from the offer itself, which quotes it. `None` when it is known in
/// part only, or not at all.
pub(crate) async fn description(
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
    use generation::Likeness;
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
            likeness: Likeness::Nobody,
            seed: None,
        };
        for language in Language::ALL {
            let message = offer_message(Texts::of(language), &prompt, &choice, None);
            assert!(utf16_length(message.text.as_str()) <= 4096);
        }
    }
}
