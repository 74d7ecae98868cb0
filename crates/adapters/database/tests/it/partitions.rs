//! What belongs to an account can be spread over many partitions, and no hot statement looks into more than one.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use account::{Accounts, NewAccount, ProfileChange, Standing, TelegramUserId, ZoneName};
use balance::{BalanceReader, BalanceUnits, Operation, OperationKey};
use database_adapter::{Database, EXEMPT_TABLES};
use gallery::{Favourite, Gallery, GalleryFilter, MessengerFiles, NewGalleryItem, Origin};
use generation::{
    Audience, Delivery, Generation, GenerationReader, GenerationUnits, ImageRequest, Inserted, Intent,
    Likeness, ModelId, Plan, Prompt, Slot, State, UnitOfWork,
};
use kernel::{
    AccountId, AspectRatio, AvatarId, ChatId, Credits, Cursor, Day, GalleryItemId, GenerationId, HoldId,
    IdSource, ImageCount, ImageFormat, ImageInfo, JobKind, Jobs, Language, LedgerEntryId, MicroUsd, NewJob,
    ObjectKey, PageSize, SpendBook, SpendCaps, SpendOutcome, Timestamp,
};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use uuid::Uuid;

use crate::fixture::{Behind, Fixture};
use crate::{avatars, favours};

const PARTITIONS: u32 = 16;
const AVATAR: AvatarId = AvatarId::new(Uuid::from_u128(7));
const MINUTE: Duration = Duration::from_mins(1);

/// Every plan that the server reports is kept here.
#[derive(Debug, Clone, Default)]
pub struct Plans(Arc<Mutex<Vec<String>>>);

impl Plans {
    /// What was reported since.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().expect("plans"))
    }
}

#[tokio::test]
async fn a_hot_statement_looks_into_one_partition() {
    let fixture = Fixture::postgres().await;
    let tables = partition(&fixture.behind().await).await;
    report_plans(&fixture.behind().await).await;
    let database = fixture.another().await;
    let plans = Plans::default();
    let _listening = tracing::subscriber::set_default(plans.clone());

    database.due(10).await.expect("due jobs");
    let scan = plans.take();
    assert_eq!(
        scan.iter().map(|plan| partitions(plan).len()).max(),
        Some(16),
        "a scan is told apart: {scan:?}"
    );

    live(&fixture, &database).await;
    let plans = plans.take();
    let mut touched = BTreeSet::new();
    for plan in &plans {
        let partitions = partitions(plan);
        // Partitions of several tables under one number hold the same accounts, and lie together on one server.
        let numbers: BTreeSet<&str> = partitions.iter().map(|name| &name[name.len() - 2..]).collect();
        assert!(numbers.len() <= 1, "more than one partition: {plan}");
        touched.extend(partitions.into_iter().map(|name| name[..name.len() - 4].to_owned()));
    }
    assert_eq!(touched, tables, "every account table was looked into, in {} plans", plans.len());
}

/// Makes every account table a partitioned one with the same columns, constraints and indexes; their names.
async fn partition(behind: &Behind) -> BTreeSet<String> {
    let all = behind.texts("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'").await;
    let tables: BTreeSet<String> = all
        .into_iter()
        .filter(|table| table != "seaql_migrations" && !EXEMPT_TABLES.contains(&table.as_str()))
        .collect();
    for table in &tables {
        behind.run(&format!("ALTER TABLE {table} RENAME TO plain"), vec![]).await;
        behind
            .run(
                &format!("CREATE TABLE {table} (LIKE plain INCLUDING ALL) PARTITION BY HASH (account_id)"),
                vec![],
            )
            .await;
        for number in 0..PARTITIONS {
            behind
                .run(
                    &format!(
                        "CREATE TABLE {table}_p{number:02} PARTITION OF {table}
                        FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {number})"
                    ),
                    vec![],
                )
                .await;
        }
        behind.run("DROP TABLE plain", vec![]).await;
    }
    tables
}

/// Makes new sessions report the plan of every statement.
pub async fn report_plans(behind: &Behind) {
    let name = behind.texts("SELECT current_database()::text").await.remove(0);
    for setting in [
        "session_preload_libraries = 'auto_explain'",
        "auto_explain.log_min_duration = 0",
        "auto_explain.log_level = 'notice'",
        "plan_cache_mode = 'force_custom_plan'",
    ] {
        behind.run(&format!("ALTER DATABASE {name} SET {setting}"), vec![]).await;
    }
}

/// The partitions that a plan names.
fn partitions(plan: &str) -> BTreeSet<String> {
    // The statement itself comes first and names none.
    plan.split(|character: char| !(character.is_ascii_alphanumeric() || character == '_'))
        .filter(|word| {
            word.len() > 4
                && word[word.len() - 4..].starts_with("_p")
                && word[word.len() - 2..].bytes().all(|byte| byte.is_ascii_digit())
        })
        .map(str::to_owned)
        .collect()
}

/// Everything that a person's life in the chat asks of the database.
async fn live(fixture: &Fixture, database: &Arc<Database>) {
    let account = fixture.account();
    profile(database, account).await;
    let generation = request(fixture, database, account).await;
    work(fixture, database, account, &generation).await;
    look_back(database, account, &generation).await;
    avatars::train(fixture, database, account).await;
    favours::ask_for_help(fixture, database, account).await;
    favours::ask_for_privacy(fixture, database, account).await;
}

async fn profile(database: &Arc<Database>, account: AccountId) {
    let new = NewAccount {
        id: account,
        telegram_user: TelegramUserId::new(7),
        identity_digest: "digest".to_owned(),
        language: Language::English,
        zone: ZoneName::utc(),
    };
    for _ in 0..2 {
        database.register(&new).await.expect("registered");
    }
    assert!(Accounts::find(database.as_ref(), new.telegram_user).await.expect("found").is_some());
    assert!(Accounts::get(database.as_ref(), account).await.expect("found").is_some());
    assert!(database.telegram_user(account).await.expect("found").is_some());
    let change = ProfileChange::Standing(Standing::Active);
    assert!(database.change(account, &change).await.expect("changed").is_some());
}

async fn request(fixture: &Fixture, database: &Arc<Database>, account: AccountId) -> Generation {
    let grant = Operation::GrantPaid { amount: Credits::of(100) };
    let mut unit = BalanceUnits::begin(database.as_ref()).await.expect("a unit");
    let entry = LedgerEntryId::new(fixture.ids.uuid());
    unit.ledger().record(account, entry, &key("grant"), &grant, "").await.expect("a grant");
    unit.commit().await.expect("a commit");

    let new = generation(fixture, account);
    let mut unit = GenerationUnits::begin(database.as_ref()).await.expect("a unit");
    let inserted = unit.generations().insert(&new, MINUTE).await.expect("inserted");
    let Inserted::New(generation) = inserted else { panic!("it is new") };
    let again = unit.generations().insert(&new, MINUTE).await.expect("inserted");
    assert!(matches!(again, Inserted::Existing(_)));
    let hold = Operation::Hold { hold: new.hold, amount: Credits::of(10), time_to_live: MINUTE };
    record(fixture, unit.as_mut(), account, "hold", hold).await;
    assert_eq!(unit.generations().under_way(account).await.expect("a count"), 1);
    unit.jobs().schedule(&job(&generation)).await.expect("scheduled");
    let (cost, caps) = (MicroUsd::new(5), SpendCaps { per_person: Some(MicroUsd::new(5)), in_all: None });
    let counted = unit.spending().count(account, cost, caps).await.expect("counted");
    assert_eq!(counted, SpendOutcome::Counted);
    let today = Day::of(unit.now().await.expect("now"));
    unit.spending().give_back(account, today, cost, caps).await.expect("given back");
    unit.commit().await.expect("a commit");
    generation
}

async fn work(fixture: &Fixture, database: &Arc<Database>, account: AccountId, generation: &Generation) {
    let job = job(generation);
    let claim = async || {
        let claimed = database.claim(account, job.id(), MINUTE).await.expect("a claim");
        claimed.expect("a job that is due").claim
    };
    database.hand_back(&claim().await).await.expect("handed back");
    database.retry(&claim().await, Duration::ZERO, "not yet").await.expect("retried");
    let first_claim = claim().await;
    Jobs::extend(database.as_ref(), &first_claim, MINUTE).await.expect("extended");
    let mut unit = GenerationUnits::begin(database.as_ref()).await.expect("a unit");
    let loaded = unit.generations().load(account, generation.id).await.expect("loaded").expect("it is there");
    unit.generations().update(&Generation { state: State::Stored, ..loaded }).await.expect("updated");
    let capture = Operation::Capture { hold: generation.hold, amount: Credits::of(10) };
    record(fixture, unit.as_mut(), account, "capture", capture).await;
    let refund = Operation::Refund { hold: generation.hold, amount: Credits::of(1) };
    record(fixture, unit.as_mut(), account, "refund", refund).await;
    unit.gallery().keep(&item(generation)).await.expect("kept");
    unit.jobs().confirm(&first_claim).await.expect("confirmed");
    unit.jobs().complete(&first_claim).await.expect("completed");
    unit.jobs().schedule(&job).await.expect("scheduled");
    unit.commit().await.expect("a commit");

    let last_claim = claim().await;
    let mut unit = GenerationUnits::begin(database.as_ref()).await.expect("a unit");
    let other = HoldId::new(fixture.ids.uuid());
    let hold = Operation::Hold { hold: other, amount: Credits::of(10), time_to_live: MINUTE };
    record(fixture, unit.as_mut(), account, "hold again", hold).await;
    record(fixture, unit.as_mut(), account, "release", Operation::Release { hold: other }).await;
    unit.jobs().bury(&last_claim, "enough").await.expect("buried");
    unit.commit().await.expect("a commit");
    assert!(database.revive(account, job.id()).await.expect("revived"));
}

async fn look_back(database: &Arc<Database>, account: AccountId, generation: &Generation) {
    let size = PageSize::new(2);
    database.sheet(account).await.expect("a balance");
    let history = database.history(account, None, size).await.expect("a history");
    database.history(account, history.next, size).await.expect("a history");
    let found = GenerationReader::find(database.as_ref(), account, generation.id).await.expect("found");
    assert!(found.is_some());
    let after = Some(Cursor::after(generation.id.uuid()));
    GenerationReader::page(database.as_ref(), account, after, size).await.expect("a page");
    assert!(database.find_by_intent(account, &generation.intent).await.expect("found").is_some());
    database.under_way(account, 3).await.expect("a list");
    database.spent_by(account, Day::new(1)).await.expect("an amount");
    database.parked(account, generation.id).await.expect("callbacks");

    let item = item(generation).id;
    assert!(Gallery::get(database.as_ref(), account, item).await.expect("found").is_some());
    assert!(database.set_favourite(account, item, Favourite::Yes).await.expect("marked"));
    assert!(database.remember_files(account, item, &MessengerFiles::default()).await.expect("remembered"));
    let everything = GalleryFilter {
        origin: Some(Origin::Description),
        avatar: Some(AVATAR),
        since: Some(Timestamp::EPOCH),
        until: Some(Timestamp::from_seconds(i64::from(u32::MAX))),
        ..GalleryFilter::FAVOURITES
    };
    for filter in [GalleryFilter::ALL, GalleryFilter::FAVOURITES, everything] {
        assert!(database.newest(account, filter).await.expect("found").is_some());
        let after = Some(Cursor::after(item.uuid()));
        Gallery::page(database.as_ref(), account, filter, after, size).await.expect("a page");
        assert_eq!(database.place(account, item, filter).await.expect("a place").total, 1);
    }
    assert_eq!(database.of_generation(account, generation.id).await.expect("found").len(), 1);
    let mut unit = gallery::GalleryUnits::begin(database.as_ref()).await.expect("a unit");
    assert!(unit.gallery().bury(account, item).await.expect("buried"));
    assert!(unit.gallery().restore(account, item).await.expect("restored"));
    assert!(unit.gallery().bury(account, item).await.expect("buried"));
    assert!(unit.gallery().mark_erased(account, item).await.expect("marked"));
    unit.commit().await.expect("a commit");
    assert_eq!(database.drawn_with(account, AVATAR).await.expect("a count"), 1);
    assert_eq!(database.counts(account).await.expect("counts").spent, Credits::of(10));
}

async fn record(
    fixture: &Fixture,
    unit: &mut dyn UnitOfWork,
    account: AccountId,
    name: &str,
    operation: Operation,
) {
    let entry = LedgerEntryId::new(fixture.ids.uuid());
    let key = key(&name.replace(' ', "-"));
    unit.ledger().record(account, entry, &key, &operation, "").await.expect("recorded");
}

fn key(text: &str) -> OperationKey {
    text.parse().expect("a key")
}

fn job(generation: &Generation) -> NewJob {
    NewJob::now(generation.account, JobKind::AdvanceGeneration, generation.id.uuid())
}

fn generation(fixture: &Fixture, account: AccountId) -> Generation {
    let id = GenerationId::new(fixture.ids.uuid());
    Generation {
        id,
        account,
        intent: Intent::button(1),
        request: ImageRequest {
            prompt: Prompt::new("a red fox in snow").expect("a description"),
            aspect_ratio: AspectRatio::Square,
            count: ImageCount::ONE,
            seed: 1,
            likeness: Likeness::Avatar { avatar: AVATAR },
        },
        unit_price: Credits::of(10),
        hold: HoldId::new(id.uuid()),
        plan: Plan {
            model: ModelId::new("model"),
            attempt: 0,
            attempts_at_model: 0,
            unknown_outcomes: 0,
            last_failure: None,
        },
        slots: vec![Slot::open(GalleryItemId::new(fixture.ids.uuid()))],
        state: State::Held { not_before: Timestamp::EPOCH },
        audience: Audience { chat: ChatId::new(7), progress_message: None },
        delivery: Delivery::NotStarted,
        created_at: Timestamp::EPOCH,
        deadline: Timestamp::EPOCH,
        version: 0,
    }
}

fn item(generation: &Generation) -> NewGalleryItem {
    NewGalleryItem {
        id: generation.slots[0].item,
        account: generation.account,
        generation: generation.id,
        slot: 0,
        origin: Origin::Description,
        avatar: Some(AVATAR),
        seed: 1,
        prompt: "a red fox in snow".to_owned(),
        model: "model".to_owned(),
        aspect_ratio: AspectRatio::Square,
        price: Credits::of(10),
        image: ObjectKey::image(generation.account, generation.id, 0),
        preview: ObjectKey::preview(generation.account, generation.id, 0),
        info: ImageInfo { format: ImageFormat::Jpeg, width: 8, height: 8 },
        bytes: 64,
    }
}

/// The driver passes the server's notices on as events.
impl Subscriber for Plans {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::postgres::notice"
    }

    fn new_span(&self, _span: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _span: &Id, _values: &Record<'_>) {}

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Message(self));
    }

    fn enter(&self, _span: &Id) {}

    fn exit(&self, _span: &Id) {}
}

struct Message<'a>(&'a Plans);

impl Visit for Message<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "message" {
            self.0.0.lock().expect("plans").push(format!("{value:?}").replace("\\n", "\n"));
        }
    }
}
