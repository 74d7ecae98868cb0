//! A request on its way to be taken, and what may stand in its way.

use generation::{Audience, Intent, NewRequest, Prompt, RequestError};
use kernel::{Action, AspectRatio, CapOf, Credits, ImageCount, MessageId, Timestamp};

use super::Subject;
use crate::callback::CallbackData;
use crate::error::HandlerError;
use crate::handlers::{NoQuote, Place, Talk};
use crate::telegram::{Button, Keyboard, TelegramError, TextMessage};
use crate::words::{moment, spend_cap_words};

/// What a person wants, at the price on the button.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    /// Drawn for the button.
    pub(super) nonce: u64,
    /// The description.
    pub(super) prompt: Prompt,
    /// The shape.
    pub(super) aspect_ratio: AspectRatio,
    /// How many images.
    pub(super) count: ImageCount,
    /// Who is to be in the picture, and from which seed.
    pub(super) subject: Subject,
    /// The price of one image on the button.
    pub(super) unit_price: Credits,
}

/// What stands in the way. Nothing was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// Too many requests in too short a time.
    TooFast { seconds: u64 },
    /// Not enough credits.
    Insufficient { missing: Credits, price: Credits, available: Credits, count: ImageCount },
    /// The price is another one now.
    PriceChanged { unit_price: Credits },
    /// It cannot be drawn at all.
    NoQuote(NoQuote),
    /// The safety policy refused this person's requests so often that they are paused.
    Paused { until: Timestamp },
    /// Enough is being drawn.
    TooManyUnderWay { count: u16 },
    /// As much was spent today as may be, by this person or by everybody.
    SpendCap { cap: CapOf, until: Timestamp },
    /// No model takes a description so long.
    PromptTooLong { characters: usize },
}

impl Obstacle {
    /// The price of one image to show after it, when `shown` was shown before.
    pub(super) fn price_after(self, shown: Credits) -> Credits {
        match self {
            Self::PriceChanged { unit_price } => unit_price,
            _ => shown,
        }
    }

    /// What the person is told.
    pub(super) fn words(self, talk: &Talk<'_>) -> String {
        let texts = talk.texts;
        match self {
            Self::TooFast { seconds } => texts.wait(seconds),
            Self::Insufficient { missing, price, available, count: ImageCount::ONE } => {
                texts.insufficient(missing.get(), price.get(), available.get())
            }
            Self::Insufficient { missing, price, available, .. } => {
                texts.insufficient_for_several(missing.get(), price.get(), available.get())
            }
            Self::PriceChanged { unit_price } => texts.price_changed(unit_price.get()),
            Self::NoQuote(reason) => reason.words(texts),
            Self::Paused { until } => texts.paused_until(&moment(texts, until, &talk.account.zone)),
            Self::TooManyUnderWay { count } => texts.too_many_under_way(count),
            Self::SpendCap { cap, until } => {
                spend_cap_words(texts, cap, &moment(texts, until, &talk.account.zone))
            }
            Self::PromptTooLong { characters } => texts.model_prompt_too_long(characters),
        }
    }
}

/// Shows the message that is edited while the work goes on, as it begins; its number. After an interrupted try it is the
/// message of that try.
pub(super) async fn show_progress(
    talk: &Talk<'_>,
    place: Place<'_>,
    nonce: u64,
) -> Result<MessageId, TelegramError> {
    let cancel = Button::press(talk.texts.button_cancel_request(), CallbackData::CancelRequest { nonce });
    let message = TextMessage::new(talk.texts.progress_waiting(), Keyboard::none().row([cancel]));
    let mut memory = talk.recall().await;
    let earlier = memory.progress(nonce);
    let shown = match earlier {
        Some(id) => talk.show(Place::Instead(&talk.text_message(id)), &message).await?,
        None => talk.show(place, &message).await?,
    };
    if earlier != Some(shown) {
        memory.remember_progress(nonce, shown);
        talk.remember(&memory).await;
    }
    Ok(shown)
}

/// What would stand in the way, so that nothing is shown that has to be taken back. The request itself decides.
pub(super) async fn look_ahead(talk: &Talk<'_>, wish: &Wish) -> Result<Option<Obstacle>, HandlerError> {
    let quote = match talk.quote(wish.subject.likeness, wish.count).await? {
        Ok(quote) => quote,
        Err(reason) => return Ok(Some(Obstacle::NoQuote(reason))),
    };
    if quote.unit_price != wish.unit_price {
        return Ok(Some(Obstacle::PriceChanged { unit_price: quote.unit_price }));
    }
    let available = talk.balance().await?.spendable();
    if available < quote.total {
        let missing = quote.total.minus_or_zero(available);
        return Ok(Some(Obstacle::Insufficient {
            missing,
            price: quote.total,
            available,
            count: wish.count,
        }));
    }
    let wait = talk.chat.seconds_to_wait(talk.room, Action::Generate).await;
    Ok(wait.map(|seconds| Obstacle::TooFast { seconds }))
}

/// Takes the request; its person waits at the message `progress`.
pub(super) async fn request(
    talk: &Talk<'_>,
    wish: &Wish,
    progress: MessageId,
) -> Result<Result<(), Obstacle>, HandlerError> {
    let new = NewRequest {
        account: talk.account.id,
        intent: Intent::button(wish.nonce),
        prompt: wish.prompt.clone(),
        aspect_ratio: wish.aspect_ratio,
        count: wish.count,
        likeness: wish.subject.likeness,
        seed: wish.subject.seed.map(u64::from),
        audience: Audience { chat: talk.room, progress_message: Some(progress) },
        agreed_unit_price: wish.unit_price,
    };
    Ok(Err(match talk.chat.ports.generation.request(&new).await {
        Ok(_) => return Ok(Ok(())),
        Err(RequestError::Insufficient { missing, price }) => Obstacle::Insufficient {
            missing,
            price,
            available: price.minus_or_zero(missing),
            count: wish.count,
        },
        Err(RequestError::PriceChanged(unit_price)) => Obstacle::PriceChanged { unit_price },
        Err(RequestError::NoModel) => Obstacle::NoQuote(NoQuote::NoModel),
        Err(RequestError::NoAvatar) => Obstacle::NoQuote(NoQuote::NoAvatar),
        Err(RequestError::Paused { until }) => Obstacle::Paused { until },
        Err(RequestError::TooManyUnderWay(count)) => Obstacle::TooManyUnderWay { count },
        Err(RequestError::SpendCap(reached)) => {
            Obstacle::SpendCap { cap: reached.cap, until: reached.day.end() }
        }
        Err(RequestError::PromptTooLong { characters }) => Obstacle::PromptTooLong { characters },
        Err(error) => return Err(HandlerError::Request(error)),
    }))
}
