//! Writes of one statement each, of which many are waiting at the same time: leases, and the marks of the inbox.
//!
//! SQLite writes one transaction after the other and waits for the disk at the end of each. What comes while it waits is
//! written in one transaction after it, so that the disk is waited for once for all of them. Nobody is answered before
//! their own write is durable.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kernel::StoreError;
use sea_orm::{DatabaseConnection, Value};
use tokio::sync::oneshot;

use crate::Database;
use crate::dialect::Dialect;
use crate::error::store_error;
use crate::statement::execute;

/// The most writes of one transaction, so that none waits long for those before it.
const LARGEST_GROUP: usize = 50;

/// How writes of one statement reach the database.
pub(crate) enum SingleWrites {
    /// Each by itself: the database makes many durable together on its own.
    Alone(DatabaseConnection),
    /// Those that wait at the same time together.
    Grouped(GroupedWrites),
}

impl SingleWrites {
    /// Runs a statement, durably; how many rows it changed.
    ///
    /// # Errors
    /// When it fails. It fails alone: others of its group are written all the same.
    pub(crate) async fn execute(&self, statement: &str, values: Vec<Value>) -> Result<u64, StoreError> {
        match self {
            Self::Alone(connection) => execute(connection, statement, values).await,
            Self::Grouped(grouped) => grouped.execute(statement, values).await,
        }
    }
}

/// Writes that wait, and the connection on which they are written.
pub(crate) struct GroupedWrites {
    connection: DatabaseConnection,
    queue: Arc<Mutex<Queue>>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Write>,
    state: QueueState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum QueueState {
    /// Whoever comes has to see to it that their write is done.
    #[default]
    Idle,
    /// Whatever waits will be written.
    AtWork,
}

struct Write {
    statement: String,
    values: Vec<Value>,
    answer: oneshot::Sender<Result<u64, StoreError>>,
}

impl GroupedWrites {
    /// Writes over this connection.
    pub(crate) fn over(connection: DatabaseConnection) -> Self {
        Self { connection, queue: Arc::default() }
    }

    async fn execute(&self, statement: &str, values: Vec<Value>) -> Result<u64, StoreError> {
        let (answer, outcome) = oneshot::channel();
        let write = Write { statement: statement.to_owned(), values, answer };
        if let Some(shift) = Shift::enqueue(&self.queue, write) {
            // A task of its own, so that nobody's leaving undoes what others wait for.
            tokio::spawn(work_off(self.connection.clone(), shift));
        }
        outcome.await.unwrap_or_else(|_| {
            Err(StoreError::Unavailable("the process stopped while a write waited".to_owned().into()))
        })
    }
}

/// The work on a queue until it is empty. One at a time has it.
struct Shift {
    queue: Arc<Mutex<Queue>>,
    end: ShiftEnd,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ShiftEnd {
    /// Writes may wait for it.
    NotYet,
    /// The queue is empty and somebody else's.
    Regular,
}

impl Shift {
    /// Adds a write; the shift, when nobody has it.
    fn enqueue(queue: &Arc<Mutex<Queue>>, write: Write) -> Option<Self> {
        let mut present = lock(queue);
        present.waiting.push_back(write);
        if present.state == QueueState::AtWork {
            return None;
        }
        present.state = QueueState::AtWork;
        Some(Self { queue: Arc::clone(queue), end: ShiftEnd::NotYet })
    }

    /// What waits. When nothing does, the shift is over.
    fn next_group(&mut self) -> Vec<Write> {
        let mut present = lock(&self.queue);
        if present.waiting.is_empty() {
            present.state = QueueState::Idle;
            self.end = ShiftEnd::Regular;
        }
        let size = present.waiting.len().min(LARGEST_GROUP);
        present.waiting.drain(..size).collect()
    }
}

impl Drop for Shift {
    /// When the runtime ends in the middle of it, nobody waits for ever.
    fn drop(&mut self) {
        if self.end == ShiftEnd::NotYet {
            let mut present = lock(&self.queue);
            present.waiting.clear();
            present.state = QueueState::Idle;
        }
    }
}

async fn work_off(connection: DatabaseConnection, mut shift: Shift) {
    loop {
        let group = shift.next_group();
        match group.as_slice() {
            [] => return,
            [_] => alone(&connection, group).await,
            _ => together(&connection, group).await,
        }
    }
}

/// Writes the group in one transaction. Should that fail, each is written alone, and fails alone.
async fn together(connection: &DatabaseConnection, group: Vec<Write>) {
    match in_one_transaction(connection, &group).await {
        Ok(changed) => {
            for (write, rows) in group.into_iter().zip(changed) {
                write.answer(Ok(rows));
            }
        }
        Err(error) => {
            tracing::debug!(%error, writes = group.len(), "writes are not made together");
            alone(connection, group).await;
        }
    }
}

async fn in_one_transaction(
    connection: &DatabaseConnection,
    group: &[Write],
) -> Result<Vec<u64>, StoreError> {
    let dialect = Dialect::of(connection);
    let transaction = Dialect::begin(connection).await.map_err(|error| store_error(dialect, error))?;
    let mut changed = Vec::with_capacity(group.len());
    for write in group {
        changed.push(execute(&transaction, &write.statement, write.values.clone()).await?);
    }
    Database::commit(transaction).await?;
    Ok(changed)
}

async fn alone(connection: &DatabaseConnection, group: Vec<Write>) {
    for mut write in group {
        let values = std::mem::take(&mut write.values);
        let outcome = execute(connection, &write.statement, values).await;
        write.answer(outcome);
    }
}

impl Write {
    fn answer(self, outcome: Result<u64, StoreError>) {
        // Whoever has gone meanwhile wants no answer.
        let _gone = self.answer.send(outcome);
    }
}

fn lock(queue: &Mutex<Queue>) -> MutexGuard<'_, Queue> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;
    use tempfile::TempDir;

    use super::*;
    use crate::DatabaseOptions;
    use crate::statement::{fetch_one, values};

    const INSERT: &str = "INSERT INTO marks (number) VALUES ($1)";

    async fn over_a_table(directory: &TempDir) -> (SingleWrites, DatabaseConnection) {
        let url = format!("sqlite://{}", directory.path().join("marks.db").display());
        let connections = Dialect::connect(&url, &DatabaseOptions::default()).await.unwrap();
        execute(&connections.writer, "CREATE TABLE marks (number INTEGER PRIMARY KEY)", values![])
            .await
            .unwrap();
        (connections.single_writes, connections.reader)
    }

    async fn count(reader: &DatabaseConnection) -> u64 {
        let row = fetch_one(reader, "marks", "SELECT count(*) AS number FROM marks", values![]).await;
        row.unwrap().number("number").unwrap()
    }

    #[tokio::test]
    async fn each_of_many_writes_has_its_own_outcome() {
        let directory = TempDir::new().unwrap();
        let (writes, reader) = over_a_table(&directory).await;
        // Number 7 comes twice.
        let numbers = (0..200_i64).chain([7]);
        let outcomes = join_all(numbers.map(|number| writes.execute(INSERT, values![number]))).await;
        let refused: Vec<_> = outcomes.iter().filter(|outcome| outcome.is_err()).collect();
        assert!(matches!(refused.as_slice(), [Err(StoreError::Bug(_))]), "{refused:?}");
        assert_eq!(outcomes.iter().flatten().sum::<u64>(), 200);
        assert_eq!(count(&reader).await, 200);
    }

    #[tokio::test]
    async fn who_leaves_disturbs_nobody() {
        let directory = TempDir::new().unwrap();
        let (writes, reader) = over_a_table(&directory).await;
        let mut given_up = Box::pin(writes.execute(INSERT, values![1]));
        assert!(futures::poll!(given_up.as_mut()).is_pending());
        drop(given_up);
        assert_eq!(writes.execute(INSERT, values![2]).await.unwrap(), 1);
        assert_eq!(writes.execute(INSERT, values![3]).await.unwrap(), 1);
        assert_eq!(count(&reader).await, 3);
    }

    #[test]
    fn a_runtime_that_ends_leaves_a_queue_for_the_next_one() {
        let directory = TempDir::new().unwrap();
        let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let url = format!("sqlite://{}", directory.path().join("marks.db").display());
        let first = runtime();
        let connections = first.block_on(Dialect::connect(&url, &DatabaseOptions::default())).unwrap();
        let writes = connections.single_writes;
        first.block_on(async {
            let mut begun = Box::pin(writes.execute("CREATE TABLE marks (number INTEGER)", values![]));
            // Polled once: the shift has begun and is not over.
            assert!(futures::poll!(begun.as_mut()).is_pending());
        });
        drop(first);
        let rows = runtime().block_on(writes.execute("SELECT 1", values![]));
        assert!(rows.is_ok(), "{rows:?}");
    }
}
