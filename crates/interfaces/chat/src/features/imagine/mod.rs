//! From a description to a request that is paid for.

mod again;
mod draw;
mod offer;
mod wish;

pub(crate) use again::again;
pub(crate) use draw::draw;
pub(crate) use offer::{choose, drop_offer, offer};
