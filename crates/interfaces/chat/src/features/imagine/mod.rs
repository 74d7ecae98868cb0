//! From a description to a request that is paid for.

mod again;
mod draw;
mod offer;
mod subject;
mod who;
mod wish;

pub(crate) use again::again;
pub(crate) use draw::draw;
pub(crate) use offer::{choose, description, drop_offer, offer, offer_at, show_offer};
pub(crate) use subject::Subject;
pub(crate) use who::choose_likeness;
