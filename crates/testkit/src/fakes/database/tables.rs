//! What the database holds.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use account::{Account, Erasure, ExportRequest, Invite, InviteCode, TelegramUserId};
use avatar::{Avatar, Photo, TrainerId, TrainingCallback};
use balance::{BalanceSheet, Hold, LedgerEntry};
use gallery::GalleryItem;
use generation::{Generation, HelpRequest, ParkedCallback};
use kernel::{
    AccountId, AvatarId, ChatId, Day, ExportId, FailureRecord, FencingToken, GalleryItemId, GenerationId,
    HelpId, HoldId, JobId, JobKind, JobState, LeaseName, LedgerEntryId, MicroUsd, Pausable, Pause, PhotoId,
    Timestamp, UpdateId,
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
    /// Avatars.
    pub avatars: BTreeMap<(AccountId, AvatarId), Avatar>,
    /// Which of them are the main ones.
    pub main_avatars: BTreeSet<(AccountId, AvatarId)>,
    /// Photos that were sent for avatars.
    pub photos: BTreeMap<(AccountId, PhotoId), Photo>,
    /// Callbacks about trainings by provider and request.
    pub training_callbacks: BTreeMap<(String, String), TrainingCallbackRow>,
    /// How long trainings took, by trainer, avatar and round.
    pub training_durations: BTreeMap<(TrainerId, AvatarId, u32), TrainingDuration>,
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
    /// Requests for help.
    pub helps: BTreeMap<(AccountId, HelpId), HelpRequest>,
    /// Requests for files.
    pub exports: BTreeMap<(AccountId, ExportId), ExportRow>,
    /// Erasures of people.
    pub erasures: BTreeMap<AccountId, Erasure>,
    /// When what was refused, by its key.
    pub refusals: BTreeMap<(AccountId, String), Timestamp>,
    /// Until when people are paused for refusals.
    pub refusal_pauses: BTreeMap<AccountId, Timestamp>,
    /// What people have spent at providers on the latest day on which they did.
    pub spend_days: BTreeMap<AccountId, (Day, MicroUsd)>,
    /// What everybody has spent on a day.
    pub spend_totals: BTreeMap<Day, SpendTotal>,
    /// What tampered balances are below zero.
    pub debts: BTreeMap<AccountId, super::tampering::Debt>,
    /// Invitations, in the order in which they were made.
    pub invites: BTreeMap<u64, Invite>,
    /// By which code accounts came in.
    pub admissions: BTreeMap<AccountId, InviteCode>,
    /// How far sweeps have got.
    pub sweep_marks: BTreeMap<String, Option<String>>,
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

/// A request for a file.
#[derive(Debug, Clone)]
pub struct ExportRow {
    /// The request.
    pub request: ExportRequest,
    /// When it ended, if it has.
    pub ended_at: Option<Timestamp>,
}

/// A parked callback about a training.
#[derive(Debug, Clone)]
pub struct TrainingCallbackRow {
    /// The callback.
    pub callback: TrainingCallback,
    /// In which order it came.
    pub number: u64,
    /// Whether it was used.
    pub settled: bool,
}

/// What everybody has spent on one day.
#[derive(Debug, Clone, Copy, Default)]
pub struct SpendTotal {
    /// How much.
    pub spent: MicroUsd,
    /// Whether operators know that the cap was reached.
    pub told: bool,
}

/// How long one training took.
#[derive(Debug, Clone, Copy)]
pub struct TrainingDuration {
    /// From the order to the verified weights.
    pub took: Duration,
    /// When they were verified.
    pub verified_at: Timestamp,
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

/// Removes the rows of which `is_gone` says so; how many there were.
pub fn remove_where<K, V>(table: &mut BTreeMap<K, V>, is_gone: impl Fn(&K, &V) -> bool) -> u64
where
    K: Ord,
{
    let before = table.len();
    table.retain(|key, row| !is_gone(key, row));
    u64::try_from(before - table.len()).expect("memory holds them")
}
