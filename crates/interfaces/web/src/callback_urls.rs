//! The addresses that providers call back: each carries its route and a MAC over it.

use std::sync::Arc;

use axum::extract::Query;
use axum::http::Uri;
use kernel::{
    AccountId, AvatarId, CallbackRoute, CallbackSubject, CallbackUrls, DigestPurpose, GenerationId,
    SecretDigests,
};
use serde::Deserialize;
use url::Url;

/// Where FAL calls back.
pub(crate) const FAL_WEBHOOK_PATH: &str = "/webhooks/fal";

/// Makes and checks the addresses of callbacks.
pub struct SignedCallbackUrls {
    public_url: Option<Url>,
    digests: Arc<dyn SecretDigests>,
}

impl SignedCallbackUrls {
    /// Addresses under `public_url`, where this server is reached from outside; without one nobody is asked to call.
    pub fn new(public_url: Option<Url>, digests: Arc<dyn SecretDigests>) -> Self {
        Self { public_url, digests }
    }

    /// Whom a call at this address is for, if the address was made by us.
    pub fn route_of(&self, address: &Uri) -> Option<CallbackRoute> {
        let Query(signed) = Query::<SignedRoute>::try_from_uri(address).ok()?;
        let route = CallbackRoute {
            account: signed.account.parse::<AccountId>().ok()?,
            subject: signed.subject()?,
            attempt: signed.attempt,
        };
        self.digests.verify(DigestPurpose::Callback, &signed_words(&route), &signed.mac).then_some(route)
    }
}

impl CallbackUrls for SignedCallbackUrls {
    fn address(&self, route: &CallbackRoute) -> Option<String> {
        let mut address = under(self.public_url.as_ref()?, FAL_WEBHOOK_PATH);
        address
            .query_pairs_mut()
            .append_pair("account", &route.account.to_string())
            .append_pair(name_of(route.subject), &id_of(route.subject))
            .append_pair("attempt", &route.attempt.to_string())
            .append_pair("mac", &self.digests.digest(DigestPurpose::Callback, &signed_words(route)));
        Some(address.into())
    }
}

/// The query of a callback's address.
#[derive(Debug, Deserialize)]
struct SignedRoute {
    account: String,
    generation: Option<String>,
    avatar: Option<String>,
    attempt: u32,
    mac: String,
}

impl SignedRoute {
    fn subject(&self) -> Option<CallbackSubject> {
        match (&self.generation, &self.avatar) {
            (Some(id), None) => id.parse::<GenerationId>().ok().map(CallbackSubject::Generation),
            (None, Some(id)) => id.parse::<AvatarId>().ok().map(CallbackSubject::Training),
            _ => None,
        }
    }
}

const fn name_of(subject: CallbackSubject) -> &'static str {
    match subject {
        CallbackSubject::Generation(_) => "generation",
        CallbackSubject::Training(_) => "avatar",
    }
}

fn id_of(subject: CallbackSubject) -> String {
    match subject {
        CallbackSubject::Generation(id) => id.to_string(),
        CallbackSubject::Training(id) => id.to_string(),
    }
}

/// What the MAC is over. A generation's words are those of earlier releases, whose callbacks may still be on their way.
fn signed_words(route: &CallbackRoute) -> Vec<u8> {
    let subject = match route.subject {
        CallbackSubject::Generation(id) => id.to_string(),
        CallbackSubject::Training(id) => format!("avatar:{id}"),
    };
    format!("{FAL_WEBHOOK_PATH}|{}|{subject}|{}", route.account, route.attempt).into_bytes()
}

/// The address of `path` at a server that may itself live below a path.
pub(crate) fn under(base: &Url, path: &str) -> Url {
    let mut address = base.clone();
    address.set_query(None);
    address.set_fragment(None);
    address.set_path(&format!("{}{path}", base.path().trim_end_matches('/')));
    address
}
