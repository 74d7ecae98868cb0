//! Messages that both conversations and deliveries show, so that either may show the other's anew.

mod collection;
mod ending;
pub(crate) mod help;
mod names;
pub(crate) mod privacy;
mod training;

pub(crate) use collection::collection;
pub(crate) use ending::{ending, instant_ready, receipt};
pub(crate) use names::{avatar_name, kind_label, kind_of, preset_label};
pub(crate) use training::{minutes, remaining, training};
