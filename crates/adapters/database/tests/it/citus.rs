//! What `deploy/citus.sql` says of each table fits to the schema.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use database_adapter::EXEMPT_TABLES;

use crate::fixture::Fixture;

/// Exempt tables that are spread all the same, by a column of their own.
const SPREAD_OTHERWISE: [(&str, &str); 1] = [("inbox", "chat_id")];

/// Where a table is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    /// Spread over the workers by this column.
    Spread(String),
    /// On the coordinator alone.
    Local,
}

#[tokio::test]
async fn every_table_has_its_place_on_several_servers() {
    let fixture = Fixture::postgres().await;
    let places = places();
    let tables: BTreeSet<String> = fixture.tables().await.into_iter().collect();
    let named: BTreeSet<String> = places.keys().cloned().collect();
    assert_eq!(named, tables, "deploy/citus.sql names every table once");
    for (table, place) in &places {
        let otherwise = SPREAD_OTHERWISE.iter().find(|(exempt, _)| exempt == table);
        let expected = match otherwise {
            Some((_, column)) => Place::Spread((*column).to_owned()),
            None if EXEMPT_TABLES.contains(&table.as_str()) => Place::Local,
            None => Place::Spread("account_id".to_owned()),
        };
        assert_eq!(*place, expected, "the place of {table}");
    }
    let behind = fixture.behind().await;
    for (table, place) in &places {
        let Place::Spread(column) = place else { continue };
        // A table can only be spread by a column that is part of each of its unique keys.
        let keys = behind
            .texts(&format!(
                "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = '{table}'::regclass AND indisunique"
            ))
            .await;
        assert!(!keys.is_empty(), "{table} has a key");
        for key in keys {
            assert!(key.contains(&format!("({column}")), "{table} cannot be spread by {column}: {key}");
        }
    }
}

/// The statements of the file, which has one a line.
fn places() -> BTreeMap<String, Place> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../deploy/citus.sql");
    let script = fs::read_to_string(path).expect("deploy/citus.sql");
    let mut places = BTreeMap::new();
    for line in script.lines().filter(|line| line.starts_with("SELECT ")) {
        let texts: Vec<&str> = line.split('\'').skip(1).step_by(2).collect();
        let (table, place) = match (line.strip_prefix("SELECT "), texts.as_slice()) {
            (Some(call), [table, column, ..]) if call.starts_with("create_distributed_table(") => {
                (*table, Place::Spread((*column).to_owned()))
            }
            (Some(call), [table]) if call.starts_with("citus_add_local_table_to_metadata(") => {
                (*table, Place::Local)
            }
            _ => panic!("a line of deploy/citus.sql that is not understood: {line}"),
        };
        assert_eq!(places.insert(table.to_owned(), place), None, "{table} is named twice");
    }
    places
}
