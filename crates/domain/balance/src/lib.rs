//! Credits: an append-only ledger of grants, holds, captures, releases, refunds and claw-backs.
//!
//! **Architecture invariant:** what a change does to a balance is decided by one pure function, [`decide`]; adapters
//! lock the row, ask it, and write down what it says. No adapter computes an amount.
#![deny(missing_docs)]

mod cache;
mod entry;
mod hold;
mod ledger;
mod operation;
mod personal_data;
mod rules;
mod service;
mod sheet;

pub use cache::{BalanceCache, BalanceCacheError};
pub use entry::{EntryKind, LedgerEntry, UnknownEntryKind};
pub use hold::{Hold, HoldState, UnknownHoldState};
pub use ledger::{BalanceReader, BalanceUnits, ExpiredHold, Ledger, LedgerError, Recorded, UnitOfWork};
pub use operation::{Operation, OperationKey, OperationKeyError};
pub use rules::{Change, HoldChange, Refusal, decide, repeats};
pub use service::{BalanceError, BalanceService};
pub use sheet::{BalanceSheet, Split};
