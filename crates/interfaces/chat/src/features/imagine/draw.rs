//! The paid button of an offer.

use generation::Intent;

use super::offer::{description, offer_keyboard, offer_message};
use super::wish::{Wish, look_ahead, price_after, progress_message, request};
use crate::callback::OfferChoice;
use crate::error::HandlerError;
use crate::handlers::{Place, Talk};
use crate::inbound::{PressedBody, PressedMessage};
use crate::telegram::PressAnswer;

/// Takes an offer: it becomes the progress message, and the request is under way. Pressed twice, or handled again after
/// a crash, it is one request: the nonce on the button is its key.
pub(crate) async fn draw(
    talk: &Talk<'_>,
    message: &PressedMessage,
    choice: OfferChoice,
) -> Result<PressAnswer, HandlerError> {
    let key = Intent::button(choice.nonce);
    if talk.chat.ports.generation.answer_to(talk.account.id, &key).await?.is_some() {
        return Ok(PressAnswer::Toast(talk.texts.already_taken()));
    }
    let Some(prompt) = description(talk, message, &choice).await else {
        return Ok(PressAnswer::Alert(talk.texts.prompt_lost()));
    };
    let wish = Wish {
        nonce: choice.nonce,
        prompt,
        aspect_ratio: choice.aspect_ratio,
        count: choice.count,
        unit_price: choice.unit_price,
    };
    if let Some(obstacle) = look_ahead(talk, &wish).await? {
        let choice = OfferChoice { unit_price: price_after(obstacle, choice.unit_price), ..choice };
        talk.replace_keyboard(message.id, &offer_keyboard(talk.texts, &choice)).await?;
        return Ok(PressAnswer::Alert(obstacle.words(talk.texts)));
    }
    // The message is edited before the request is made: afterwards a worker may be editing it already.
    let progress = talk.show(Place::Instead(message), &progress_message(talk.texts, choice.nonce)).await?;
    match request(talk, &wish, progress).await? {
        Ok(()) => Ok(PressAnswer::Silent),
        Err(obstacle) => {
            let choice = OfferChoice { unit_price: price_after(obstacle, choice.unit_price), ..choice };
            let edited = PressedMessage {
                conversation: message.conversation,
                id: progress,
                body: PressedBody::Text { quotation: None },
            };
            talk.show(Place::Instead(&edited), &offer_message(talk.texts, &wish.prompt, &choice)).await?;
            Ok(PressAnswer::Alert(obstacle.words(talk.texts)))
        }
    }
}
