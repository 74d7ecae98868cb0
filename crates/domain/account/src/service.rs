//! What the rest of the program does with accounts.

use std::sync::Arc;

use kernel::{AccountId, DigestPurpose, IdSource, Language, SecretDigests, StoreError};

use crate::{Account, Accounts, NewAccount, ProfileCache, ProfileChange, TelegramUserId, ZoneName};

/// Somebody at the door, as the messenger describes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// Their id at the messenger.
    pub telegram_user: TelegramUserId,
    /// The language tag that the messenger told, if any.
    pub language_tag: Option<String>,
}

/// Finds, registers and changes accounts.
pub struct AccountService {
    accounts: Arc<dyn Accounts>,
    cache: Arc<dyn ProfileCache>,
    ids: Arc<dyn IdSource>,
    digests: Arc<dyn SecretDigests>,
}

impl AccountService {
    /// A service over these ports.
    pub fn new(
        accounts: Arc<dyn Accounts>,
        cache: Arc<dyn ProfileCache>,
        ids: Arc<dyn IdSource>,
        digests: Arc<dyn SecretDigests>,
    ) -> Self {
        Self { accounts, cache, ids, digests }
    }

    /// The visitor's account; made on their first visit.
    pub async fn welcome(&self, visitor: &Visitor) -> Result<Account, StoreError> {
        match self.cache.get(visitor.telegram_user).await {
            Ok(Some(account)) => return Ok(account),
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "reading a profile from the cache failed"),
        }
        let account = match self.accounts.find(visitor.telegram_user).await? {
            Some(account) => account,
            None => self.accounts.register(&self.new_account(visitor)).await?.into_account(),
        };
        self.keep(visitor.telegram_user, &account).await;
        Ok(account)
    }

    /// The account of somebody who was here before.
    pub async fn find(&self, telegram_user: TelegramUserId) -> Result<Option<Account>, StoreError> {
        self.accounts.find(telegram_user).await
    }

    /// An account by id.
    pub async fn get(&self, account: AccountId) -> Result<Option<Account>, StoreError> {
        self.accounts.get(account).await
    }

    /// Changes one thing; the account after it, or `None` when it is gone.
    pub async fn change(
        &self,
        account: AccountId,
        change: &ProfileChange,
    ) -> Result<Option<Account>, StoreError> {
        let changed = self.accounts.change(account, change).await?;
        if let Some(telegram_user) = self.accounts.telegram_user(account).await? {
            self.forget(telegram_user).await;
        }
        Ok(changed)
    }

    fn new_account(&self, visitor: &Visitor) -> NewAccount {
        let language = Language::from_messenger(visitor.language_tag.as_deref());
        NewAccount {
            id: AccountId::new(self.ids.uuid()),
            telegram_user: visitor.telegram_user,
            identity_digest: self
                .digests
                .digest(DigestPurpose::Identity, visitor.telegram_user.to_string().as_bytes()),
            language,
            zone: ZoneName::usual_for(language),
        }
    }

    /// Keeps an account close by, once its terms are accepted: another process may be told of the acceptance, and nobody
    /// is asked for it twice.
    async fn keep(&self, telegram_user: TelegramUserId, account: &Account) {
        if !account.has_accepted_terms() {
            return;
        }
        if let Err(error) = self.cache.put(telegram_user, account).await {
            tracing::warn!(%error, "keeping a profile in the cache failed");
        }
    }

    async fn forget(&self, telegram_user: TelegramUserId) {
        if let Err(error) = self.cache.forget(telegram_user).await {
            tracing::warn!(%error, "removing a profile from the cache failed");
        }
    }
}
