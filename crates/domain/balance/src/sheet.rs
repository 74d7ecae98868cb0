//! What an account has.

use kernel::{Credits, CreditsError};
use serde::{Deserialize, Serialize};

/// An amount with its origin: bonus credits were given, paid credits were bought. The two are never mixed up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// Given.
    pub bonus: Credits,
    /// Bought.
    pub paid: Credits,
}

impl Split {
    /// Nothing.
    pub const ZERO: Self = Self { bonus: Credits::ZERO, paid: Credits::ZERO };

    /// Both parts together.
    ///
    /// # Errors
    /// When the sum is above [`Credits::MAX`].
    pub fn total(self) -> Result<Credits, CreditsError> {
        self.bonus.plus(self.paid)
    }

    /// The part of this split that makes up `amount`, bonus first; `None` when there is not enough.
    pub fn take(self, amount: Credits) -> Option<Self> {
        let bonus = self.bonus.min(amount);
        let paid = amount.minus_or_zero(bonus);
        (paid <= self.paid).then_some(Self { bonus, paid })
    }

    /// Part by part together.
    ///
    /// # Errors
    /// When a part would be above [`Credits::MAX`].
    pub fn plus(self, other: Self) -> Result<Self, CreditsError> {
        Ok(Self { bonus: self.bonus.plus(other.bonus)?, paid: self.paid.plus(other.paid)? })
    }

    /// Part by part less `other`.
    ///
    /// # Errors
    /// When a part would be below zero.
    pub fn minus(self, other: Self) -> Result<Self, CreditsError> {
        Ok(Self { bonus: self.bonus.minus(other.bonus)?, paid: self.paid.minus(other.paid)? })
    }
}

/// The balance of an account, as it stands after `version` ledger entries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BalanceSheet {
    /// What can be spent.
    pub available: Split,
    /// What is set aside for work under way.
    pub held: Split,
    /// How many ledger entries made this balance.
    pub version: u64,
}

impl BalanceSheet {
    /// Everything that can be spent.
    pub fn spendable(&self) -> Credits {
        [self.available.bonus, self.available.paid].into_iter().sum()
    }

    /// Everything that is set aside.
    pub fn set_aside(&self) -> Credits {
        [self.held.bonus, self.held.paid].into_iter().sum()
    }
}
