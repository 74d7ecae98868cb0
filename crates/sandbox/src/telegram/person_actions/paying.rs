//! A person pays an invoice in Stars.

use std::time::Duration;

use serde_json::json;
use tokio::time::timeout;

use super::{Refusal, person_posts};
use crate::clock;
use crate::telegram::events::Happening;
use crate::telegram::message::{Author, Content};
use crate::telegram::payments::Checkout;
use crate::telegram::server::TelegramServer;
use crate::telegram::world::Draft;

/// How long Telegram waits for the bot's word on a checkout.
const CHECKOUT_SECONDS: u64 = 10;

impl TelegramServer {
    /// Pays an invoice: the bot is asked for its word first, and has 10 seconds.
    ///
    /// # Errors
    /// When the person or the invoice is unknown. A refused payment is no error: `false`, and an event says why.
    pub async fn person_pays(&self, person: i64, message_id: i64) -> Result<bool, Refusal> {
        let (invoice, word) = self.change(|world| {
            let user = world.people.get(&person).ok_or(Refusal::NoSuchPerson(person))?.user();
            let message = world.chats.get(&person).and_then(|chat| chat.message(message_id));
            let Some(Content::Invoice { invoice }) = message.map(|message| message.content.clone()) else {
                return Err(Refusal::NoSuchMessage(message_id));
            };
            let (id, word) = world.payments.open_checkout();
            let query = json!({
                "id": id,
                "from": user,
                "currency": "XTR",
                "total_amount": invoice.stars,
                "invoice_payload": invoice.payload,
            });
            world.updates.add(person, "pre_checkout_query", query);
            Ok((invoice, word))
        })?;
        let word = timeout(Duration::from_secs(CHECKOUT_SECONDS), word).await;
        let reason = match word {
            Ok(Ok(Checkout::Approved)) => {
                self.change(|world| {
                    let payment = world.payments.charge(person, &invoice, clock::unix_seconds());
                    let content = Content::SuccessfulPayment { payment };
                    person_posts(world, person, Draft::of(content));
                });
                return Ok(true);
            }
            Ok(Ok(Checkout::Refused(reason))) => reason,
            Ok(Err(_)) | Err(_) => "The bot did not answer in time. No Stars were taken.".to_owned(),
        };
        self.change(|world| {
            world.events.add(person, Author::Bot, Happening::PaymentRefused { reason });
        });
        Ok(false)
    }
}
