//! What an operation does to a balance: pure arithmetic, in one place.

use kernel::{Credits, CreditsError};
use thiserror::Error;

use crate::{BalanceSheet, EntryKind, Hold, HoldState, LedgerEntry, Operation, Split};

/// Why an operation is refused. A refusal writes nothing, so the same key may succeed later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refusal {
    /// There is not enough to spend.
    #[error("{missing} credits are missing")]
    Insufficient {
        /// How many more would be enough.
        missing: Credits,
    },
    /// The hold does not exist.
    #[error("there is no such hold")]
    NoSuchHold,
    /// The hold was captured before.
    #[error("the hold was captured before")]
    AlreadyCaptured,
    /// The hold was released before.
    #[error("the hold was released before")]
    AlreadyReleased,
    /// A refund of a hold that was never captured.
    #[error("the hold was not captured")]
    NotCaptured,
    /// More than is held, or more than can still be refunded.
    #[error("{over} credits too many")]
    TooMuch {
        /// How many too many.
        over: Credits,
    },
    /// Nothing was asked for.
    #[error("the amount is zero")]
    Nothing,
    /// The balance would leave the range of credits.
    #[error("the amount is out of range")]
    OutOfRange,
}

impl From<CreditsError> for Refusal {
    fn from(_: CreditsError) -> Self {
        Self::OutOfRange
    }
}

/// What is to be written: the new balance, the change of the hold, and what the entry says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// What kind of entry.
    pub kind: EntryKind,
    /// The amount as the person reads it.
    pub amount: Credits,
    /// The balance after it.
    pub sheet: BalanceSheet,
    /// The hold's part of it, when there is one.
    pub hold: Option<HoldChange>,
}

/// What happens to a hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldChange {
    /// It is opened over this split.
    Opened(Split),
    /// It is spent to this split; the rest returned.
    Captured(Split),
    /// It returned as a whole.
    Released,
    /// This split of what was spent came back.
    Refunded(Split),
}

/// Decides an operation.
///
/// `hold` is the hold that the operation names, or `None` when there is none under that id.
///
/// # Errors
/// A [`Refusal`], when nothing may be written.
pub fn decide(sheet: &BalanceSheet, operation: &Operation, hold: Option<&Hold>) -> Result<Change, Refusal> {
    let change = match *operation {
        Operation::GrantBonus { amount } => {
            grant(sheet, EntryKind::GrantBonus, amount, |bonus| Split { bonus, paid: Credits::ZERO })?
        }
        Operation::GrantPaid { amount } => {
            grant(sheet, EntryKind::GrantPaid, amount, |paid| Split { bonus: Credits::ZERO, paid })?
        }
        Operation::Hold { amount, .. } => open(sheet, amount)?,
        Operation::Capture { amount, .. } => capture(sheet, open_hold(hold)?, amount)?,
        Operation::Release { .. } => release(sheet, open_hold(hold)?)?,
        Operation::Refund { amount, .. } => refund(sheet, hold.ok_or(Refusal::NoSuchHold)?, amount)?,
        Operation::ClawBack { amount } => claw_back(sheet, amount)?,
    };
    Ok(Change { sheet: BalanceSheet { version: sheet.version + 1, ..change.sheet }, ..change })
}

/// Whether `operation` asks for what `entry` recorded, so that repeating it is no conflict. A hold's time to live is no
/// part of the comparison: the first one stands.
pub fn repeats(entry: &LedgerEntry, operation: &Operation) -> bool {
    let (kind, amount) = match *operation {
        Operation::GrantBonus { amount } => (EntryKind::GrantBonus, Some(amount)),
        Operation::GrantPaid { amount } => (EntryKind::GrantPaid, Some(amount)),
        Operation::Hold { amount, .. } => (EntryKind::Hold, Some(amount)),
        // Capturing nothing is a release, and is recorded as one.
        Operation::Capture { amount, .. } if amount.is_zero() => (EntryKind::Release, None),
        Operation::Capture { amount, .. } => (EntryKind::Capture, Some(amount)),
        Operation::Release { .. } => (EntryKind::Release, None),
        Operation::Refund { amount, .. } => (EntryKind::Refund, Some(amount)),
        Operation::ClawBack { amount } => (EntryKind::ClawBack, Some(amount)),
    };
    entry.kind == kind && entry.hold == operation.hold() && amount.is_none_or(|amount| amount == entry.amount)
}

fn grant(
    sheet: &BalanceSheet,
    kind: EntryKind,
    amount: Credits,
    part: impl Fn(Credits) -> Split,
) -> Result<Change, Refusal> {
    let amount = something(amount)?;
    let available = sheet.available.plus(part(amount))?;
    // The whole balance must stay in range too, so that its total can always be shown.
    available.total()?;
    Ok(Change { kind, amount, sheet: BalanceSheet { available, ..*sheet }, hold: None })
}

fn open(sheet: &BalanceSheet, amount: Credits) -> Result<Change, Refusal> {
    let amount = something(amount)?;
    let Some(taken) = sheet.available.take(amount) else {
        return Err(Refusal::Insufficient { missing: amount.minus_or_zero(sheet.spendable()) });
    };
    let sheet = BalanceSheet {
        available: sheet.available.minus(taken)?,
        held: sheet.held.plus(taken)?,
        version: sheet.version,
    };
    Ok(Change { kind: EntryKind::Hold, amount, sheet, hold: Some(HoldChange::Opened(taken)) })
}

fn capture(sheet: &BalanceSheet, hold: &Hold, amount: Credits) -> Result<Change, Refusal> {
    if amount.is_zero() {
        return release(sheet, hold);
    }
    let Some(spent) = hold.held.take(amount) else {
        return Err(Refusal::TooMuch { over: amount.minus_or_zero(hold.held.total()?) });
    };
    let sheet = BalanceSheet {
        available: sheet.available.plus(hold.held.minus(spent)?)?,
        held: sheet.held.minus(hold.held)?,
        version: sheet.version,
    };
    Ok(Change { kind: EntryKind::Capture, amount, sheet, hold: Some(HoldChange::Captured(spent)) })
}

fn release(sheet: &BalanceSheet, hold: &Hold) -> Result<Change, Refusal> {
    let amount = hold.held.total()?;
    let sheet = BalanceSheet {
        available: sheet.available.plus(hold.held)?,
        held: sheet.held.minus(hold.held)?,
        version: sheet.version,
    };
    Ok(Change { kind: EntryKind::Release, amount, sheet, hold: Some(HoldChange::Released) })
}

fn refund(sheet: &BalanceSheet, hold: &Hold, amount: Credits) -> Result<Change, Refusal> {
    let amount = something(amount)?;
    if hold.state != HoldState::Captured {
        return Err(Refusal::NotCaptured);
    }
    let left = hold.captured.minus(hold.refunded)?;
    // Paid credits come back first: they are worth more to the person, and were spent last.
    let paid = left.paid.min(amount);
    let bonus = amount.minus_or_zero(paid);
    if bonus > left.bonus {
        return Err(Refusal::TooMuch { over: bonus.minus_or_zero(left.bonus) });
    }
    let returned = Split { bonus, paid };
    let sheet = BalanceSheet { available: sheet.available.plus(returned)?, ..*sheet };
    Ok(Change { kind: EntryKind::Refund, amount, sheet, hold: Some(HoldChange::Refunded(returned)) })
}

fn claw_back(sheet: &BalanceSheet, amount: Credits) -> Result<Change, Refusal> {
    let amount = something(amount)?;
    if amount > sheet.available.paid {
        return Err(Refusal::Insufficient { missing: amount.minus_or_zero(sheet.available.paid) });
    }
    let taken = Split { bonus: Credits::ZERO, paid: amount };
    let sheet = BalanceSheet { available: sheet.available.minus(taken)?, ..*sheet };
    Ok(Change { kind: EntryKind::ClawBack, amount, sheet, hold: None })
}

fn open_hold(hold: Option<&Hold>) -> Result<&Hold, Refusal> {
    let hold = hold.ok_or(Refusal::NoSuchHold)?;
    match hold.state {
        HoldState::Open => Ok(hold),
        HoldState::Captured => Err(Refusal::AlreadyCaptured),
        HoldState::Released => Err(Refusal::AlreadyReleased),
    }
}

fn something(amount: Credits) -> Result<Credits, Refusal> {
    if amount.is_zero() { Err(Refusal::Nothing) } else { Ok(amount) }
}
