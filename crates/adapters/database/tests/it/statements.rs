//! Which statements are sent: how many for what, which of them are logged as slow, and how connections are used.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use balance::{BalanceUnits, Operation, OperationKey};
use database_adapter::{ConnectError, Database, DatabaseOptions, PoolUse};
use kernel::{AccountId, Credits, HoldId, IdSource, LedgerEntryId};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use crate::fixture::{Counter, Fixture};

/// Every statement that the driver logs as slow.
#[derive(Debug, Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().expect("a log"))
    }
}

/// Each operation on money in a unit of work of its own, as `BalanceService` records it: lock the balance, look what is
/// known of the key and the hold, write all of it, commit. The driver begins the transaction before, without a word to its
/// log.
#[tokio::test]
async fn an_operation_on_money_takes_four_statements_and_a_begin() {
    let fixture = Fixture::postgres().await;
    let database = open(&fixture.url, options(Duration::ZERO, 1)).await.expect("a connection");
    let account = fixture.account();
    let [first, second] = [(); 2].map(|()| HoldId::new(fixture.ids.uuid()));
    let hold = |hold| Operation::Hold { hold, amount: Credits::of(10), time_to_live: Duration::from_mins(5) };
    record(&fixture, &database, account, "opening", Operation::GrantPaid { amount: Credits::of(100) }).await;

    let log = Log::default();
    let _listening = tracing::subscriber::set_default(log.clone());
    for (name, operation, expected) in [
        ("grant", Operation::GrantPaid { amount: Credits::of(5) }, 4),
        ("hold", hold(first), 4),
        ("capture", Operation::Capture { hold: first, amount: Credits::of(7) }, 4),
        ("refund", Operation::Refund { hold: first, amount: Credits::of(1) }, 4),
        ("hold again", hold(second), 4),
        ("release", Operation::Release { hold: second }, 4),
        ("claw back", Operation::ClawBack { amount: Credits::of(5) }, 4),
        // Asked again, nothing is written.
        ("release", Operation::Release { hold: second }, 3),
    ] {
        record(&fixture, &database, account, name, operation).await;
        let statements = log.take();
        assert_eq!(statements.len(), expected, "{name}: {statements:#?}");
    }
}

/// A slow statement is logged with its text and how long it took, never with its values.
#[tokio::test]
async fn a_slow_statement_is_logged_without_its_values() {
    // SQLite's statements are run, and logged in the same way, by a thread of the driver's own.
    let fixture = Fixture::postgres().await;
    let quick = open(&fixture.url, options(Duration::from_hours(1), 1)).await.expect("a connection");
    let slow = open(&fixture.url, options(Duration::ZERO, 1)).await.expect("a connection");
    let log = Log::default();
    let _listening = tracing::subscriber::set_default(log.clone());
    let account = fixture.account();
    record(&fixture, &quick, account, "a-secret", Operation::GrantPaid { amount: Credits::of(5) }).await;
    assert_eq!(log.take(), Vec::<String>::new(), "nothing is slow");
    let secret = Operation::GrantPaid { amount: Credits::of(5) };
    record(&fixture, &slow, fixture.account(), "a-secret", secret).await;
    let logged = log.take();
    assert!(logged.iter().any(|line| line.contains("SELECT account_id, bonus, paid")), "{logged:#?}");
    assert!(logged.iter().all(|line| line.contains("elapsed")), "{logged:#?}");
    assert!(logged.iter().all(|line| !line.contains("a-secret")), "{logged:#?}");
}

/// How the connections are used can be read at any time.
#[tokio::test]
async fn the_use_of_connections_is_counted() {
    let fixture = Fixture::postgres().await;
    let database = open(&fixture.url, options(Duration::from_secs(1), 3)).await.expect("a connection");
    let units: &dyn BalanceUnits = &database;
    let held = [units.begin().await.expect("a unit"), units.begin().await.expect("a unit")];
    let [pool] = database.pools().try_into().expect("one pool");
    assert_eq!((pool.purpose, pool.most, pool.in_use()), (PoolUse::Everything, 3, 2));
    drop(held);
    let fixture = Fixture::sqlite().await;
    let unit = BalanceUnits::begin(fixture.database.as_ref()).await.expect("a unit");
    let [writing, reading] = fixture.database.pools().try_into().expect("two pools");
    assert_eq!((writing.purpose, writing.most, writing.in_use()), (PoolUse::Writing, 1, 1));
    assert_eq!((reading.purpose, reading.in_use()), (PoolUse::Reading, 0));
    drop(unit);
}

/// Nobody waits for a connection for ever, nor for a statement.
#[tokio::test]
async fn waits_have_limits() {
    let fixture = Fixture::postgres().await;
    let impatient = DatabaseOptions {
        acquire_timeout: Duration::from_secs(1),
        statement_timeout: Duration::from_secs(1),
        ..options(Duration::from_hours(1), 1)
    };
    let database = open(&fixture.url, impatient).await.expect("a connection");
    let unit = BalanceUnits::begin(&database).await.expect("a unit");
    let none_left = BalanceUnits::begin(&database).await.map(|_| ());
    assert!(matches!(none_left, Err(kernel::StoreError::Unavailable(_))), "{none_left:?}");
    drop(unit);

    let account = fixture.account();
    record(&fixture, &database, account, "opening", Operation::GrantPaid { amount: Credits::of(5) }).await;
    let mut first = BalanceUnits::begin(fixture.database.as_ref()).await.expect("a unit");
    let grant = Operation::GrantPaid { amount: Credits::of(5) };
    let entry = || LedgerEntryId::new(fixture.ids.uuid());
    let key = |name: &str| name.parse::<OperationKey>().expect("a key");
    first.ledger().record(account, entry(), &key("first"), &grant, "").await.expect("a grant");
    let mut second = BalanceUnits::begin(&database).await.expect("a unit");
    let waited = second.ledger().record(account, entry(), &key("second"), &grant, "").await;
    let timed_out = matches!(waited, Err(balance::LedgerError::Store(kernel::StoreError::Unavailable(_))));
    assert!(timed_out, "{waited:?}");
}

/// The address decides about encryption, and what it demands is not passed over.
#[tokio::test]
async fn a_server_without_encryption_is_refused_when_the_address_demands_it() {
    let fixture = Fixture::postgres().await;
    let join = if fixture.url.contains('?') { '&' } else { '?' };
    for (mode, is_served) in [("disable", true), ("prefer", true), ("require", false), ("verify-full", false)]
    {
        let url = format!("{}{join}sslmode={mode}", fixture.url);
        let opened = open(&url, DatabaseOptions::default()).await;
        assert_eq!(opened.is_ok(), is_served, "{mode}: {:?}", opened.err());
    }
}

const fn options(slow_statement: Duration, max_connections: u32) -> DatabaseOptions {
    DatabaseOptions {
        max_connections,
        acquire_timeout: Duration::from_secs(10),
        statement_timeout: Duration::from_secs(30),
        slow_statement,
        busy_timeout: Duration::from_secs(5),
    }
}

async fn open(url: &str, options: DatabaseOptions) -> Result<Database, ConnectError> {
    let ids: Arc<dyn IdSource> = Arc::new(Counter::default());
    Database::connect(url, &options, ids).await
}

async fn record(
    fixture: &Fixture,
    database: &Database,
    account: AccountId,
    name: &str,
    operation: Operation,
) {
    let key: OperationKey = name.replace(' ', "-").parse().expect("a key");
    let entry = LedgerEntryId::new(fixture.ids.uuid());
    let mut unit = BalanceUnits::begin(database).await.expect("a unit");
    unit.ledger().record(account, entry, &key, &operation, "").await.expect(name);
    unit.commit().await.expect("a commit");
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query" && *metadata.level() == Level::WARN
    }

    fn new_span(&self, _span: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _span: &Id, _values: &Record<'_>) {}

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line::default();
        event.record(&mut line);
        self.0.lock().expect("a log").push(line.0);
    }

    fn enter(&self, _span: &Id) {}

    fn exit(&self, _span: &Id) {}
}

/// Every field of an event with its name.
#[derive(Default)]
struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.extend([field.name(), "=", &format!("{value:?}"), " "]);
    }
}
