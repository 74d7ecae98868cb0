//! What backups need of a database beyond its ports.

use std::path::Path;

use kernel::StoreError;

use crate::Database;
use crate::dialect::Dialect;
use crate::statement::{execute, fetch_one, values};

/// SQLite's own copy: of one moment, however much is written meanwhile, and without the room that deleted rows leave.
const COPY: &str = "VACUUM INTO $1";

impl Database {
    /// Whether nothing is there yet: no table, whoever made it.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        let statement = Dialect::of(self.reader()).count_tables();
        let row = fetch_one(self.reader(), "tables", statement, values![]).await?;
        Ok(row.number::<u64>("tables")? == 0)
    }

    /// Copies everything into a new SQLite file. PostgreSQL cannot do that, and has programs of its own for it.
    ///
    /// # Errors
    /// When the file is there already or cannot be written, and on PostgreSQL.
    pub async fn copy_into(&self, file: &Path) -> Result<(), StoreError> {
        let file = file.to_string_lossy().into_owned();
        execute(self.writer(), COPY, values![file]).await?;
        Ok(())
    }
}
