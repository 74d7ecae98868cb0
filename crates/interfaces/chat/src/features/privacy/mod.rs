//! What is kept of a person: shown, handed out, erased.

mod erasure;
mod export;
mod page;

pub(crate) use erasure::erasure_step;
pub(crate) use export::export;
pub(crate) use page::show;
