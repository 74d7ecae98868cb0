//! The servers that the bots of a cluster share.

use std::process::Stdio;

use testkit::proxy::FaultProxy;
use testkit::servers::{Durability, PostgresDatabase, PostgresServer};
use tokio::process::Command;

use crate::studio::studio_program;

/// PostgreSQL, with a database of its own that is migrated and empty.
#[derive(Debug)]
pub struct Services {
    database: PostgresDatabase,
    database_proxy: Option<FaultProxy>,
}

impl Services {
    /// On the servers of this test process.
    pub async fn shared() -> Self {
        Self { database: migrated_database(PostgresServer::shared()).await, database_proxy: None }
    }

    /// On servers of its own that keep what was committed when they crash, each with a proxy between it and the bots.
    pub async fn own() -> Self {
        let server = tokio::task::spawn_blocking(|| PostgresServer::start(Durability::Full)).await.unwrap();
        let database_proxy = FaultProxy::start(server.address()).await.unwrap();
        Self { database: migrated_database(&server).await, database_proxy: Some(database_proxy) }
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
        vec![("AISHA_DATABASE__URL".to_owned(), self.database.url())]
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
