//! A change of the schema: a name and statements.

use sea_orm_migration::sea_orm::ConnectionTrait;
use sea_orm_migration::{DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait::async_trait};

/// A change of the schema that is nothing but statements, valid on both databases.
pub(crate) struct Change {
    /// The file's name, by which the database remembers that it was made.
    pub(crate) name: &'static str,
    /// The statements, in order.
    pub(crate) statements: &'static [&'static str],
}

impl MigrationName for Change {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait]
impl MigrationTrait for Change {
    #[expect(
        elided_lifetimes_in_paths,
        reason = "the trait leaves this lifetime out, and naming it here would be another signature"
    )]
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in self.statements {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}
