//! What a process cannot work without, as `/readyz` and `health` try it.

use std::sync::Arc;

use async_trait::async_trait;
use database_adapter::Database;
use kernel::{BoxError, ObjectKey, ObjectStore};
use web::{Readiness, ReadinessCheck};

/// The checks of a process over this database and object store.
pub(crate) fn readiness(database: Arc<Database>, objects: Arc<dyn ObjectStore>) -> Readiness {
    Readiness::new(vec![Arc::new(DatabaseCheck(database)), Arc::new(ObjectsCheck(objects))])
}

struct DatabaseCheck(Arc<Database>);

#[async_trait]
impl ReadinessCheck for DatabaseCheck {
    fn name(&self) -> &'static str {
        "database"
    }

    async fn check(&self) -> Result<(), BoxError> {
        self.0.now().await?;
        Ok(())
    }
}

struct ObjectsCheck(Arc<dyn ObjectStore>);

#[async_trait]
impl ReadinessCheck for ObjectsCheck {
    fn name(&self) -> &'static str {
        "objects"
    }

    async fn check(&self) -> Result<(), BoxError> {
        // Whether it is there does not matter; that the store answers does.
        let anything: ObjectKey = "checks/readiness".parse()?;
        self.0.head(&anything).await?;
        Ok(())
    }
}
