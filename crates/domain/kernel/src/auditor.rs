//! The invariants of the whole, as questions that a database can answer.

use std::fmt;

use async_trait::async_trait;

use crate::{AccountId, StoreError};

/// What must always be true. Each has an id that logs, tests and papers use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Invariant {
    /// A balance row equals the sum of the account's ledger entries, and its version their number.
    BalanceEqualsEntries,
    /// No part of a balance is negative.
    BalanceNotNegative,
    /// What is held equals the sum of the open holds.
    HeldEqualsOpenHolds,
    /// A hold is ended at most once, and an ended hold has exactly one entry that ends it.
    HoldEndedOnce,
    /// A failed, cancelled or expired generation has no open and no captured hold.
    FailedCostsNothing,
    /// A stored or delivered generation has at least one gallery item, and a captured hold; or a released one when all
    /// of its items are free, because they came after the hold's own deadline.
    StoredIsPaid,
    /// What was captured for a generation, less refunds of it, equals the sum of its items' prices, tombstones included.
    CaptureEqualsPrices,
    /// A generation under way has an open hold.
    UnderWayIsHeld,
    /// A generation that is not finished, or whose end was not yet told, has a job that will look at it.
    UnfinishedHasJob,
    /// A generation past its deadline by more than an hour is finished.
    NothingOverdue,
    /// No job has been claimed more often than its kind allows without being buried within the hour.
    ExhaustedIsBuried,
    /// A buried job has a reason.
    BuriedHasReason,
    /// An account has at most one generation for one intent.
    OneGenerationPerIntent,
    /// No two gallery items of a generation fill the same slot.
    OneItemPerSlot,
    /// The welcome grant was given at most once per account.
    WelcomeOnce,
    /// A training under way that costs something has an open hold.
    TrainingIsHeld,
    /// The hold of a training that is not under way has ended: captured when the avatar is ready, or released at its own
    /// deadline, which makes the avatar free; released when the training failed or was cancelled.
    TrainingIsSettled,
    /// A ready avatar that was trained has weights.
    ReadyHasWeights,
    /// An account has at most one main avatar.
    OneMainAvatar,
}

impl Invariant {
    /// Every invariant.
    pub const ALL: [Self; 19] = [
        Self::BalanceEqualsEntries,
        Self::BalanceNotNegative,
        Self::HeldEqualsOpenHolds,
        Self::HoldEndedOnce,
        Self::FailedCostsNothing,
        Self::StoredIsPaid,
        Self::CaptureEqualsPrices,
        Self::UnderWayIsHeld,
        Self::UnfinishedHasJob,
        Self::NothingOverdue,
        Self::ExhaustedIsBuried,
        Self::BuriedHasReason,
        Self::OneGenerationPerIntent,
        Self::OneItemPerSlot,
        Self::WelcomeOnce,
        Self::TrainingIsHeld,
        Self::TrainingIsSettled,
        Self::ReadyHasWeights,
        Self::OneMainAvatar,
    ];

    /// The id, such as `money.balance-equals-entries`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::BalanceEqualsEntries => "money.balance-equals-entries",
            Self::BalanceNotNegative => "money.balance-not-negative",
            Self::HeldEqualsOpenHolds => "money.held-equals-open-holds",
            Self::HoldEndedOnce => "money.hold-ended-once",
            Self::FailedCostsNothing => "money.failed-costs-nothing",
            Self::StoredIsPaid => "money.stored-is-paid",
            Self::CaptureEqualsPrices => "money.capture-equals-prices",
            Self::UnderWayIsHeld => "money.under-way-is-held",
            Self::UnfinishedHasJob => "work.unfinished-has-job",
            Self::NothingOverdue => "work.nothing-overdue",
            Self::ExhaustedIsBuried => "work.exhausted-is-buried",
            Self::BuriedHasReason => "work.buried-has-reason",
            Self::OneGenerationPerIntent => "work.one-generation-per-intent",
            Self::OneItemPerSlot => "work.one-item-per-slot",
            Self::WelcomeOnce => "money.welcome-once",
            Self::TrainingIsHeld => "money.training-is-held",
            Self::TrainingIsSettled => "money.training-is-settled",
            Self::ReadyHasWeights => "work.ready-has-weights",
            Self::OneMainAvatar => "work.one-main-avatar",
        }
    }
}

impl fmt::Display for Invariant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.id())
    }
}

/// One place where an invariant does not hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// What does not hold.
    pub invariant: Invariant,
    /// Where.
    pub account: AccountId,
    /// The row and the numbers, for operators.
    pub detail: String,
}

/// What an audit found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditReport {
    /// Every violation found, at most 100 per invariant, in their order.
    pub violations: Vec<Violation>,
}

impl AuditReport {
    /// Whether every invariant holds.
    pub fn is_clean(&self) -> bool {
        self.violations.is_empty()
    }
}

impl fmt::Display for AuditReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_clean() {
            return formatter.write_str("every invariant holds");
        }
        for violation in &self.violations {
            writeln!(formatter, "{} {} {}", violation.invariant, violation.account, violation.detail)?;
        }
        Ok(())
    }
}

/// Checks the invariants.
///
/// **Contract**
/// - Each planted violation MUST be found under its own invariant.
/// - Data in order, work under way included, MUST give a clean report.
/// - An audit MUST change nothing.
#[async_trait]
pub trait Auditor: Send + Sync {
    /// Checks every invariant.
    async fn audit(&self) -> Result<AuditReport, StoreError>;
}
