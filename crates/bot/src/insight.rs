//! What a bot knows, seen from outside of its process: by the sandbox's page, and by tests.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use avatar::AvatarState;
use balance::LedgerEntry;
use database_adapter::{
    AccountBalance, ConnectError, Database, DatabaseOptions, MainAvatar, Owned, ShownAvatar,
};
use embedded_adapter::{SystemClock, SystemIds};
use generation::Generation;
use kernel::{CreditsError, JobRecord, JobState, StoreError};
use secrecy::{ExposeSecret as _, SecretString};
use thiserror::Error;
use tokio::sync::OnceCell;

/// How many lines of each kind are shown.
const LINES: u16 = 500;
/// How long the bot's writing is waited for; looking again is cheaper than waiting.
const BUSY_TIMEOUT: Duration = Duration::from_millis(250);

/// Looks into a bot's database without changing it. The connection is made when the database is there, and is kept.
#[derive(Debug)]
pub struct Observer {
    place: Place,
    database: OnceCell<Database>,
}

/// Where a bot's database is.
#[derive(Debug)]
enum Place {
    /// In this SQLite file.
    File(PathBuf),
    /// At a server. The address may hold a password.
    Server(SecretString),
}

/// What a bot knows, each kind newest first and only the latest of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observation {
    /// Balances.
    pub balances: Vec<ObservedBalance>,
    /// Ledger entries.
    pub entries: Vec<ObservedEntry>,
    /// Jobs.
    pub jobs: Vec<ObservedJob>,
    /// Generations.
    pub generations: Vec<ObservedGeneration>,
    /// Avatars that are not deleted.
    pub avatars: Vec<ObservedAvatar>,
}

/// The balance of a person, in credits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedBalance {
    /// Telegram's id of the person.
    pub telegram_id: i64,
    /// Given credits that can be spent.
    pub bonus: i64,
    /// Bought credits that can be spent.
    pub paid: i64,
    /// Credits set aside for work under way.
    pub held: i64,
}

/// A ledger entry. Amounts are in credits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedEntry {
    /// When, in Unix milliseconds.
    pub at: i64,
    /// Telegram's id of the person; `None` when they are gone.
    pub telegram_id: Option<i64>,
    /// What it was: `grant-bonus`, `hold`, `capture`, …
    pub kind: &'static str,
    /// The amount that was asked for.
    pub amount: i64,
    /// Change of the given credits that can be spent.
    pub bonus: i64,
    /// Change of the bought credits that can be spent.
    pub paid: i64,
    /// Change of the credits that are set aside.
    pub held: i64,
    /// The operation's key.
    pub key: String,
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedJob {
    /// Its id, which is only unique among those of one account.
    pub id: String,
    /// What it does: `advance-generation`, …
    pub kind: &'static str,
    /// Where it stands: `ready`, `running`, …
    pub state: &'static str,
    /// Claims without completion so far.
    pub attempt: u32,
    /// When it is due, in Unix milliseconds.
    pub run_at: i64,
}

/// A generation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedGeneration {
    /// Its id.
    pub id: String,
    /// Telegram's id of the person; `None` when they are gone.
    pub telegram_id: Option<i64>,
    /// Where it stands: `held`, `submitted`, …
    pub state: &'static str,
    /// What was asked for.
    pub prompt: String,
    /// The model of the latest attempt.
    pub model: String,
    /// The price of everything that was asked for, in credits.
    pub price: i64,
}

/// An avatar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedAvatar {
    /// Its id.
    pub id: String,
    /// Telegram's id of the person; `None` when they are gone.
    pub telegram_id: Option<i64>,
    /// What it is called; empty before that was asked.
    pub name: String,
    /// What it is a model of: `portrait`, `style` or `instant`; `None` before that was asked.
    pub kind: Option<&'static str>,
    /// Where it stands: `collecting`, `training`, `ready`, …
    pub status: &'static str,
    /// The share of its training that is done, 0 to 100, while that is known.
    pub percent: Option<u8>,
    /// Whether it is the person's main avatar.
    pub main: bool,
}

/// Why nothing was seen.
#[derive(Debug, Error)]
pub enum ObserveError {
    /// The bot has not made its database yet.
    #[error("there is no database yet")]
    NotThere,
    /// It cannot be opened.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// It cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A price is out of range.
    #[error(transparent)]
    Price(#[from] CreditsError),
}

impl Observer {
    /// Looks into the database in `file`, which need not be there yet.
    pub fn of(file: PathBuf) -> Self {
        Self { place: Place::File(file), database: OnceCell::new() }
    }

    /// Looks into the database at this address, such as `postgres://…`.
    pub fn of_server(url: &str) -> Self {
        Self { place: Place::Server(SecretString::from(url)), database: OnceCell::new() }
    }

    /// What the bot knows now.
    ///
    /// # Errors
    /// When there is no database yet, or it cannot be read.
    pub async fn observe(&self) -> Result<Observation, ObserveError> {
        let database = self.database.get_or_try_init(|| self.open()).await?;
        let insight = database.insight(LINES).await?;
        Ok(Observation {
            balances: insight.balances.iter().filter_map(ObservedBalance::of).collect(),
            entries: insight.entries.iter().map(ObservedEntry::of).collect(),
            jobs: insight.jobs.iter().map(ObservedJob::of).collect(),
            generations: insight.generations.iter().map(ObservedGeneration::of).collect::<Result<_, _>>()?,
            avatars: insight.avatars.iter().map(ObservedAvatar::of).collect(),
        })
    }

    async fn open(&self) -> Result<Database, ObserveError> {
        let ids = Arc::new(SystemIds::new(Arc::new(SystemClock)));
        let options =
            DatabaseOptions { max_connections: 1, busy_timeout: BUSY_TIMEOUT, ..DatabaseOptions::default() };
        let file = match &self.place {
            Place::Server(url) => return Ok(Database::connect(url.expose_secret(), &options, ids).await?),
            Place::File(file) => file,
        };
        // An empty file is one that the bot is just making.
        if !std::fs::metadata(file).is_ok_and(|file| file.len() > 0) {
            return Err(ObserveError::NotThere);
        }
        let url = format!("sqlite://{}?mode=ro", file.display());
        Ok(Database::connect(&url, &options, ids).await?)
    }
}

impl ObservedBalance {
    /// The balance of an account whose person is known.
    fn of(balance: &AccountBalance) -> Option<Self> {
        Some(Self {
            telegram_id: balance.telegram_user?.get(),
            bonus: balance.sheet.available.bonus.get(),
            paid: balance.sheet.available.paid.get(),
            held: balance.sheet.set_aside().get(),
        })
    }
}

impl ObservedEntry {
    fn of(entry: &Owned<LedgerEntry>) -> Self {
        let item = &entry.item;
        Self {
            at: millis(item.created_at.as_micros()),
            telegram_id: entry.telegram_user.map(account::TelegramUserId::get),
            kind: item.kind.as_str(),
            amount: item.amount.get(),
            bonus: item.bonus_delta,
            paid: item.paid_delta,
            held: item.held_bonus_delta.saturating_add(item.held_paid_delta),
            key: item.key.as_str().to_owned(),
        }
    }
}

impl ObservedJob {
    fn of(job: &Owned<JobRecord>) -> Self {
        let item = &job.item;
        Self {
            id: item.job.to_string(),
            kind: item.kind.as_str(),
            state: name_of(item.state),
            attempt: item.attempt,
            run_at: millis(item.run_at.as_micros()),
        }
    }
}

impl ObservedGeneration {
    fn of(generation: &Owned<Generation>) -> Result<Self, CreditsError> {
        let item = &generation.item;
        Ok(Self {
            id: item.id.to_string(),
            telegram_id: generation.telegram_user.map(account::TelegramUserId::get),
            state: item.state.name().as_str(),
            prompt: item.request.prompt.as_str().to_owned(),
            model: item.plan.model.as_str().to_owned(),
            price: item.full_price()?.get(),
        })
    }
}

impl ObservedAvatar {
    fn of(shown: &Owned<ShownAvatar>) -> Self {
        let avatar = &shown.item.avatar;
        let percent = match &avatar.state {
            AvatarState::Training { progress, .. } => progress.done.map(kernel::Percent::get),
            _ => None,
        };
        Self {
            id: avatar.id.to_string(),
            telegram_id: shown.telegram_user.map(account::TelegramUserId::get),
            name: avatar.title().to_owned(),
            kind: avatar.kind.as_ref().map(|kind| kind.name().as_str()),
            status: avatar.state.name().as_str(),
            percent,
            main: shown.item.main == MainAvatar::Yes,
        }
    }
}

const fn name_of(state: JobState) -> &'static str {
    match state {
        JobState::Ready => "ready",
        JobState::Running => "running",
        JobState::Done => "done",
        JobState::Buried => "buried",
    }
}

const fn millis(micros: i64) -> i64 {
    micros.div_euclid(1_000)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use account::{Accounts, NewAccount, TelegramUserId, ZoneName};
    use avatar::{
        Avatar, AvatarKind, AvatarName, AvatarUnits, Consent, ConsentVersion, News, NextTraining,
        TrainingProgress, WizardStep,
    };
    use balance::{Operation, OperationKey};
    use generation::GenerationUnits;
    use kernel::{
        AccountId, Audience, AvatarId, ChatId, Credits, IdSource as _, JobKind, Language, LedgerEntryId,
        NewJob, Percent, ProviderHandle,
    };
    use tempfile::TempDir;

    use super::*;

    /// What the bot does at its start and at somebody's first visit.
    async fn welcome_somebody(file: &std::path::Path) -> Database {
        let ids = Arc::new(SystemIds::new(Arc::new(SystemClock)));
        let url = format!("sqlite://{}", file.display());
        let database =
            Database::connect(&url, &DatabaseOptions::default(), Arc::clone(&ids) as _).await.unwrap();
        database.migrate().await.unwrap();
        let account = AccountId::new(ids.uuid());
        let new = NewAccount {
            id: account,
            telegram_user: TelegramUserId::new(7),
            identity_digest: "digest".to_owned(),
            language: Language::English,
            zone: ZoneName::utc(),
        };
        database.register(&new).await.unwrap();
        let mut unit = GenerationUnits::begin(&database).await.unwrap();
        let grant = Operation::GrantBonus { amount: Credits::of(40) };
        let entry = LedgerEntryId::new(ids.uuid());
        unit.ledger().record(account, entry, &OperationKey::welcome(), &grant, "welcome").await.unwrap();
        let job = NewJob::now(account, JobKind::EraseGalleryItem, ids.uuid());
        unit.jobs().schedule(&job).await.unwrap();
        unit.commit().await.unwrap();
        begin_avatar(&database, account, ids.uuid()).await;
        database
    }

    /// An avatar of which a trainer has done 42 %, and which is to be the main one.
    async fn begin_avatar(database: &Database, account: AccountId, id: uuid::Uuid) {
        let now = database.now().await.unwrap();
        let progress = TrainingProgress { position: None, done: Some(Percent::new(42)) };
        let avatar = Avatar {
            id: AvatarId::new(id),
            account,
            consent: Consent {
                version: ConsentVersion::CURRENT,
                text_digest: "digest".to_owned(),
                given_at: now,
            },
            name: Some(AvatarName::new("Anna").unwrap()),
            kind: Some(AvatarKind::Style),
            step: WizardStep::Confirm,
            preset: None,
            state: AvatarState::Training { since: now, handle: ProviderHandle::new("handle"), progress },
            audience: Audience { chat: ChatId::new(7), progress_message: None },
            leafing_message: None,
            compared: BTreeSet::new(),
            next_training: NextTraining::Paid,
            training: None,
            weights: None,
            news: News::None,
            leaving_photos: 0,
            ready_at: None,
            created_at: now,
            updated_at: now,
            version: 0,
        };
        let mut unit = AvatarUnits::begin(database).await.unwrap();
        unit.avatars().insert(&avatar).await.unwrap();
        unit.avatars().make_main(account, avatar.id).await.unwrap();
        unit.commit().await.unwrap();
    }

    #[tokio::test]
    async fn nothing_is_seen_until_the_bot_has_made_its_database() {
        let directory = TempDir::new().unwrap();
        let file = directory.path().join("aisha.db");
        let observer = Observer::of(file.clone());
        assert!(matches!(observer.observe().await, Err(ObserveError::NotThere)));
        assert!(!file.exists(), "looking makes no file");

        let database = welcome_somebody(&file).await;
        assert_eq!(observer.observe().await.unwrap().balances.len(), 1);
        database.close().await.unwrap();
    }

    #[tokio::test]
    async fn what_the_bot_has_written_is_seen_at_once() {
        let directory = TempDir::new().unwrap();
        let file = directory.path().join("aisha.db");
        let database = welcome_somebody(&file).await;

        let seen = Observer::of(file).observe().await.unwrap();
        assert_eq!(seen.balances, [ObservedBalance { telegram_id: 7, bonus: 40, paid: 0, held: 0 }]);
        let [entry] = seen.entries.as_slice() else { panic!("one entry") };
        assert_eq!((entry.telegram_id, entry.kind, entry.bonus), (Some(7), "grant-bonus", 40));
        assert!(entry.at > 1_700_000_000_000, "milliseconds");
        let [job] = seen.jobs.as_slice() else { panic!("one job") };
        assert_eq!((job.kind, job.state, job.attempt), ("erase-gallery-item", "ready", 0));
        assert_eq!(seen.generations, []);
        let [avatar] = seen.avatars.as_slice() else { panic!("one avatar") };
        let expected = ObservedAvatar {
            id: avatar.id.clone(),
            telegram_id: Some(7),
            name: "Anna".to_owned(),
            kind: Some("style"),
            status: "training",
            percent: Some(42),
            main: true,
        };
        assert_eq!(*avatar, expected);
        database.close().await.unwrap();
    }
}
