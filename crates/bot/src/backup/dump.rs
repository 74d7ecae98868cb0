//! The whole database as bytes, and back.

use std::io::{self, Read, Write};

use anyhow::bail;
use serde::{Deserialize, Serialize};

use super::{postgres, sqlite};
use crate::Foundation;
use crate::configuration::DatabaseUrl;

/// What a dump is of. One kind cannot be restored into the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum DatabaseKind {
    /// Made by `pg_dump`, in its custom format.
    PostgreSql,
    /// A file of SQLite.
    Sqlite,
}

/// What writes a dump. It blocks.
pub(super) type WriteDump = Box<dyn FnOnce(&mut dyn Write) -> io::Result<()> + Send>;

impl DatabaseKind {
    /// The kind of the configured database.
    pub(super) const fn of(url: &DatabaseUrl) -> Self {
        match url {
            DatabaseUrl::Postgres { .. } => Self::PostgreSql,
            DatabaseUrl::Sqlite { .. } => Self::Sqlite,
        }
    }
}

/// A dump of the configured database as it is now.
///
/// # Errors
/// When none can be made.
pub(super) async fn dump(foundation: &Foundation) -> anyhow::Result<WriteDump> {
    match &foundation.configuration.database.url {
        DatabaseUrl::Postgres { url } => postgres::dump(url),
        DatabaseUrl::Sqlite { file, .. } => {
            sqlite::dump(&foundation.database, file, foundation.ids.as_ref()).await
        }
    }
}

/// Loads a dump into the configured database, which is empty and which nobody is connected to. Blocks.
///
/// # Errors
/// When it cannot be loaded; a PostgreSQL database is as empty as before then, and an SQLite one as well.
pub(super) fn load(url: &DatabaseUrl, kind: DatabaseKind, dump: &mut dyn Read) -> anyhow::Result<()> {
    match (url, kind) {
        (DatabaseUrl::Postgres { url }, DatabaseKind::PostgreSql) => postgres::load(url, dump),
        (DatabaseUrl::Sqlite { file, .. }, DatabaseKind::Sqlite) => sqlite::load(file, dump),
        (DatabaseUrl::Postgres { .. }, DatabaseKind::Sqlite) => {
            bail!("the backup is of SQLite, and AISHA_DATABASE__URL names PostgreSQL")
        }
        (DatabaseUrl::Sqlite { .. }, DatabaseKind::PostgreSql) => {
            bail!("the backup is of PostgreSQL, and AISHA_DATABASE__URL names SQLite")
        }
    }
}
