//! Balances as they are kept. A later release may keep more; what it cannot read is as good as not kept.

use balance::{BalanceSheet, Split};
use kernel::Credits;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(tag = "format")]
enum Payload {
    #[serde(rename = "1")]
    First(First),
}

#[derive(Serialize, Deserialize)]
struct First {
    available_bonus: i64,
    available_paid: i64,
    held_bonus: i64,
    held_paid: i64,
    version: u64,
}

/// The text that is kept.
pub(crate) fn encode(sheet: &BalanceSheet) -> Option<String> {
    let payload = Payload::First(First {
        available_bonus: sheet.available.bonus.get(),
        available_paid: sheet.available.paid.get(),
        held_bonus: sheet.held.bonus.get(),
        held_paid: sheet.held.paid.get(),
        version: sheet.version,
    });
    serde_json::to_string(&payload).ok()
}

/// What was kept, if this release can read it.
pub(crate) fn decode(text: &str) -> Option<BalanceSheet> {
    let Payload::First(kept) = serde_json::from_str(text).ok()?;
    let credits = |amount| Credits::new(amount).ok();
    Some(BalanceSheet {
        available: Split { bonus: credits(kept.available_bonus)?, paid: credits(kept.available_paid)? },
        held: Split { bonus: credits(kept.held_bonus)?, paid: credits(kept.held_paid)? },
        version: kept.version,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_format_is_read_for_ever() {
        let kept = r#"{"format":"1","available_bonus":1,"available_paid":2,"held_bonus":3,"held_paid":4,"version":5}"#;
        let sheet = decode(kept).unwrap();
        assert_eq!(encode(&sheet).unwrap(), kept);
        let split = |bonus, paid| Split { bonus: Credits::of(bonus), paid: Credits::of(paid) };
        assert_eq!(sheet, BalanceSheet { available: split(1, 2), held: split(3, 4), version: 5 });
    }

    #[test]
    fn what_cannot_be_read_is_as_good_as_not_kept() {
        for text in ["", "nonsense", r#"{"format":"2","everything":"else"}"#] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
