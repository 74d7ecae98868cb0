//! Changes of several tables in one round trip, where the database can.

use kernel::StoreError;
use sea_orm::{DatabaseTransaction, Value};

use crate::dialect::Dialect;
use crate::statement::{execute, fetch_one};

/// The columns in which joined statements say how many rows they changed.
const COUNTS: [&str; 3] = ["part_0", "part_1", "part_2"];

/// A statement with its values. It changes rows, gives none, and is the only one of its group that touches its table.
pub(crate) struct Change {
    statement: &'static str,
    values: Vec<Value>,
}

impl Change {
    /// A change by a statement with these values.
    pub(crate) const fn new(statement: &'static str, values: Vec<Value>) -> Self {
        Self { statement, values }
    }
}

/// Makes at most three changes, none of which sees the others; how many rows each of them changed.
pub(crate) async fn execute_together(
    transaction: &DatabaseTransaction,
    changes: Vec<Change>,
) -> Result<Vec<u64>, StoreError> {
    let statements: Vec<&str> = changes.iter().map(|change| change.statement).collect();
    let Some(joined) = Dialect::of(transaction).joined(&statements) else {
        let mut counts = Vec::with_capacity(changes.len());
        for change in changes {
            counts.push(execute(transaction, change.statement, change.values).await?);
        }
        return Ok(counts);
    };
    let columns = COUNTS.into_iter().take(changes.len());
    let values = changes.into_iter().flat_map(|change| change.values).collect();
    let row = fetch_one(transaction, "several tables", &joined, values).await?;
    columns.map(|column| row.number(column)).collect()
}
