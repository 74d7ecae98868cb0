//! What every command stands on: time, ids, the database and the services that need nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use account::AccountService;
use account::ProfileCache;
use anyhow::{Context as _, bail};
use balance::{BalanceCache, BalanceService, BalanceUnits};
use database_adapter::Database;
use embedded_adapter::{LocalBalanceCache, LocalProfileCache, SystemClock, SystemIds};
use kernel::{Clock, IdSource, SecretDigests};
use redis_adapter::{RedisBalanceCache, RedisProfileCache, RedisServer};
use secrecy::{ExposeSecret as _, SecretString};

use crate::configuration::{Configuration, DatabaseUrl, Migrate, WebSection};
use crate::digests::{HmacDigests, kept_secret};
use crate::metrics::{MeasuredUnits, Metrics, UnitBook};

/// What every command stands on.
#[derive(Clone)]
pub struct Foundation {
    /// Every setting.
    pub configuration: Arc<Configuration>,
    /// Time of this process.
    pub clock: Arc<dyn Clock>,
    /// Ids and chance.
    pub ids: Arc<dyn IdSource>,
    /// Everything that is kept in rows.
    pub database: Arc<Database>,
    /// Digests under the installation's secret.
    pub digests: Arc<dyn SecretDigests>,
    /// People.
    pub accounts: Arc<AccountService>,
    /// Credits.
    pub balances: Arc<BalanceService>,
    /// Accounts kept close by.
    pub profile_cache: Arc<dyn ProfileCache>,
    /// The server that several processes share, if there is one.
    pub redis: Option<RedisServer>,
    /// Figures for operators.
    pub metrics: Metrics,
}

/// Parts that take the place of the usual ones.
#[derive(Clone, Default)]
pub(crate) struct FoundationParts {
    pub(crate) clock: Option<Arc<dyn Clock>>,
    pub(crate) ids: Option<Arc<dyn IdSource>>,
    pub(crate) balance_cache: Option<Arc<dyn BalanceCache>>,
    pub(crate) profile_cache: Option<Arc<dyn ProfileCache>>,
}

/// What a schema that is behind this release means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Schema {
    /// It is brought up to date, when the configuration says so, and must be up to date then.
    UpToDate,
    /// It is left as it is.
    AsItIs,
}

impl Foundation {
    /// The foundation of the commands, on a schema that is up to date.
    ///
    /// # Errors
    /// When the database or the installation's secret cannot be had.
    pub async fn build(configuration: Configuration) -> anyhow::Result<Self> {
        // Boxed, because every command that stands on it would be as large as all that it is made of.
        Box::pin(Self::with(configuration, FoundationParts::default(), Schema::UpToDate)).await
    }

    pub(crate) async fn with(
        configuration: Configuration,
        parts: FoundationParts,
        schema: Schema,
    ) -> anyhow::Result<Self> {
        let clock = parts.clock.unwrap_or_else(|| Arc::new(SystemClock));
        let ids = parts.ids.unwrap_or_else(|| Arc::new(SystemIds::new(Arc::clone(&clock))));
        if let Some(directory) = configuration.database.url.directory() {
            make_private_directory(directory)?;
        }
        let database = connect(&configuration, Arc::clone(&ids)).await?;
        if schema == Schema::UpToDate {
            bring_up_to_date(&database, configuration.database.migrate).await?;
        }
        let digests: Arc<dyn SecretDigests> = Arc::new(digests(&configuration, ids.as_ref())?);
        let redis = redis(&configuration)?;
        let profile_cache = parts.profile_cache.unwrap_or_else(|| profile_cache(redis.as_ref(), &clock));
        let balance_cache = parts.balance_cache.unwrap_or_else(|| balance_cache(redis.as_ref(), &clock));
        let accounts = AccountService::new(
            Arc::clone(&database) as _,
            Arc::clone(&profile_cache),
            Arc::clone(&ids),
            Arc::clone(&digests),
        );
        let metrics = Metrics::new().context("the table of metrics makes no sense")?;
        let book = UnitBook::new(metrics.clone(), Arc::clone(&clock), BTreeMap::new());
        let units: Arc<dyn BalanceUnits> = Arc::clone(&database) as _;
        let balances = BalanceService::new(
            Arc::new(MeasuredUnits::new(units, Arc::new(book))),
            Arc::clone(&database) as _,
            balance_cache,
            Arc::clone(&ids),
        );
        Ok(Self {
            configuration: Arc::new(configuration),
            clock,
            ids,
            database,
            digests,
            accounts: Arc::new(accounts),
            balances: Arc::new(balances),
            profile_cache,
            redis,
            metrics,
        })
    }
}

fn redis(configuration: &Configuration) -> anyhow::Result<Option<RedisServer>> {
    let server = configuration.redis.server.as_ref().map(RedisServer::new).transpose();
    server.context("the server of AISHA_REDIS__URL cannot be used")
}

fn profile_cache(redis: Option<&RedisServer>, clock: &Arc<dyn Clock>) -> Arc<dyn ProfileCache> {
    match redis {
        Some(redis) => Arc::new(RedisProfileCache::new(redis.clone())),
        None => Arc::new(LocalProfileCache::new(Arc::clone(clock))),
    }
}

fn balance_cache(redis: Option<&RedisServer>, clock: &Arc<dyn Clock>) -> Arc<dyn BalanceCache> {
    match redis {
        Some(redis) => Arc::new(RedisBalanceCache::new(redis.clone())),
        None => Arc::new(LocalBalanceCache::new(Arc::clone(clock))),
    }
}

async fn connect(configuration: &Configuration, ids: Arc<dyn IdSource>) -> anyhow::Result<Arc<Database>> {
    let url = match &configuration.database.url {
        DatabaseUrl::Sqlite { url, .. } => url.as_str(),
        DatabaseUrl::Postgres { url } => url.expose_secret(),
    };
    let database = Database::connect(url, &configuration.database.options, ids)
        .await
        .context("the database of AISHA_DATABASE__URL cannot be used")?;
    Ok(Arc::new(database))
}

async fn bring_up_to_date(database: &Database, migrate: Migrate) -> anyhow::Result<()> {
    let pending =
        Box::pin(database.pending_migrations()).await.context("the database's schema cannot be read")?;
    if pending.is_empty() {
        return Ok(());
    }
    match migrate {
        Migrate::AtStart => {
            Box::pin(database.migrate())
                .await
                .context("the database's schema cannot be brought up to date")?;
            tracing::info!(changes = pending.len(), "the database was migrated");
            Ok(())
        }
        Migrate::ByCommand => {
            bail!("the database is {} changes behind this release: run `migrate up` first", pending.len())
        }
    }
}

fn digests(configuration: &Configuration, ids: &dyn IdSource) -> anyhow::Result<HmacDigests> {
    let secret: SecretString = match &configuration.web.secret {
        Some(secret) => secret.clone(),
        None => match configuration.database.url.directory() {
            Some(directory) => kept_secret(directory, ids)?,
            None => return Err(WebSection::secret_missing().into()),
        },
    };
    Ok(HmacDigests::new(&secret)?)
}

/// A directory that only we may enter. One that is there stays as it is.
fn make_private_directory(directory: &Path) -> anyhow::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(directory).with_context(|| format!("the directory {} cannot be made", directory.display()))
}
