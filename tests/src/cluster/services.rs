//! The servers that the bots of a cluster share.

use std::process::Stdio;

use testkit::proxy::FaultProxy;
use testkit::servers::{Durability, PostgresDatabase, PostgresServer, RedisServer, S3Room, S3Server};
use tokio::process::Command;

use crate::studio::studio_program;

/// PostgreSQL, with a database of its own that is migrated and empty; and, where they are asked for, Redis and S3. Without
/// them the bots share a directory for objects, and find their work by looking into the database.
#[derive(Debug)]
pub struct Services {
    database: PostgresDatabase,
    database_proxy: Option<FaultProxy>,
    redis: Option<RedisServer>,
    s3: Option<(S3Server, String)>,
}

impl Services {
    /// On the servers of this test process.
    pub async fn shared() -> Self {
        Self::over(migrated_database(PostgresServer::shared()).await, None)
    }

    /// On servers of its own that keep what was committed when they crash, each with a proxy between it and the bots.
    pub async fn own() -> Self {
        let server = tokio::task::spawn_blocking(|| PostgresServer::start(Durability::Full)).await.unwrap();
        let database_proxy = FaultProxy::start(server.address()).await.unwrap();
        Self::over(migrated_database(&server).await, Some(database_proxy))
    }

    fn over(database: PostgresDatabase, database_proxy: Option<FaultProxy>) -> Self {
        Self { database, database_proxy, redis: None, s3: None }
    }

    /// With a Redis server of its own beside them.
    pub async fn with_redis(self) -> Self {
        let redis = tokio::task::spawn_blocking(RedisServer::start).await.unwrap();
        Self { redis: Some(redis), ..self }
    }

    /// With an S3 server of its own beside them.
    pub async fn with_s3(self) -> Self {
        let server = tokio::task::spawn_blocking(|| S3Server::start(S3Room::Plenty)).await.unwrap();
        let bucket = server.unused_bucket();
        Self { s3: Some((server, bucket)), ..self }
    }

    /// The Redis server.
    pub fn redis(&self) -> &RedisServer {
        self.redis.as_ref().expect("Services::with_redis starts one")
    }

    /// The S3 server.
    pub fn s3(&self) -> &S3Server {
        &self.s3.as_ref().expect("Services::with_s3 starts one").0
    }

    /// The PostgreSQL server, to be crashed and restarted.
    pub fn postgres(&self) -> &PostgresServer {
        self.database.server()
    }

    /// The address of the database itself.
    pub fn database_url(&self) -> String {
        self.database.url()
    }

    /// The proxy between the bots and PostgreSQL, where the servers are the cluster's own.
    pub fn database_proxy(&self) -> &FaultProxy {
        self.database_proxy.as_ref().expect("Services::own has proxies, Services::shared has none")
    }

    /// How the bots reach the servers.
    pub fn settings(&self) -> Vec<(String, String)> {
        let database = match &self.database_proxy {
            Some(proxy) => self.database.url_through(proxy.address()),
            None => self.database.url(),
        };
        vec![("AISHA_DATABASE__URL".to_owned(), database)]
    }

    /// How the servers are reached without anything in between, by commands and by whoever looks on.
    pub fn direct_settings(&self) -> Vec<(String, String)> {
        let mut settings = vec![("AISHA_DATABASE__URL", self.database.url())];
        if let Some(redis) = &self.redis {
            settings.push(("AISHA_REDIS__URL", redis.url()));
        }
        if let Some((server, bucket)) = &self.s3 {
            settings.push(("AISHA_OBJECTS__ENDPOINT", server.endpoint()));
            settings.push(("AISHA_OBJECTS__BUCKET", bucket.clone()));
            settings.push(("AISHA_OBJECTS__ACCESS_KEY", S3Server::KEYS.access_key.to_owned()));
            settings.push(("AISHA_OBJECTS__SECRET_KEY", S3Server::KEYS.secret_key.to_owned()));
        }
        settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

async fn migrated_database(server: &PostgresServer) -> PostgresDatabase {
    server
        .fresh_database(async |url| {
            let output = Command::new(studio_program())
                .args(["bot", "migrate", "up"])
                .env("AISHA_DATABASE__URL", url)
                .env("AISHA_WEB__SECRET", "a secret that no migration needs, but it is asked for")
                .stdin(Stdio::null())
                .output()
                .await
                .unwrap();
            let words = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "migrate up: {words}");
        })
        .await
}
