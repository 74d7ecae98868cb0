//! Addresses for callbacks.

use kernel::{CallbackRoute, CallbackSubject, CallbackUrls};

/// How addresses name the work that a callback is about.
const GENERATION: &str = "generation";
const TRAINING: &str = "training";

/// Addresses for callbacks: readable ones, or none at all.
#[derive(Debug, Clone, Copy)]
pub enum FakeCallbackUrls {
    /// Nobody can be called back.
    Unreachable,
    /// An address that names the route.
    Reachable,
}

impl CallbackUrls for FakeCallbackUrls {
    fn address(&self, route: &CallbackRoute) -> Option<String> {
        match self {
            Self::Unreachable => None,
            Self::Reachable => {
                let (kind, subject) = match route.subject {
                    CallbackSubject::Generation(generation) => (GENERATION, generation.uuid()),
                    CallbackSubject::Training(avatar) => (TRAINING, avatar.uuid()),
                };
                Some(format!("callback://{}/{kind}/{subject}/{}", route.account, route.attempt))
            }
        }
    }
}

impl FakeCallbackUrls {
    /// The route in an address that [`CallbackUrls::address`] made.
    pub fn route(address: &str) -> Option<CallbackRoute> {
        let mut parts = address.strip_prefix("callback://")?.split('/');
        let account = parts.next()?.parse().ok()?;
        let subject = match parts.next()? {
            GENERATION => CallbackSubject::Generation(parts.next()?.parse().ok()?),
            TRAINING => CallbackSubject::Training(parts.next()?.parse().ok()?),
            _ => return None,
        };
        Some(CallbackRoute { account, subject, attempt: parts.next()?.parse().ok()? })
    }
}
