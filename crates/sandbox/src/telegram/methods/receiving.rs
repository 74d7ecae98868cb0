//! `getUpdates` and the webhook methods.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{Instant, sleep_until};
use url::{Host, Url};

use crate::telegram::api_error::ApiError;
use crate::telegram::parameters::Parameters;
use crate::telegram::server::{Takeover, TelegramServer};

/// Longest poll in seconds.
const LONGEST_POLL: u64 = 50;
/// Updates of one answer, unless the bot wants fewer.
const USUAL_LIMIT: usize = 100;
/// Updates under way to a webhook, unless the bot wants another number.
const USUAL_CONNECTIONS: usize = 40;

/// Waits for updates. A second poll ends the first with 409, and a webhook ends both.
pub(super) async fn get_updates(server: &TelegramServer, parameters: &Parameters) -> Result<Value, ApiError> {
    let offset = parameters.integer("offset")?.unwrap_or(0);
    let limit = match parameters.integer("limit")? {
        Some(limit @ 1..=100) => usize::try_from(limit).unwrap_or(USUAL_LIMIT),
        _ => USUAL_LIMIT,
    };
    let seconds = parameters.integer("timeout")?.and_then(|seconds| u64::try_from(seconds).ok());
    let deadline = Instant::now() + Duration::from_secs(seconds.unwrap_or(0).min(LONGEST_POLL));
    let allowed = parameters.parsed::<Vec<String>>("allowed_updates")?;

    if server.look(|world| world.webhook.current().is_some()) {
        return Err(ApiError::conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
        ));
    }
    let (turn, mut turns) = server.take_turn(Takeover::OtherPoll);
    let mut changes = server.changes();
    server.change_quietly(|world| {
        if let Some(kinds) = allowed {
            world.updates.allow(kinds);
        }
        if offset != 0 {
            world.updates.confirm(offset);
        }
    });
    loop {
        changes.mark_unchanged();
        let current = *turns.borrow_and_update();
        if current.number != turn {
            return Err(taken_over(current.takeover));
        }
        let batch = server.change_quietly(|world| world.updates.batch(limit));
        if !batch.is_empty() || Instant::now() >= deadline {
            return Ok(Value::Array(batch));
        }
        tokio::select! {
            biased;
            _taken = turns.changed() => {}
            _changed = changes.changed() => {}
            () = sleep_until(deadline) => {}
        }
    }
}

fn taken_over(takeover: Takeover) -> ApiError {
    ApiError::conflict(match takeover {
        Takeover::OtherPoll => {
            "terminated by other getUpdates request; make sure that only one bot instance is running"
        }
        Takeover::Webhook => "terminated by setWebhook request",
    })
}

/// Sets the webhook; an empty URL removes it.
pub(super) fn set_webhook(server: &TelegramServer, parameters: &Parameters) -> Result<Value, ApiError> {
    let url = parameters.text("url").unwrap_or_default();
    if url.is_empty() {
        return Ok(delete_webhook(server, parameters));
    }
    check_webhook_url(&url)?;
    let secret_token = parameters.text("secret_token").filter(|secret| !secret.is_empty());
    if let Some(secret) = &secret_token {
        check_secret(secret)?;
    }
    let connections = match parameters.integer("max_connections")? {
        Some(connections @ 1..=100) => usize::try_from(connections).unwrap_or(USUAL_CONNECTIONS),
        _ => USUAL_CONNECTIONS,
    };
    let allowed = parameters.parsed::<Vec<String>>("allowed_updates")?;
    server.take_turn(Takeover::Webhook);
    server.change(|world| {
        if parameters.flag("drop_pending_updates") {
            world.updates.drop_waiting();
        }
        if let Some(kinds) = allowed {
            world.updates.allow(kinds);
        }
        world.webhook.set(url, secret_token, connections);
    });
    Ok(Value::Bool(true))
}

/// As Telegram, but a webhook on this very machine, or at another container's name, may do without TLS and with any port.
fn check_webhook_url(url: &str) -> Result<(), ApiError> {
    let bad = |reason: &str| ApiError::bad_request(format!("bad webhook: {reason}"));
    let url = Url::parse(url).map_err(|_| bad("invalid webhook URL specified"))?;
    let is_local = match url.host() {
        Some(Host::Domain(domain)) => !domain.contains('.'),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return Err(bad("invalid webhook URL specified")),
    };
    match url.scheme() {
        "https" | "http" if is_local => Ok(()),
        "https" if matches!(url.port(), None | Some(80 | 88 | 8443)) => Ok(()),
        "https" => Err(bad("Webhook can be set up only on ports 80, 88, 443 or 8443")),
        _ => Err(bad("An HTTPS URL must be provided for webhook")),
    }
}

fn check_secret(secret: &str) -> Result<(), ApiError> {
    if secret.len() > 256 {
        return Err(ApiError::bad_request("secret token is too long"));
    }
    let is_good = secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if is_good { Ok(()) } else { Err(ApiError::bad_request("secret token contains unallowed characters")) }
}

/// Removes the webhook.
pub(super) fn delete_webhook(server: &TelegramServer, parameters: &Parameters) -> Value {
    server.change(|world| {
        world.webhook.remove();
        if parameters.flag("drop_pending_updates") {
            world.updates.drop_waiting();
        }
    });
    Value::Bool(true)
}

/// The webhook and how it fares.
pub(super) fn get_webhook_info(server: &TelegramServer) -> Value {
    server.look(|world| {
        let webhook = world.webhook.current();
        let mut info = json!({
            "url": webhook.map(|webhook| webhook.url.as_str()).unwrap_or_default(),
            "has_custom_certificate": false,
            "pending_update_count": world.updates.count(),
        });
        if let Some(webhook) = webhook {
            info["max_connections"] = json!(webhook.max_connections);
            if let Some((date, reason)) = world.webhook.last_error() {
                info["last_error_date"] = json!(date);
                info["last_error_message"] = json!(reason);
            }
        }
        if let Some(kinds) = world.updates.allowed() {
            info["allowed_updates"] = json!(kinds);
        }
        info
    })
}
