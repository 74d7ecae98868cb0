//! Accounts.

use account::{
    Account, Accounts, ImageDefaults, NewAccount, ProfileChange, Registration, Standing, TelegramUserId,
    WelcomeGrant,
};
use async_trait::async_trait;
use kernel::{AccountId, StoreError};

use super::MemoryDatabase;

#[async_trait]
impl Accounts for MemoryDatabase {
    async fn find(&self, telegram_user: TelegramUserId) -> Result<Option<Account>, StoreError> {
        self.read("accounts.find", |tables, _| {
            let id = tables.identities.get(&telegram_user);
            Ok(id.and_then(|id| tables.accounts.get(id)).cloned())
        })
        .await
    }

    async fn get(&self, account: AccountId) -> Result<Option<Account>, StoreError> {
        self.read("accounts.get", |tables, _| Ok(tables.accounts.get(&account).cloned())).await
    }

    async fn telegram_user(&self, account: AccountId) -> Result<Option<TelegramUserId>, StoreError> {
        self.read("accounts.telegram_user", |tables, _| {
            Ok(tables.identities.iter().find(|(_, id)| **id == account).map(|(user, _)| *user))
        })
        .await
    }

    async fn register(&self, new: &NewAccount) -> Result<Registration, StoreError> {
        self.write("accounts.register", |tables, now| {
            if let Some(known) =
                tables.identities.get(&new.telegram_user).and_then(|id| tables.accounts.get(id)).cloned()
            {
                return Ok(Registration::Known(known));
            }
            let first = *tables.welcome_digests.entry(new.identity_digest.clone()).or_insert(new.id);
            let account = Account {
                id: new.id,
                language: new.language,
                zone: new.zone.clone(),
                standing: Standing::Active,
                accepted_terms: None,
                welcome: if first == new.id { WelcomeGrant::Due } else { WelcomeGrant::GivenBefore },
                defaults: ImageDefaults::default(),
                created_at: now,
            };
            tables.identities.insert(new.telegram_user, new.id);
            tables.accounts.insert(new.id, account.clone());
            Ok(Registration::New(account))
        })
        .await
    }

    async fn change(
        &self,
        account: AccountId,
        change: &ProfileChange,
    ) -> Result<Option<Account>, StoreError> {
        self.write("accounts.change", |tables, _| {
            let Some(account) = tables.accounts.get_mut(&account) else {
                return Ok(None);
            };
            match change {
                ProfileChange::Language(language) => account.language = *language,
                ProfileChange::Zone(zone) => account.zone = zone.clone(),
                ProfileChange::AspectRatio(ratio) => account.defaults.aspect_ratio = *ratio,
                ProfileChange::Count(count) => account.defaults.count = *count,
                ProfileChange::AcceptedTerms(version) => {
                    account.accepted_terms = account.accepted_terms.max(Some(*version));
                }
                ProfileChange::Standing(standing) => account.standing = *standing,
            }
            Ok(Some(account.clone()))
        })
        .await
    }
}
