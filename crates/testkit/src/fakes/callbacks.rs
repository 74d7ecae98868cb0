//! Addresses for callbacks.

use kernel::{CallbackRoute, CallbackUrls};

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
                Some(format!("callback://{}/{}/{}", route.account, route.generation, route.attempt))
            }
        }
    }
}

impl FakeCallbackUrls {
    /// The route in an address that [`CallbackUrls::address`] made.
    pub fn route(address: &str) -> Option<CallbackRoute> {
        let mut parts = address.strip_prefix("callback://")?.split('/');
        Some(CallbackRoute {
            account: parts.next()?.parse().ok()?,
            generation: parts.next()?.parse().ok()?,
            attempt: parts.next()?.parse().ok()?,
        })
    }
}
