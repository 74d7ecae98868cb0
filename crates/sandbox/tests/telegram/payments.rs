//! Stars.

use serde_json::{Value, json};

use crate::harness::{ANN, Harness};

fn invoice() -> Value {
    json!({
        "chat_id": ANN,
        "title": "100 credits",
        "description": "For fifty images",
        "payload": "order:1",
        "currency": "XTR",
        "prices": [{ "label": "100 credits", "amount": 50 }],
    })
}

#[tokio::test]
async fn an_invoice_is_checked_out_paid_and_refunded_once() {
    let harness = Harness::start().await;
    let message = harness.ok("sendInvoice", invoice()).await;
    assert_eq!(message["invoice"]["total_amount"], 50);
    let bot = async {
        let updates = harness.updates(json!({ "timeout": 10 })).await;
        let query = updates[0]["pre_checkout_query"].clone();
        assert_eq!(query["invoice_payload"], "order:1");
        harness
            .ok("answerPreCheckoutQuery", json!({ "pre_checkout_query_id": query["id"], "ok": true }))
            .await;
        updates[0]["update_id"].as_i64().unwrap() + 1
    };
    let path = format!("people/{ANN}/pay");
    let (paid, offset) =
        tokio::join!(harness.drive(&path, json!({ "message_id": message["message_id"] })), bot);
    assert_eq!(paid["paid"], true);
    let updates = harness.updates(json!({ "offset": offset })).await;
    let payment = &updates[0]["message"]["successful_payment"];
    assert_eq!(payment["total_amount"], 50);
    let charge = &payment["telegram_payment_charge_id"];

    let refund = json!({ "user_id": ANN, "telegram_payment_charge_id": charge });
    harness.ok("refundStarPayment", refund.clone()).await;
    assert_eq!(
        harness.call("refundStarPayment", refund).await.refusal(400),
        "Bad Request: CHARGE_ALREADY_REFUNDED"
    );
    let updates = harness.updates(json!({})).await;
    assert_eq!(&updates[1]["message"]["refunded_payment"]["telegram_payment_charge_id"], charge);
    let transactions = harness.ok("getStarTransactions", json!({})).await;
    assert_eq!(transactions["transactions"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_refused_checkout_takes_nothing_and_says_why() {
    let harness = Harness::start().await;
    let message = harness.ok("sendInvoice", invoice()).await;
    let bot = async {
        let updates = harness.updates(json!({ "timeout": 10 })).await;
        let id = updates[0]["pre_checkout_query"]["id"].clone();
        let word = json!({ "pre_checkout_query_id": id, "ok": false, "error_message": "Sold out" });
        harness.ok("answerPreCheckoutQuery", word.clone()).await;
        let late = harness.call("answerPreCheckoutQuery", word).await.refusal(400);
        assert!(late.contains("query is too old"), "{late}");
    };
    let path = format!("people/{ANN}/pay");
    let (paid, ()) = tokio::join!(harness.drive(&path, json!({ "message_id": message["message_id"] })), bot);
    assert_eq!(paid["paid"], false);
    let events = harness.look(&format!("people/{ANN}/events?types=payment_refused")).await;
    assert_eq!(events["events"][0]["reason"], "Sold out");
}

#[tokio::test]
async fn bad_invoices_are_refused() {
    let harness = Harness::start().await;
    for (field, value) in [
        ("title", json!("x".repeat(33))),
        ("description", json!("")),
        ("payload", json!("я".repeat(65))),
        ("currency", json!("EUR")),
        ("prices", json!([])),
        ("prices", json!([{ "label": "a", "amount": 1 }, { "label": "b", "amount": 1 }])),
        ("provider_token", json!("something")),
    ] {
        let mut bad = invoice();
        bad[field] = value;
        let refused = harness.call("sendInvoice", bad).await.refusal(400);
        assert!(refused.starts_with("Bad Request: "), "{field}: {refused}");
    }
    let unknown = json!({ "user_id": ANN, "telegram_payment_charge_id": "nothing" });
    assert_eq!(
        harness.call("refundStarPayment", unknown).await.refusal(400),
        "Bad Request: CHARGE_ID_INVALID"
    );
}
