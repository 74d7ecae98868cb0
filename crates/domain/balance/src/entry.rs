//! One immutable change of a balance.

use std::str::FromStr;

use kernel::{HoldId, LedgerEntryId, Timestamp};
use thiserror::Error;

use crate::OperationKey;

/// What a change was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// Bonus credits were given.
    GrantBonus,
    /// Bought credits arrived.
    GrantPaid,
    /// Credits were set aside.
    Hold,
    /// A hold was spent, all or part.
    Capture,
    /// A hold returned.
    Release,
    /// Spent credits came back.
    Refund,
    /// Bought credits were taken back.
    ClawBack,
}

/// A stored entry kind that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown ledger entry kind {0:?}")]
pub struct UnknownEntryKind(pub String);

impl EntryKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::GrantBonus,
        Self::GrantPaid,
        Self::Hold,
        Self::Capture,
        Self::Release,
        Self::Refund,
        Self::ClawBack,
    ];

    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GrantBonus => "grant-bonus",
            Self::GrantPaid => "grant-paid",
            Self::Hold => "hold",
            Self::Capture => "capture",
            Self::Release => "release",
            Self::Refund => "refund",
            Self::ClawBack => "claw-back",
        }
    }
}

impl FromStr for EntryKind {
    type Err = UnknownEntryKind;

    fn from_str(name: &str) -> Result<Self, UnknownEntryKind> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == name)
            .ok_or_else(|| UnknownEntryKind(name.to_owned()))
    }
}

/// One immutable change. The four deltas say what it did to each part of the balance; a balance is their sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerEntry {
    /// Its id, in time order.
    pub id: LedgerEntryId,
    /// The operation key under which it was written.
    pub key: OperationKey,
    /// What it was.
    pub kind: EntryKind,
    /// Change of the bonus credits that can be spent.
    pub bonus_delta: i64,
    /// Change of the paid credits that can be spent.
    pub paid_delta: i64,
    /// Change of the bonus credits that are set aside.
    pub held_bonus_delta: i64,
    /// Change of the paid credits that are set aside.
    pub held_paid_delta: i64,
    /// The amount that was asked for, as the person reads it.
    pub amount: kernel::Credits,
    /// The hold that it opened, ended or refunded.
    pub hold: Option<HoldId>,
    /// The balance's version after it.
    pub version: u64,
    /// Why, for people: a reason typed by an operator, or a word of ours.
    pub memo: String,
    /// When, by the database's clock.
    pub created_at: Timestamp,
}
