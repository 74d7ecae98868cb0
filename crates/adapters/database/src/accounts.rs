//! Accounts, and who they are at the messenger.

use account::{
    Account, Accounts, ImageDefaults, NewAccount, ProfileChange, Registration, Standing, TelegramUserId,
    TermsVersion, WelcomeGrant,
};
use async_trait::async_trait;
use kernel::{AccountId, ImageCount, StoreError};
use sea_orm::{DatabaseTransaction, Value};

use crate::Database;
use crate::row::Row;
use crate::statement::{Connection, execute, fetch_one, fetch_optional, values};

const TABLE: &str = "accounts";

const COLUMNS: &str = "account_id, language, zone, standing, accepted_terms, welcome, aspect_ratio, image_count, \
    created_at";

/// Not joined with the account: identities are found by person, accounts lie where their id says.
const IDENTITY: &str = "SELECT account_id FROM identities WHERE telegram_user_id = $1";

const TELEGRAM_USER: &str = "SELECT account_id, telegram_user_id FROM identities WHERE account_id = $1";

const IDENTIFY: &str = "
    INSERT INTO identities (telegram_user_id, account_id) VALUES ($1, $2)
    ON CONFLICT (telegram_user_id) DO NOTHING";

const REMEMBER_WELCOME: &str = "
    INSERT INTO welcome_digests (identity_digest, account_id) VALUES ($1, $2)
    ON CONFLICT (identity_digest) DO NOTHING";

const INSERT: &str = "
    INSERT INTO accounts (account_id, language, zone, standing, welcome, aspect_ratio, image_count, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, now_micros())
    RETURNING created_at";

const WELCOME_DUE: &str = "due";
const WELCOME_GIVEN_BEFORE: &str = "given-before";

#[async_trait]
impl Accounts for Database {
    async fn find(&self, telegram_user: TelegramUserId) -> Result<Option<Account>, StoreError> {
        find(self.reader(), telegram_user).await
    }

    async fn get(&self, account: AccountId) -> Result<Option<Account>, StoreError> {
        get(self.reader(), account).await
    }

    async fn telegram_user(&self, account: AccountId) -> Result<Option<TelegramUserId>, StoreError> {
        let values = values![account.uuid()];
        let row = fetch_optional(self.reader(), "identities", TELEGRAM_USER, values).await?;
        row.map(|row| row.get("telegram_user_id").map(TelegramUserId::new)).transpose()
    }

    async fn register(&self, new: &NewAccount) -> Result<Registration, StoreError> {
        let transaction = self.begin().await?;
        let identity = values![new.telegram_user.get(), new.id.uuid()];
        if execute(&transaction, IDENTIFY, identity).await? == 0 {
            let known = find(&transaction, new.telegram_user).await?.ok_or(StoreError::Inconsistent {
                table: "identities",
                column: "account_id",
                id: "of a person without an account".to_owned(),
            })?;
            return Ok(Registration::Known(known));
        }
        let account = insert(&transaction, new).await?;
        Database::commit(transaction).await?;
        Ok(Registration::New(account))
    }

    async fn change(
        &self,
        account: AccountId,
        change: &ProfileChange,
    ) -> Result<Option<Account>, StoreError> {
        let (assignment, value) = assignment(change);
        let statement = format!("UPDATE accounts SET {assignment} WHERE account_id = $1 RETURNING {COLUMNS}");
        let values = vec![account.uuid().into(), value];
        let row = fetch_optional(self.writer(), TABLE, &statement, values).await?;
        row.as_ref().map(Account::try_from).transpose()
    }
}

async fn find<C: Connection>(
    connection: &C,
    telegram_user: TelegramUserId,
) -> Result<Option<Account>, StoreError> {
    let values = values![telegram_user.get()];
    let Some(row) = fetch_optional(connection, "identities", IDENTITY, values).await? else {
        return Ok(None);
    };
    get(connection, row.id("account_id", AccountId::new)?).await
}

async fn get<C: Connection>(connection: &C, account: AccountId) -> Result<Option<Account>, StoreError> {
    let statement = format!("SELECT {COLUMNS} FROM accounts WHERE account_id = $1");
    let row = fetch_optional(connection, TABLE, &statement, values![account.uuid()]).await?;
    row.as_ref().map(Account::try_from).transpose()
}

async fn insert(transaction: &DatabaseTransaction, new: &NewAccount) -> Result<Account, StoreError> {
    let welcome = values![new.identity_digest.as_str(), new.id.uuid()];
    // The identity is new, so that a digest which is there came with an account that is gone.
    let welcome = match execute(transaction, REMEMBER_WELCOME, welcome).await? {
        1 => WelcomeGrant::Due,
        _ => WelcomeGrant::GivenBefore,
    };
    let defaults = ImageDefaults::default();
    let values = values![
        new.id.uuid(),
        new.language.tag(),
        new.zone.as_str(),
        Standing::default().as_str(),
        welcome_name(welcome),
        defaults.aspect_ratio.as_str(),
        i64::from(defaults.count.get()),
    ];
    let row = fetch_one(transaction, TABLE, INSERT, values).await?;
    Ok(Account {
        id: new.id,
        language: new.language,
        zone: new.zone.clone(),
        standing: Standing::default(),
        accepted_terms: None,
        welcome,
        defaults,
        created_at: row.time("created_at")?,
    })
}

/// The assignment that makes a change, with its value as `$2`.
fn assignment(change: &ProfileChange) -> (&'static str, Value) {
    match change {
        ProfileChange::Language(language) => ("language = $2", language.tag().into()),
        ProfileChange::Zone(zone) => ("zone = $2", zone.as_str().into()),
        ProfileChange::AspectRatio(ratio) => ("aspect_ratio = $2", ratio.as_str().into()),
        ProfileChange::Count(count) => ("image_count = $2", i64::from(count.get()).into()),
        ProfileChange::AcceptedTerms(TermsVersion(version)) => (
            "accepted_terms = CASE WHEN accepted_terms >= $2 THEN accepted_terms ELSE $2 END",
            i64::from(*version).into(),
        ),
        ProfileChange::Standing(standing) => ("standing = $2", standing.as_str().into()),
    }
}

const fn welcome_name(welcome: WelcomeGrant) -> &'static str {
    match welcome {
        WelcomeGrant::Due => WELCOME_DUE,
        WelcomeGrant::GivenBefore => WELCOME_GIVEN_BEFORE,
    }
}

impl TryFrom<&Row> for Account {
    type Error = StoreError;

    fn try_from(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id("account_id", AccountId::new)?,
            language: row.parsed("language")?,
            zone: row.parsed("zone")?,
            standing: row.parsed("standing")?,
            accepted_terms: accepted_terms(row)?,
            welcome: match row.get::<String>("welcome")?.as_str() {
                WELCOME_DUE => WelcomeGrant::Due,
                WELCOME_GIVEN_BEFORE => WelcomeGrant::GivenBefore,
                _ => return Err(row.inconsistent("welcome")),
            },
            defaults: ImageDefaults {
                aspect_ratio: row.parsed("aspect_ratio")?,
                count: ImageCount::new(row.number("image_count")?)
                    .map_err(|_| row.inconsistent("image_count"))?,
            },
            created_at: row.time("created_at")?,
        })
    }
}

fn accepted_terms(row: &Row) -> Result<Option<TermsVersion>, StoreError> {
    row.get::<Option<i64>>("accepted_terms")?
        .map(|version| u32::try_from(version).map(TermsVersion))
        .transpose()
        .map_err(|_| row.inconsistent("accepted_terms"))
}
