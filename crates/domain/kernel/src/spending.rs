//! What we spend at providers, by the day, and the caps on it.

use std::fmt;
use std::iter::Sum;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{AccountId, StoreError, Timestamp};

/// An amount of money in millionths of a US dollar, as the registry's costs are counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MicroUsd(u64);

impl MicroUsd {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount in millionths of a US dollar.
    pub const fn new(millionths: u64) -> Self {
        Self(millionths)
    }

    /// Millionths of a US dollar.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// This amount so many times; the largest amount when it is more than that.
    #[must_use]
    pub fn times(self, count: u32) -> Self {
        Self(self.0.saturating_mul(u64::from(count)))
    }
}

impl Sum for MicroUsd {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        Self(amounts.fold(0, |sum, amount| sum.saturating_add(amount.0)))
    }
}

/// Dollars and cents, rounded up to the cent.
impl fmt::Display for MicroUsd {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cents = self.0.div_ceil(10_000);
        write!(formatter, "{}.{:02} USD", cents / 100, cents % 100)
    }
}

/// A day in UTC: whole days since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i64);

impl Day {
    const MICROS: i64 = 24 * 60 * 60 * 1_000_000;

    /// The day of a moment.
    pub const fn of(at: Timestamp) -> Self {
        Self(at.as_micros().div_euclid(Self::MICROS))
    }

    /// A day by its number.
    pub const fn new(number: i64) -> Self {
        Self(number)
    }

    /// Whole days since the Unix epoch.
    pub const fn number(self) -> i64 {
        self.0
    }

    /// When the next day begins.
    pub const fn end(self) -> Timestamp {
        Timestamp::from_micros(self.0.saturating_add(1).saturating_mul(Self::MICROS))
    }
}

/// How much may be spent at providers in one day (UTC).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SpendCaps {
    /// For one person; without one nothing is counted by person.
    pub per_person: Option<MicroUsd>,
    /// For everybody together; without one nothing is counted in all.
    pub in_all: Option<MicroUsd>,
}

impl SpendCaps {
    /// No cap at all.
    pub const NONE: Self = Self { per_person: None, in_all: None };

    /// The same counts, which nothing exceeds: for what was promised before and is spent whatever was spent.
    #[must_use]
    pub fn counted_only(self) -> Self {
        let endless = |cap: Option<MicroUsd>| cap.map(|_| MicroUsd::new(u64::MAX));
        Self { per_person: endless(self.per_person), in_all: endless(self.in_all) }
    }
}

/// Whose cap is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CapOf {
    /// The person's own.
    Person,
    /// That of everybody together.
    Everybody,
}

/// A cap that does not leave room for what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CapReached {
    /// Whose.
    pub cap: CapOf,
    /// The day of which it is the cap.
    pub day: Day,
}

/// What became of the wish to spend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpendOutcome {
    /// It is counted.
    Counted,
    /// A cap forbids it; nothing was counted, and the unit of work goes on.
    Refused(CapReached),
}

/// The part of a unit of work that counts what will be spent at providers. Amounts are estimates by the registry's
/// costs, counted when work is taken on: what is under way is in them. They end with their day, which is a day in UTC by
/// the database's clock.
///
/// It belongs at the end of a unit: the count of everybody is one row, and whoever has counted keeps others from it until
/// the commit.
///
/// **Contract**
/// - `count` within both caps MUST add the amount to the person's count and to everybody's.
/// - `count` beyond a cap MUST be `Refused`, naming it (the person's first), and MUST change nothing.
/// - However many count at once, the counts MUST never exceed the caps.
/// - A new day MUST begin with nothing counted.
/// - `give_back` MUST take the amount off the counts of that day, down to nothing at the least, and MUST leave those of
///   other days alone.
#[async_trait]
pub trait SpendCounter: Send {
    /// Counts `amount` for today.
    async fn count(
        &mut self,
        account: AccountId,
        amount: MicroUsd,
        caps: SpendCaps,
    ) -> Result<SpendOutcome, StoreError>;

    /// Takes back what was counted on `day` and was never asked of a provider.
    async fn give_back(
        &mut self,
        account: AccountId,
        day: Day,
        amount: MicroUsd,
        caps: SpendCaps,
    ) -> Result<(), StoreError>;
}

/// Whether operators are to hear that the cap of a day is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CapNews {
    /// They have not heard of it: tell them.
    Tell,
    /// They know.
    Known,
}

/// Reads what is counted, and remembers what operators were told of it.
///
/// **Contract**
/// - `spent` MUST give what is counted for everybody on that day, nothing before anything was counted.
/// - `spent_by` MUST give what is counted for that person on that day alone.
/// - `cap_reached` MUST answer `Tell` once a day, however many processes call it.
#[async_trait]
pub trait SpendBook: Send + Sync {
    /// What everybody together has spent on that day.
    async fn spent(&self, day: Day) -> Result<MicroUsd, StoreError>;

    /// What one person has spent on that day.
    async fn spent_by(&self, account: AccountId, day: Day) -> Result<MicroUsd, StoreError>;

    /// The cap of everybody was reached on that day; whether to tell the operators.
    async fn cap_reached(&self, day: Day) -> Result<CapNews, StoreError>;
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn an_amount_is_shown_in_dollars_and_never_too_small() {
        assert_eq!(MicroUsd::new(39_000).times(4).to_string(), "0.16 USD");
        assert_eq!(MicroUsd::new(12_000_000).to_string(), "12.00 USD");
        assert_eq!(MicroUsd::new(u64::MAX).times(2), MicroUsd::new(u64::MAX));
        let sum: MicroUsd = [MicroUsd::new(1), MicroUsd::new(u64::MAX)].into_iter().sum();
        assert_eq!(sum, MicroUsd::new(u64::MAX));
    }

    #[test]
    fn a_day_ends_at_midnight() {
        let noon = Timestamp::from_seconds(3 * 24 * 3_600 + 12 * 3_600);
        assert_eq!(Day::of(noon), Day::new(3));
        assert_eq!(Day::of(noon).end(), noon + Duration::from_hours(12));
        assert_eq!(Day::of(Day::of(noon).end()), Day::new(4));
        assert_eq!(Day::of(Timestamp::from_micros(-1)), Day::new(-1));
    }

    #[test]
    fn what_was_promised_is_counted_where_there_is_a_cap() {
        let caps = SpendCaps { per_person: None, in_all: Some(MicroUsd::new(5)) };
        let counted = caps.counted_only();
        assert_eq!((counted.per_person, counted.in_all), (None, Some(MicroUsd::new(u64::MAX))));
    }
}
