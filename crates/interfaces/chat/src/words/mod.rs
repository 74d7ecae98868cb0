//! Words for people: markup that is safe by construction, texts in every language, times in their zone.

mod html;
mod moment;
mod phrases;
mod spend_cap;
mod texts;
mod zones;

pub use html::Html;
pub(crate) use html::{shortened, utf16_length};
pub(crate) use moment::{instant, moment, short_moment, time_zone};
pub(crate) use spend_cap::spend_cap_words;
pub(crate) use texts::Texts;
pub use zones::ZoneCode;
pub(crate) use zones::{COMMON_ZONES, CommonZone, offset_label};
