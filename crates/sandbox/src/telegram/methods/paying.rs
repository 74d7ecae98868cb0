//! Stars: invoices, checkouts, refunds.

use serde_json::{Value, json};

use super::sending::Recipient;
use crate::telegram::api_error::ApiError;
use crate::telegram::message::{Author, Content, Invoice};
use crate::telegram::parameters::Parameters;
use crate::telegram::payments::{Checkout, RefundRefusal};
use crate::telegram::person::Person;
use crate::telegram::server::TelegramServer;
use crate::telegram::world::Draft;

/// Sends a request for Stars.
pub(super) fn send_invoice(server: &TelegramServer, parameters: &Parameters) -> Result<Value, ApiError> {
    let recipient = Recipient::read(server, parameters)?;
    let invoice = Invoice {
        title: words(parameters, "title", 32)?,
        description: words(parameters, "description", 255)?,
        payload: payload(parameters)?,
        stars: stars(parameters)?,
    };
    recipient.send(server, Content::Invoice { invoice })
}

fn words(parameters: &Parameters, name: &str, longest: usize) -> Result<String, ApiError> {
    let text = parameters.text(name).unwrap_or_default();
    match text.chars().count() {
        0 => Err(ApiError::bad_request(format!("invoice {name} must be non-empty"))),
        count if count > longest => Err(ApiError::bad_request(format!("invoice {name} is too long"))),
        _ => Ok(text),
    }
}

fn payload(parameters: &Parameters) -> Result<String, ApiError> {
    let payload = parameters.text("payload").unwrap_or_default();
    if (1..=128).contains(&payload.len()) {
        Ok(payload)
    } else {
        Err(ApiError::bad_request("INVOICE_PAYLOAD_INVALID"))
    }
}

/// The one price, in Stars.
fn stars(parameters: &Parameters) -> Result<i64, ApiError> {
    if parameters.text("currency").as_deref() != Some("XTR") {
        return Err(ApiError::bad_request("CURRENCY_INVALID"));
    }
    if parameters.text("provider_token").is_some_and(|token| !token.is_empty()) {
        return Err(ApiError::bad_request("PAYMENT_PROVIDER_INVALID"));
    }
    let prices: Vec<Value> = parameters.parsed("prices")?.unwrap_or_default();
    let [price] = prices.as_slice() else {
        return Err(ApiError::bad_request("STARS_INVOICE_INVALID"));
    };
    let has_label = price.get("label").and_then(Value::as_str).is_some_and(|label| !label.is_empty());
    match price.get("amount").and_then(Value::as_i64) {
        Some(amount @ 1..=100_000) if has_label => Ok(amount),
        _ => Err(ApiError::bad_request("STARS_INVOICE_INVALID")),
    }
}

/// The bot's word on a checkout.
pub(super) fn answer_pre_checkout_query(
    server: &TelegramServer,
    parameters: &Parameters,
) -> Result<Value, ApiError> {
    let id = parameters.text("pre_checkout_query_id").unwrap_or_default();
    let word = if parameters.flag("ok") {
        Checkout::Approved
    } else {
        let reason = parameters.text("error_message").filter(|reason| !reason.is_empty());
        Checkout::Refused(reason.ok_or_else(|| ApiError::bad_request("error message must be non-empty"))?)
    };
    if server.change(|world| world.payments.answer(&id, word)) {
        Ok(Value::Bool(true))
    } else {
        Err(ApiError::bad_request("query is too old and response timeout expired or query id is invalid"))
    }
}

/// Returns the Stars of a charge.
pub(super) fn refund_star_payment(
    server: &TelegramServer,
    parameters: &Parameters,
) -> Result<Value, ApiError> {
    let person = parameters.integer("user_id")?.unwrap_or_default();
    let charge_id = parameters.text("telegram_payment_charge_id").unwrap_or_default();
    server.change(|world| {
        let payment = world.payments.refund(person, &charge_id).map_err(|refusal| {
            ApiError::bad_request(match refusal {
                RefundRefusal::Unknown => "CHARGE_ID_INVALID",
                RefundRefusal::AlreadyRefunded => "CHARGE_ALREADY_REFUNDED",
            })
        })?;
        let message = world.post(person, Author::Person, Draft::of(Content::RefundedPayment { payment }));
        let object = world.message_object(&message);
        world.updates.add(person, "message", object);
        Ok(Value::Bool(true))
    })
}

/// The charges and their returns, oldest first.
pub(super) fn get_star_transactions(
    server: &TelegramServer,
    parameters: &Parameters,
) -> Result<Value, ApiError> {
    let offset = usize::try_from(parameters.integer("offset")?.unwrap_or(0)).unwrap_or(0);
    let limit = usize::try_from(parameters.integer("limit")?.unwrap_or(100)).unwrap_or(100).clamp(1, 100);
    server.look(|world| {
        let transactions = world.payments.charges().flat_map(|charge| {
            let user = world.people.get(&charge.person).map_or(Value::Null, Person::user);
            let partner = json!({
                "type": "user",
                "transaction_type": "invoice_payment",
                "user": user,
                "invoice_payload": charge.payment.payload,
            });
            let transaction = |side: &str| {
                json!({
                    "id": charge.payment.charge_id,
                    "amount": charge.payment.stars,
                    "date": charge.date,
                    side: partner,
                })
            };
            let refund = charge.refunded.then(|| transaction("receiver"));
            std::iter::once(transaction("source")).chain(refund)
        });
        let transactions: Vec<Value> = transactions.skip(offset).take(limit).collect();
        Ok(json!({ "transactions": transactions }))
    })
}
