//! Changes behind the ports' back.

use async_trait::async_trait;
use avatar::AvatarState;
use balance::{HoldState, OperationKey};
use generation::{Intent, State};
use kernel::{AccountId, AvatarId, Credits, GalleryItemId, GenerationId, HoldId, JobId, LedgerEntryId};

/// One change that no port allows. Nothing else is changed with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tampering {
    /// Adds to what the balance says can be spent of bonus credits, below zero if it comes to that.
    AddToBonus {
        /// Whose balance.
        account: AccountId,
        /// How many credits.
        credits: i64,
    },
    /// Adds to what the balance says is held of bonus credits, below zero if it comes to that.
    AddToHeldBonus {
        /// Whose balance.
        account: AccountId,
        /// How many credits.
        credits: i64,
    },
    /// Makes the balance's version another one.
    BalanceVersion {
        /// Whose balance.
        account: AccountId,
        /// The version.
        version: u64,
    },
    /// Makes a hold look as if it were in another state. A captured one then says that all of it was captured.
    HoldState {
        /// Whose hold.
        account: AccountId,
        /// Which hold.
        hold: HoldId,
        /// The state.
        state: HoldState,
    },
    /// Writes a ledger entry a second time, with deltas of zero and the next version of the balance, whose version is
    /// raised with it.
    RepeatEntry {
        /// Whose ledger.
        account: AccountId,
        /// The entry.
        entry: LedgerEntryId,
        /// The id of the second one.
        again: LedgerEntryId,
        /// The key of the second one.
        key: OperationKey,
    },
    /// Gives a ledger entry another key, whether or not there is one with that key.
    EntryKey {
        /// Whose ledger.
        account: AccountId,
        /// The entry.
        entry: LedgerEntryId,
        /// The key.
        key: OperationKey,
    },
    /// Makes a generation look as if it were in another state.
    GenerationState {
        /// Whose generation.
        account: AccountId,
        /// Which generation.
        generation: GenerationId,
        /// The state.
        state: State,
    },
    /// Gives a generation another intent, whether or not there is one with that intent.
    GenerationIntent {
        /// Whose generation.
        account: AccountId,
        /// Which generation.
        generation: GenerationId,
        /// The intent.
        intent: Intent,
    },
    /// Makes a kept image another price.
    ItemPrice {
        /// Whose image.
        account: AccountId,
        /// Which image.
        item: GalleryItemId,
        /// The price.
        price: Credits,
    },
    /// Moves a kept image to another slot of its generation, whether or not there is one in that slot.
    ItemSlot {
        /// Whose image.
        account: AccountId,
        /// Which image.
        item: GalleryItemId,
        /// The slot.
        slot: u8,
    },
    /// Makes an avatar look as if it were in another state.
    AvatarState {
        /// Whose avatar.
        account: AccountId,
        /// Which avatar.
        avatar: AvatarId,
        /// The state.
        state: AvatarState,
    },
    /// Takes an avatar's weights away.
    NoWeights {
        /// Whose avatar.
        account: AccountId,
        /// Which avatar.
        avatar: AvatarId,
    },
    /// Makes an avatar a main one, whether or not there is one.
    MainAvatar {
        /// Whose avatar.
        account: AccountId,
        /// Which avatar.
        avatar: AvatarId,
    },
    /// Takes a job's reason away.
    NoReason {
        /// Whose job.
        account: AccountId,
        /// Which job.
        job: JobId,
    },
}

/// Reaches behind the ports, so that a suite can plant what the auditor is to find. A schema that forbids the change by
/// itself has the constraint in its way dropped first: the auditor is the net behind it.
#[async_trait]
pub trait Plant: Send + Sync {
    /// Makes the change.
    async fn tamper(&self, tampering: &Tampering);
}
