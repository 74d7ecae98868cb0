//! The port of the accounts.

use async_trait::async_trait;
use kernel::{AccountId, AspectRatio, ImageCount, Language, StoreError};

use crate::{Account, Standing, TelegramUserId, TermsVersion, ZoneName};

/// A person who is not yet known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// The id to give, unless the person is known already.
    pub id: AccountId,
    /// Who they are at the messenger.
    pub telegram_user: TelegramUserId,
    /// A keyed digest of that, which outlives an erased account.
    pub identity_digest: String,
    /// The language that the messenger told.
    pub language: Language,
    /// The zone to begin with.
    pub zone: ZoneName,
}

/// The outcome of a registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Registration {
    /// The person is new.
    New(Account),
    /// The person was known; nothing was changed.
    Known(Account),
}

impl Registration {
    /// The account in either case.
    pub fn into_account(self) -> Account {
        match self {
            Self::New(account) | Self::Known(account) => account,
        }
    }
}

/// One change of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProfileChange {
    /// Speak this language.
    Language(Language),
    /// Show times in this zone.
    Zone(ZoneName),
    /// Make images of this shape.
    AspectRatio(AspectRatio),
    /// Make this many images.
    Count(ImageCount),
    /// These terms were accepted.
    AcceptedTerms(TermsVersion),
    /// Let in, or keep out.
    Standing(Standing),
}

/// Keeps accounts. Each call is one transaction.
///
/// **Contract**
/// - Concurrent registrations of one person MUST give one account.
/// - The welcome grant MUST be `Due` for a digest that was never seen, and for the account that it was first seen with;
///   `GivenBefore` for any later account.
/// - `change` MUST change that one thing, and MUST answer `None` for an account that does not exist.
/// - Accepting lower terms than were accepted MUST change nothing.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// The account of a person.
    async fn find(&self, telegram_user: TelegramUserId) -> Result<Option<Account>, StoreError>;

    /// An account by id.
    async fn get(&self, account: AccountId) -> Result<Option<Account>, StoreError>;

    /// Who the account's person is at the messenger; `None` when the account is gone.
    async fn telegram_user(&self, account: AccountId) -> Result<Option<TelegramUserId>, StoreError>;

    /// Makes the person known.
    async fn register(&self, new: &NewAccount) -> Result<Registration, StoreError>;

    /// Changes one thing; the account after it.
    async fn change(&self, account: AccountId, change: &ProfileChange)
    -> Result<Option<Account>, StoreError>;
}
