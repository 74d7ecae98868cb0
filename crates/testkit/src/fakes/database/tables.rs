//! What the database holds.

use std::collections::BTreeMap;

use account::{Account, TelegramUserId};
use balance::{BalanceSheet, Hold, LedgerEntry};
use gallery::GalleryItem;
use generation::{Generation, ParkedCallback};
use kernel::{
    AccountId, ChatId, FailureRecord, FencingToken, GalleryItemId, GenerationId, HoldId, JobId, JobKind,
    JobState, LeaseName, LedgerEntryId, Pausable, Pause, Timestamp, UpdateId,
};
use uuid::Uuid;

/// Every table.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    /// People.
    pub accounts: BTreeMap<AccountId, Account>,
    /// Who they are at the messenger.
    pub identities: BTreeMap<TelegramUserId, AccountId>,
    /// Who had the welcome grant due.
    pub welcome_digests: BTreeMap<String, AccountId>,
    /// Balances.
    pub sheets: BTreeMap<AccountId, BalanceSheet>,
    /// Ledger entries.
    pub entries: BTreeMap<(AccountId, LedgerEntryId), LedgerEntry>,
    /// Holds.
    pub holds: BTreeMap<(AccountId, HoldId), Hold>,
    /// Kept images.
    pub items: BTreeMap<(AccountId, GalleryItemId), GalleryItem>,
    /// Generations.
    pub generations: BTreeMap<(AccountId, GenerationId), Generation>,
    /// Callbacks by provider and request, in the order of their numbers, with whether they are used.
    pub callbacks: BTreeMap<(String, String), CallbackRow>,
    /// Jobs.
    pub jobs: BTreeMap<(AccountId, JobId), JobRow>,
    /// The messenger's updates.
    pub updates: BTreeMap<(ChatId, UpdateId), UpdateRow>,
    /// Leases.
    pub leases: BTreeMap<LeaseName, LeaseRow>,
    /// Pauses, with when operators were told of which code.
    pub pauses: BTreeMap<Pausable, Pause>,
    /// When operators were last told of a subject and code.
    pub told: BTreeMap<(Pausable, String), Timestamp>,
    /// Failures by fingerprint.
    pub failures: BTreeMap<String, FailureRecord>,
    /// Which fingerprint a reference belongs to.
    pub references: BTreeMap<String, String>,
    /// What tampered balances are below zero.
    pub debts: BTreeMap<AccountId, super::tampering::Debt>,
    /// Rows that have no number of their own are numbered here.
    pub next_number: u64,
}

/// A parked callback.
#[derive(Debug, Clone)]
pub struct CallbackRow {
    /// The callback.
    pub callback: ParkedCallback,
    /// In which order it came.
    pub number: u64,
    /// Whether it was used.
    pub settled: bool,
}

/// A job.
#[derive(Debug, Clone)]
pub struct JobRow {
    /// What to do.
    pub kind: JobKind,
    /// About what.
    pub subject: Uuid,
    /// Where it stands.
    pub state: JobState,
    /// Claims without completion.
    pub attempt: u32,
    /// When it is due, or until when the claim holds.
    pub due_at: Timestamp,
    /// Who claimed it.
    pub token: Option<FencingToken>,
    /// Whether it was scheduled while it ran.
    pub nudged: bool,
    /// Why it last failed or was buried.
    pub reason: Option<String>,
    /// When it last changed.
    pub changed_at: Timestamp,
    /// Since when it has been claimed more often than it may.
    pub exhausted_at: Option<Timestamp>,
}

/// An update of the messenger.
#[derive(Debug, Clone)]
pub struct UpdateRow {
    /// Its JSON.
    pub body: String,
    /// When it came.
    pub received_at: Timestamp,
    /// In which order it came.
    pub number: u64,
    /// How often handling it failed.
    pub failures: u32,
    /// Whether it is handled or set aside.
    pub state: UpdateState,
}

/// Where an update stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UpdateState {
    /// To be handled.
    Waiting,
    /// Handled.
    Handled,
    /// Hopeless, for this reason.
    SetAside(String),
}

/// A lease.
#[derive(Debug, Clone, Copy)]
pub struct LeaseRow {
    /// Who holds it.
    pub token: FencingToken,
    /// Until when.
    pub until: Timestamp,
}

impl Tables {
    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.next_number += 1;
        self.next_number
    }
}
