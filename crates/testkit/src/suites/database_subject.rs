//! A database under test.

use std::any::Any;
use std::sync::Arc;

use account::{Accounts, Invites, PrivacyRequests, Refusals};
use avatar::{AvatarReader, AvatarUnits};
use balance::{BalanceReader, BalanceUnits};
use gallery::{Gallery, GalleryUnits};
use generation::{GenerationReader, GenerationUnits, HelpRequests};
use kernel::{Auditor, FailureLog, Inbox, Jobs, Leases, ObjectReferences, Pauses, SpendBook, SweepMarks};

use super::{Elapse, Plant};

/// A database under test: every port that it stands behind, with nothing in it.
pub struct DatabaseSubject {
    /// People.
    pub accounts: Arc<dyn Accounts>,
    /// Units of work on avatars.
    pub avatar_units: Arc<dyn AvatarUnits>,
    /// Avatars to be read.
    pub avatars: Arc<dyn AvatarReader>,
    /// Units of work on balances.
    pub balance_units: Arc<dyn BalanceUnits>,
    /// Balances to be read.
    pub balances: Arc<dyn BalanceReader>,
    /// Units of work on the gallery.
    pub gallery_units: Arc<dyn GalleryUnits>,
    /// Kept images.
    pub gallery: Arc<dyn Gallery>,
    /// Units of work on generations.
    pub generation_units: Arc<dyn GenerationUnits>,
    /// Generations to be read.
    pub generations: Arc<dyn GenerationReader>,
    /// Requests for help.
    pub helps: Arc<dyn HelpRequests>,
    /// Requests for files and erasures.
    pub privacy: Arc<dyn PrivacyRequests>,
    /// Refusals.
    pub refusals: Arc<dyn Refusals>,
    /// Jobs.
    pub jobs: Arc<dyn Jobs>,
    /// The messenger's updates.
    pub inbox: Arc<dyn Inbox>,
    /// Leases.
    pub leases: Arc<dyn Leases>,
    /// Invitations.
    pub invites: Arc<dyn Invites>,
    /// Which objects rows speak of.
    pub references: Arc<dyn ObjectReferences>,
    /// How far sweeps have got.
    pub sweep_marks: Arc<dyn SweepMarks>,
    /// Pauses.
    pub pauses: Arc<dyn Pauses>,
    /// What is spent at providers.
    pub spend_book: Arc<dyn SpendBook>,
    /// Unexpected failures.
    pub failure_log: Arc<dyn FailureLog>,
    /// The invariants.
    pub auditor: Arc<dyn Auditor>,
    /// The database's clock. The suites let minutes and hours pass. A database whose clock cannot be moved lets its rows
    /// grow older instead: every instant in them is moved into the past by the span, which is the same to it.
    pub time: Arc<dyn Elapse>,
    /// The way to what no port allows.
    pub plant: Arc<dyn Plant>,
    kept: Vec<Box<dyn Any + Send + Sync>>,
}

impl DatabaseSubject {
    /// A subject out of one value that implements every port.
    pub fn new<D>(database: &Arc<D>, time: Arc<dyn Elapse>, plant: Arc<dyn Plant>) -> Self
    where
        D: Accounts
            + AvatarUnits
            + AvatarReader
            + BalanceUnits
            + BalanceReader
            + GalleryUnits
            + Gallery
            + GenerationUnits
            + GenerationReader
            + HelpRequests
            + PrivacyRequests
            + Refusals
            + Jobs
            + Inbox
            + Leases
            + Pauses
            + Invites
            + SweepMarks
            + ObjectReferences
            + SpendBook
            + FailureLog
            + Auditor
            + 'static,
    {
        Self {
            accounts: Arc::clone(database) as Arc<dyn Accounts>,
            avatar_units: Arc::clone(database) as Arc<dyn AvatarUnits>,
            avatars: Arc::clone(database) as Arc<dyn AvatarReader>,
            balance_units: Arc::clone(database) as Arc<dyn BalanceUnits>,
            balances: Arc::clone(database) as Arc<dyn BalanceReader>,
            gallery_units: Arc::clone(database) as Arc<dyn GalleryUnits>,
            gallery: Arc::clone(database) as Arc<dyn Gallery>,
            generation_units: Arc::clone(database) as Arc<dyn GenerationUnits>,
            generations: Arc::clone(database) as Arc<dyn GenerationReader>,
            helps: Arc::clone(database) as Arc<dyn HelpRequests>,
            privacy: Arc::clone(database) as Arc<dyn PrivacyRequests>,
            refusals: Arc::clone(database) as Arc<dyn Refusals>,
            jobs: Arc::clone(database) as Arc<dyn Jobs>,
            inbox: Arc::clone(database) as Arc<dyn Inbox>,
            leases: Arc::clone(database) as Arc<dyn Leases>,
            invites: Arc::clone(database) as Arc<dyn Invites>,
            references: Arc::clone(database) as Arc<dyn ObjectReferences>,
            sweep_marks: Arc::clone(database) as Arc<dyn SweepMarks>,
            pauses: Arc::clone(database) as Arc<dyn Pauses>,
            spend_book: Arc::clone(database) as Arc<dyn SpendBook>,
            failure_log: Arc::clone(database) as Arc<dyn FailureLog>,
            auditor: Arc::clone(database) as Arc<dyn Auditor>,
            time,
            plant,
            kept: Vec::new(),
        }
    }

    /// The same subject, which keeps `thing` (a directory, a server's database) for as long as it lives.
    #[must_use]
    pub fn keeping(mut self, thing: impl Any + Send + Sync) -> Self {
        self.kept.push(Box::new(thing));
        self
    }
}
