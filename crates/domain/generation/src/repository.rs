//! The ports that keep generations.

use async_trait::async_trait;
use balance::Ledger;
use gallery::GalleryWriter;
use kernel::{
    AccountId, Cursor, GenerationId, JobWriter, Page, PageSize, ProviderEvent, SpendCounter, StoreError,
    Timestamp,
};

use crate::{Generation, Intent, ProviderName};

/// What became of a new generation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inserted {
    /// It was kept, with the times of the database's clock.
    New(Generation),
    /// The same wish had a generation already; nothing was written.
    Existing(Generation),
}

/// The part of a unit of work that keeps generations.
///
/// **Contract**
/// - `insert` MUST set `created_at` to now and `deadline` to now plus its delay by the database's clock.
/// - `insert` of a wish that has a generation MUST give that one and write nothing, also when both come at once.
/// - `load` MUST keep others from changing the generation until the unit ends, or `update` MUST find out that they did.
/// - `update` MUST fail with `Conflict` when the stored version is not the given one; else it MUST store version + 1
///   and answer the generation with it.
/// - `under_way` MUST count the generations of that account whose credits are still set aside, those of this unit
///   included.
#[async_trait]
pub trait GenerationWriter: Send {
    /// Keeps a new generation, to be given up `lifetime` from now. Its times and version are set here.
    async fn insert(
        &mut self,
        generation: &Generation,
        lifetime: std::time::Duration,
    ) -> Result<Inserted, StoreError>;

    /// A generation.
    async fn load(&mut self, account: AccountId, id: GenerationId) -> Result<Option<Generation>, StoreError>;

    /// Stores a changed generation.
    async fn update(&mut self, generation: &Generation) -> Result<Generation, StoreError>;

    /// How many generations are under way.
    async fn under_way(&mut self, account: AccountId) -> Result<u16, StoreError>;
}

/// Whether a callback was seen before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parked {
    /// It is new.
    New,
    /// It came before.
    Repeat,
}

/// A verified callback, kept until it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParkedCallback {
    /// Who called.
    pub provider: ProviderName,
    /// Whose work.
    pub account: AccountId,
    /// Which generation.
    pub generation: GenerationId,
    /// Which attempt.
    pub attempt: u32,
    /// What was said.
    pub event: ProviderEvent,
}

/// The part of a unit of work that keeps callbacks.
///
/// **Contract**
/// - `park` of a callback with the provider and request id of an earlier one MUST be `Repeat` and change nothing.
/// - `settle` MUST keep the callback from being given again.
#[async_trait]
pub trait CallbackInbox: Send {
    /// Keeps a callback.
    async fn park(&mut self, callback: &ParkedCallback) -> Result<Parked, StoreError>;

    /// The callback has been used.
    async fn settle(&mut self, callback: &ParkedCallback) -> Result<(), StoreError>;
}

/// Changes of generations that commit together with their credits, images and jobs.
///
/// **Contract**
/// - Nothing MUST be visible to others before `commit`, and nothing at all after a drop.
/// - After any [`StoreError`] every later call and `commit` MUST fail with `Poisoned`.
#[async_trait]
pub trait UnitOfWork: Send {
    /// The generations within this unit.
    fn generations(&mut self) -> &mut dyn GenerationWriter;

    /// The ledger within this unit.
    fn ledger(&mut self) -> &mut dyn Ledger;

    /// The gallery within this unit.
    fn gallery(&mut self) -> &mut dyn GalleryWriter;

    /// The jobs within this unit.
    fn jobs(&mut self) -> &mut dyn JobWriter;

    /// The callbacks within this unit.
    fn callbacks(&mut self) -> &mut dyn CallbackInbox;

    /// What is spent at providers, within this unit.
    fn spending(&mut self) -> &mut dyn SpendCounter;

    /// Now, by the database's clock.
    async fn now(&mut self) -> Result<Timestamp, StoreError>;

    /// Makes all of it durable. Fails when any call in this unit failed.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}

/// Begins units of work on generations. A unit that is dropped leaves nothing behind.
///
/// **Contract**
/// - `erase_all` MUST remove every generation and callback of the account, and no other; it MUST be repeatable.
#[async_trait]
pub trait GenerationUnits: Send + Sync {
    /// Begins one.
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, StoreError>;

    /// Removes all generations of a person who is erased, whatever their state, with their callbacks; how many
    /// generations it removed. What was set aside for them is the caller's to release first.
    async fn erase_all(&self, account: AccountId) -> Result<u64, StoreError>;
}

/// Reads generations outside of a unit of work.
///
/// **Contract**
/// - `find` MUST give a generation of that account only.
/// - `parked` MUST give the unused callbacks of a generation in the order in which they came.
/// - `under_way` MUST list generations whose credits are still set aside, the newest first.
/// - `count` MUST count every generation of that account, ended ones included.
/// - `page` MUST list every generation of that account, the newest first, and a next page MUST start right after the last
///   row of this one.
#[async_trait]
pub trait GenerationReader: Send + Sync {
    /// A generation with the present moment by the database's clock.
    async fn find(
        &self,
        account: AccountId,
        id: GenerationId,
    ) -> Result<Option<(Generation, Timestamp)>, StoreError>;

    /// The generation that answers a wish.
    async fn find_by_intent(
        &self,
        account: AccountId,
        intent: &Intent,
    ) -> Result<Option<Generation>, StoreError>;

    /// Unused callbacks.
    async fn parked(&self, account: AccountId, id: GenerationId) -> Result<Vec<ParkedCallback>, StoreError>;

    /// Generations under way.
    async fn under_way(&self, account: AccountId, limit: u16) -> Result<Vec<GenerationId>, StoreError>;

    /// How many generations are kept.
    async fn count(&self, account: AccountId) -> Result<u64, StoreError>;

    /// The generations that are kept.
    async fn page(
        &self,
        account: AccountId,
        after: Option<Cursor>,
        size: PageSize,
    ) -> Result<Page<Generation>, StoreError>;
}
