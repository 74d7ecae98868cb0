//! The schema: how it comes about, and the rules that it keeps.

use std::collections::BTreeMap;

use database_adapter::EXEMPT_TABLES;
use futures::future::join_all;
use kernel::StoreError;

use crate::both::on_both;
use crate::fixture::{Behind, Fixture};

on_both! {
    migrating_again_changes_nothing,
    a_schema_of_a_later_release_is_refused,
    keys_of_account_tables_begin_with_the_account,
}

mod from_empty {
    use crate::fixture::Fixture;

    #[tokio::test]
    async fn several_processes_migrate_at_once_on_sqlite() {
        super::several_processes_migrate_at_once(Fixture::empty_sqlite().await).await;
    }

    #[tokio::test]
    async fn several_processes_migrate_at_once_on_postgres() {
        super::several_processes_migrate_at_once(Fixture::empty_postgres().await).await;
    }
}

async fn several_processes_migrate_at_once(fixture: Fixture) {
    let pending = fixture.database.pending_migrations().await.expect("pending migrations");
    assert_eq!(pending.first().map(String::as_str), Some("m20261101_000001_accounts"));
    assert!(pending.is_sorted(), "in order: {pending:?}");
    let others = join_all((0..4).map(|_| fixture.another())).await;
    for outcome in join_all(others.iter().map(|database| database.migrate())).await {
        outcome.expect("a migration");
    }
    assert_eq!(
        fixture.database.pending_migrations().await.expect("pending migrations"),
        Vec::<String>::new()
    );
}

async fn migrating_again_changes_nothing(fixture: Fixture) {
    let before = unique_keys(&fixture.behind().await).await;
    fixture.database.migrate().await.expect("a migration");
    assert_eq!(unique_keys(&fixture.behind().await).await, before);
}

async fn a_schema_of_a_later_release_is_refused(fixture: Fixture) {
    let behind = fixture.behind().await;
    behind
        .run(
            "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29991231_000001_wonders', 0)",
            vec![],
        )
        .await;
    assert!(matches!(fixture.database.migrate().await, Err(StoreError::Bug(_))));
    assert!(matches!(fixture.database.pending_migrations().await, Err(StoreError::Bug(_))));
}

async fn keys_of_account_tables_begin_with_the_account(fixture: Fixture) {
    let keys = unique_keys(&fixture.behind().await).await;
    for exempt in EXEMPT_TABLES {
        assert!(keys.contains_key(exempt), "{exempt} is a table");
    }
    assert!(keys.contains_key("ledger_entries"));
    for (table, keys) in keys {
        if table == "seaql_migrations" || EXEMPT_TABLES.contains(&table.as_str()) {
            continue;
        }
        assert!(!keys.is_empty(), "{table} has a primary key");
        for key in keys {
            assert!(key.starts_with("account_id"), "a unique key of {table} is {key}");
        }
    }
}

/// Every table with the columns of its unique keys, the primary one among them.
async fn unique_keys(behind: &Behind) -> BTreeMap<String, Vec<String>> {
    let rows = if behind.is_postgres() {
        behind
            .texts(
                "SELECT tables.relname || ' ' || string_agg(columns.attname, ',' ORDER BY place)
                FROM pg_index
                JOIN pg_class AS tables ON tables.oid = indrelid
                JOIN pg_namespace ON pg_namespace.oid = relnamespace AND nspname = 'public'
                CROSS JOIN LATERAL unnest(indkey) WITH ORDINALITY AS key (number, place)
                JOIN pg_attribute AS columns ON columns.attrelid = indrelid AND columns.attnum = number
                WHERE indisunique GROUP BY tables.relname, indexrelid ORDER BY 1",
            )
            .await
    } else {
        behind
            .texts(
                "SELECT tables.name || ' ' || (
                    SELECT group_concat(name, ',')
                    FROM (SELECT name FROM pragma_index_info(indexes.name) ORDER BY seqno)
                )
                FROM sqlite_schema AS tables, pragma_index_list(tables.name) AS indexes
                WHERE tables.type = 'table' AND indexes.\"unique\" ORDER BY 1",
            )
            .await
    };
    let mut keys = BTreeMap::<String, Vec<String>>::new();
    for row in rows {
        let (table, key) = row.split_once(' ').expect("a table and a key");
        keys.entry(table.to_owned()).or_default().push(key.to_owned());
    }
    keys
}
