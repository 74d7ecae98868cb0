//! `[spending]`

use std::str::FromStr;

use kernel::{MicroUsd, SpendCaps};

use super::reader::Reader;
use super::{ConfigurationError, Setting};
use crate::registry::micro_usd;

const PER_PERSON: Setting =
    Setting::new("spending", "daily_usd_per_person", "US dollars above zero, such as 5 or 2.50");
const IN_ALL: Setting = Setting::new("spending", "daily_usd_in_all", "US dollars above zero, such as 200");

/// How much may be spent at providers in a day.
#[derive(Debug, Clone, Copy)]
pub struct SpendingSection {
    /// The caps.
    pub caps: SpendCaps,
}

impl SpendingSection {
    pub(super) fn read(reader: &Reader) -> Result<Self, ConfigurationError> {
        let amount = |setting: &Setting| {
            reader.optional::<Dollars>(setting).map(|amount| amount.map(|Dollars(amount)| amount))
        };
        Ok(Self { caps: SpendCaps { per_person: amount(&PER_PERSON)?, in_all: amount(&IN_ALL)? } })
    }
}

/// An amount as people write it.
struct Dollars(MicroUsd);

impl FromStr for Dollars {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match micro_usd(text) {
            Some(0) | None => Err("no amount above zero"),
            Some(amount) => Ok(Self(MicroUsd::new(amount))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_above_zero_and_exact() {
        let amount = |text: &str| text.parse::<Dollars>().map(|Dollars(amount)| amount.get()).ok();
        assert_eq!(amount("5"), Some(5_000_000));
        assert_eq!(amount("0.25"), Some(250_000));
        for wrong in ["0", "0.0", "-1", "", "five", "1e3"] {
            assert_eq!(amount(wrong), None, "{wrong}");
        }
    }
}
