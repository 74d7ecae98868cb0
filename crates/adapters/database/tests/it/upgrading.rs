//! The schema changes under data, and under a release that does not know of the change yet.
//!
//! Each change is made with rows in every table, and what the releases before wrote is written again after every later
//! change: a change only expands what is there, and what it makes useless goes in a release after.

use std::collections::BTreeMap;

use kernel::IdSource;
use sea_orm::Value;

use crate::fixture::Fixture;

/// What each change brought, as the release that brought it writes: `$1` is a number, `$2` an account, `$3` an id, new
/// each time. Every statement writes one row.
const WRITES: [(&str, &[&str]); 17] = [
    (
        "m20261101_000001_accounts",
        &[
            "INSERT INTO accounts (account_id, language, zone, standing, accepted_terms, welcome, aspect_ratio,
                image_count, created_at)
            VALUES ($2, 'ru', 'UTC', 'active', $1, 'due', '1:1', 1, $1)",
            "INSERT INTO identities (telegram_user_id, account_id) VALUES ($1, $2)",
            "INSERT INTO welcome_digests (identity_digest, account_id) VALUES (CAST($1 AS text), $2)",
        ],
    ),
    (
        "m20261101_000002_balances",
        &[
            "INSERT INTO balances (account_id, bonus, paid, held_bonus, held_paid, version)
            VALUES ($2, $1, 0, 4, 6, 2)",
            "UPDATE balances SET bonus = bonus + $1, version = version + 1 WHERE account_id = $2",
            "INSERT INTO ledger_entries (account_id, id, operation_key, kind, bonus_delta, paid_delta,
                held_bonus_delta, held_paid_delta, amount, hold_id, version, memo, created_at)
            VALUES ($2, $3, 'hold', 'hold', -4, -6, 4, 6, 10, $3, 1, '', $1)",
            "INSERT INTO holds (account_id, id, bonus, paid, captured_bonus, captured_paid, refunded_bonus,
                refunded_paid, state, expires_at)
            VALUES ($2, $3, 4, 6, 0, 0, 0, 0, 'open', $1)",
            "UPDATE holds SET state = 'captured', captured_bonus = 4, captured_paid = 6
            WHERE account_id = $2 AND id = $3 AND state = 'open'",
        ],
    ),
    (
        "m20261101_000003_jobs",
        &[
            "INSERT INTO jobs (account_id, id, kind, subject, state, attempt, due_at, nudged, changed_at)
            VALUES ($2, $3, 'advance-generation', $3, 'ready', 0, $1, FALSE, $1)",
            "UPDATE jobs SET state = 'running', attempt = attempt + 1, token = $3
            WHERE account_id = $2 AND id = $3",
        ],
    ),
    (
        "m20261101_000004_gallery_items",
        &[
            "INSERT INTO gallery_items (account_id, id, generation_id, slot, origin, prompt, model, aspect_ratio,
                price, image_key, preview_key, format, width, height, bytes, favourite, created_at)
            VALUES ($2, $3, $3, 0, 'description', 'a fox', 'model', '1:1', 10, 'image', 'preview', 'image/jpeg', 8,
                8, 64, FALSE, $1)",
            "UPDATE gallery_items SET deleted_at = $1 WHERE account_id = $2 AND id = $3",
        ],
    ),
    (
        "m20261101_000005_generations",
        &[
            "INSERT INTO generations (account_id, id, intent, hold_id, state, told, payload, created_at, deadline,
                version)
            VALUES ($2, $3, 'button:1', $3, 'held', FALSE, '{}', $1, $1, 1)",
            "UPDATE generations SET state = 'stored', told = TRUE, payload = '{}', version = version + 1
            WHERE account_id = $2 AND id = $3 AND version = 1",
        ],
    ),
    (
        "m20261101_000006_provider_callbacks",
        &["INSERT INTO provider_callbacks (provider, request_id, id, account_id, generation_id, attempt, body,
                received_at)
            VALUES ('fal', CAST($1 AS text), $3, $2, $3, 1, '{}', $1)"],
    ),
    (
        "m20261101_000007_inbox",
        &["INSERT INTO inbox (chat_id, update_id, body, state, failures, received_at)
            VALUES (5, $1, '{}', 'waiting', 0, $1)"],
    ),
    (
        "m20261101_000008_leases",
        &["INSERT INTO leases (name, token, expires_at) VALUES (CAST($1 AS text), $3, $1)"],
    ),
    (
        "m20261101_000009_pauses",
        &[
            "INSERT INTO pauses (subject, code, detail, since) VALUES (CAST($1 AS text), 'code', '', $1)",
            "INSERT INTO pause_news (subject, code, told_at) VALUES (CAST($1 AS text), 'code', $1)",
        ],
    ),
    (
        "m20261101_000010_failures",
        &[
            "INSERT INTO failures (fingerprint, occurrences, first_at, last_at, last_id, last_reference, sample)
            VALUES (CAST($1 AS text), 1, $1, $1, $3, 'AAAA-AAAA', '')",
            "INSERT INTO failure_references (reference, fingerprint, number)
            VALUES (CAST($1 AS text), CAST($1 AS text), 1)",
        ],
    ),
    (
        "m20261124_000011_avatars",
        &[
            "INSERT INTO avatars (account_id, id, state, kind, is_main, has_weights, hold_id, price, payload,
                created_at, updated_at, version)
            VALUES ($2, $3, 'queued', 'portrait', FALSE, FALSE, $3, 10, '{}', $1, $1, 1)",
            "UPDATE avatars SET is_main = TRUE WHERE account_id = $2 AND id = $3",
            "INSERT INTO avatar_photos (account_id, id, avatar_id, state, file, unique_file, message_id, payload,
                created_at)
            VALUES ($2, $3, $3, 'received', 'file', 'unique', $1, '{}', $1)",
            "INSERT INTO training_callbacks (provider, request_id, id, account_id, avatar_id, attempt, body,
                received_at)
            VALUES ('fal', CAST($1 AS text), $3, $2, $3, 1, '{}', $1)",
            "INSERT INTO training_durations (trainer, avatar_id, round, took, verified_at)
            VALUES ('fal', $3, 1, 5, $1)",
        ],
    ),
    (
        "m20261124_000012_gallery_grown",
        &["UPDATE gallery_items SET restorable = TRUE, avatar_id = $3, seed = $1
            WHERE account_id = $2 AND id = $3 AND deleted_at IS NOT NULL"],
    ),
    (
        "m20261124_000013_help_requests",
        &[
            "INSERT INTO help_requests (account_id, id, intent, capped, payload, created_at, version)
            VALUES ($2, $3, 'button:1', TRUE, '{}', $1, 1)",
            "INSERT INTO help_quotas (account_id, asked_at) VALUES ($2, $1)",
        ],
    ),
    (
        "m20261124_000014_privacy",
        &[
            "INSERT INTO exports (account_id, id, intent, payload, created_at, version)
            VALUES ($2, $3, 'button:1', '{}', $1, 1)",
            "INSERT INTO erasures (account_id, payload, requested_at, version) VALUES ($2, '{}', $1, 1)",
            "INSERT INTO refusals (account_id, refusal_key, refused_at) VALUES ($2, 'key', $1)",
            "INSERT INTO refusal_pauses (account_id, paused_until) VALUES ($2, $1)",
        ],
    ),
    (
        "m20261124_000016_spending",
        &[
            "INSERT INTO spend_days (account_id, day, micro_usd) VALUES ($2, $1, 5)",
            "INSERT INTO spend_totals (day, micro_usd, told) VALUES ($1, 5, FALSE)",
        ],
    ),
    (
        "m20261124_000017_invites",
        &[
            "INSERT INTO invites (code, places, used, note, created_at) VALUES (CAST($1 AS text), 5, 0, '', $1)",
            "UPDATE accounts SET invite = CAST($1 AS text) WHERE account_id = $2",
        ],
    ),
    (
        "m20261124_000018_sweeping",
        &["INSERT INTO sweep_marks (sweep, mark) VALUES (CAST($1 AS text), NULL)"],
    ),
];

/// The change that derives something from rows that are there: the price of a generation is what its hold was opened over.
const DERIVES_PRICES: &str = "m20261124_000015_generation_price";

#[tokio::test]
async fn every_change_is_made_under_data_on_sqlite() {
    every_change_is_made_under_data(Fixture::empty_sqlite().await).await;
}

#[tokio::test]
async fn every_change_is_made_under_data_on_postgres() {
    every_change_is_made_under_data(Fixture::empty_postgres().await).await;
}

async fn every_change_is_made_under_data(fixture: Fixture) {
    let behind = fixture.behind().await;
    let mut written = BTreeMap::<&str, u64>::new();
    let mut prices_derived_for = 0;
    let mut changes = fixture.database.pending_migrations().await.expect("pending migrations");
    let known: Vec<&str> = WRITES.iter().map(|(change, _)| *change).collect();
    assert!(known.iter().all(|change| changes.iter().any(|name| name == change)), "{known:?}");
    changes.reverse();
    let mut number = 0_i64;
    while let Some(change) = changes.pop() {
        if change == DERIVES_PRICES {
            prices_derived_for = written["generations"];
        }
        behind.make_next_change().await;
        // Two people a round: one of each writes everything that the releases up to this change write.
        for _ in 0..2 {
            number += 1;
            let (account, id) = (fixture.account(), fixture.ids.uuid());
            let made = |name: &str| name <= change.as_str();
            for statement in
                WRITES.iter().filter(|(name, _)| made(name)).flat_map(|(_, statements)| *statements)
            {
                let values = values_of(statement, number, account.uuid(), id);
                assert_eq!(behind.run(statement, values).await, 1, "after {change}: {statement}");
                if let Some(table) = statement.strip_prefix("INSERT INTO ") {
                    let table = table.split_whitespace().next().expect("a table");
                    *written.entry(table).or_default() += 1;
                }
            }
        }
    }
    assert_eq!(fixture.database.pending_migrations().await.expect("pending"), Vec::<String>::new());

    for (table, rows) in &written {
        let kept = behind.texts(&format!("SELECT CAST(count(*) AS text) FROM {table}")).await;
        assert_eq!(kept, [rows.to_string()], "rows of {table}");
    }
    let tables = fixture.tables().await;
    let forgotten: Vec<_> = tables.iter().filter(|table| !written.contains_key(table.as_str())).collect();
    assert!(forgotten.is_empty(), "tables without rows in this test: {forgotten:?}");

    assert!(prices_derived_for > 0);
    let prices = behind.texts("SELECT CAST(price AS text) FROM generations WHERE price IS NOT NULL").await;
    let expected = usize::try_from(prices_derived_for).expect("few");
    assert_eq!(prices, vec!["10".to_owned(); expected], "what was there before has a price");
}

/// A generation without a hold was free.
#[tokio::test]
async fn an_earlier_generation_without_a_hold_was_free() {
    for fixture in [Fixture::empty_sqlite().await, Fixture::empty_postgres().await] {
        let behind = fixture.behind().await;
        let statements = |wanted: &str| WRITES.iter().find(|(name, _)| *name == wanted).expect("known").1;
        let (account, id) = (fixture.account(), fixture.ids.uuid());
        for change in fixture.database.pending_migrations().await.expect("pending") {
            if change == DERIVES_PRICES {
                let insert = statements("m20261101_000005_generations")[0];
                behind.run(insert, values_of(insert, 1, account.uuid(), id)).await;
            }
            behind.make_next_change().await;
        }
        assert_eq!(behind.texts("SELECT CAST(price AS text) FROM generations").await, ["0"]);
    }
}

/// What is done is listed with its moment, in order; nothing before anything is done.
#[tokio::test]
async fn changes_that_were_made_are_listed_with_their_moments() {
    for fixture in [Fixture::empty_sqlite().await, Fixture::empty_postgres().await] {
        assert_eq!(fixture.database.applied_migrations().await.expect("a list"), []);
        let pending = fixture.database.pending_migrations().await.expect("pending");
        let before = fixture.database.now().await.expect("now");
        fixture.database.migrate().await.expect("migrations");
        let applied = fixture.database.applied_migrations().await.expect("a list");
        let names: Vec<_> = applied.iter().map(|made| made.name.clone()).collect();
        assert_eq!(names, pending);
        let minute = std::time::Duration::from_mins(1);
        assert!(applied.iter().all(|made| made.at >= before.before(minute) && made.at <= before + minute));
    }
}

/// As many values as the statement has.
fn values_of(statement: &str, number: i64, account: uuid::Uuid, id: uuid::Uuid) -> Vec<Value> {
    let mut values = vec![Value::from(number), Value::from(account), Value::from(id)];
    let most = (1..=values.len()).rev().find(|place| statement.contains(&format!("${place}")));
    values.truncate(most.expect("a value"));
    values
}
