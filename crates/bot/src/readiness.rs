//! What a process depends on, as `/readyz` and `health` try it.

use std::sync::Arc;

use async_trait::async_trait;
use database_adapter::Database;
use kernel::{BoxError, ObjectKey, ObjectStore};
use redis_adapter::RedisServer;
use web::{Need, Readiness, ReadinessCheck};

/// The checks of a process over this database, object store and shared server.
pub(crate) fn readiness(
    database: Arc<Database>,
    objects: Arc<dyn ObjectStore>,
    redis: Option<RedisServer>,
) -> Readiness {
    let mut checks: Vec<Arc<dyn ReadinessCheck>> =
        vec![Arc::new(DatabaseCheck(database)), Arc::new(ObjectsCheck(objects))];
    if let Some(redis) = redis {
        checks.push(Arc::new(RedisCheck(redis)));
    }
    Readiness::new(checks)
}

struct RedisCheck(RedisServer);

#[async_trait]
impl ReadinessCheck for RedisCheck {
    fn name(&self) -> &'static str {
        "redis"
    }

    /// Nothing of value lies there, and everything has a stand-in.
    fn need(&self) -> Need {
        Need::Helpful
    }

    async fn check(&self) -> Result<(), BoxError> {
        Ok(self.0.ping().await?)
    }
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
