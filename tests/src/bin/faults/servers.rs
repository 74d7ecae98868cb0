//! The servers that all processes share, each of its own for a seed, with a proxy between it and the processes.

use std::time::Duration;

use testkit::proxy::FaultProxy;
use testkit::servers::{RedisServer, S3Room, S3Server};
use tests::cluster::Services;
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use crate::mishap::Server;

/// The bucket of the installation.
const BUCKET: &str = "aisha";
/// The region that the S3 server takes requests for.
const REGION: &str = "us-east-1";

/// The servers.
pub struct Servers {
    database: Services,
    redis: Option<Redis>,
    objects: Option<Objects>,
    /// Whoever stops or starts a server waits for the one before.
    database_is_down: Mutex<()>,
    redis_is_down: Mutex<()>,
    objects_are_down: Mutex<()>,
}

struct Redis {
    server: RedisServer,
    proxy: FaultProxy,
}

struct Objects {
    server: S3Server,
    proxy: FaultProxy,
}

impl Servers {
    /// PostgreSQL, and those of the others that are named. Without Redis processes do not wake each other; without S3
    /// images lie on the disk.
    pub async fn start(others: &[Server]) -> Self {
        Self {
            database: Services::own().await,
            redis: if others.contains(&Server::Redis) { Some(Redis::start().await) } else { None },
            objects: if others.contains(&Server::Objects) { Some(Objects::start().await) } else { None },
            database_is_down: Mutex::new(()),
            redis_is_down: Mutex::new(()),
            objects_are_down: Mutex::new(()),
        }
    }

    /// Whether there is such a server.
    pub fn has(&self, server: Server) -> bool {
        match server {
            Server::Database => true,
            Server::Redis => self.redis.is_some(),
            Server::Objects => self.objects.is_some(),
        }
    }

    /// How the bots reach the servers.
    pub fn settings(&self) -> Vec<(String, String)> {
        let mut settings = self.database.settings();
        if let Some(redis) = &self.redis {
            settings.push(("AISHA_REDIS__URL".to_owned(), redis.server.url_through(redis.proxy.address())));
        }
        if let Some(objects) = &self.objects {
            settings.extend(objects.settings(&format!("http://{}", objects.proxy.address())));
        }
        settings
    }

    /// How the servers are reached without anything in between, by commands and by whoever looks on.
    pub fn direct_settings(&self) -> Vec<(String, String)> {
        let mut settings = self.database.direct_settings();
        if let Some(redis) = &self.redis {
            settings.push(("AISHA_REDIS__URL".to_owned(), redis.server.url()));
        }
        if let Some(objects) = &self.objects {
            settings.extend(objects.settings(&objects.server.endpoint()));
        }
        settings
    }

    /// The address of the database itself.
    pub fn database_url(&self) -> String {
        self.database.database_url()
    }

    /// What stands between the processes and a server that there is.
    pub fn proxy(&self, server: Server) -> &FaultProxy {
        match server {
            Server::Database => self.database.database_proxy(),
            Server::Redis => &self.redis().proxy,
            Server::Objects => &self.objects().proxy,
        }
    }

    /// Lets a server die as by a power cut, and starts it again after `span`.
    pub async fn stop(&self, server: Server, span: Duration) {
        match server {
            Server::Database => {
                let _one_at_a_time = self.database_is_down.lock().await;
                self.database.postgres().crash().await;
                sleep(span).await;
                self.database.postgres().restart().await;
            }
            Server::Redis => {
                let _one_at_a_time = self.redis_is_down.lock().await;
                self.redis().server.crash().await;
                sleep(span).await;
                self.redis().server.restart().await;
            }
            Server::Objects => {
                let _one_at_a_time = self.objects_are_down.lock().await;
                self.objects().server.crash().await;
                sleep(span).await;
                self.objects().server.restart().await;
            }
        }
    }

    /// Lets Redis forget everything.
    pub async fn empty_redis(&self) {
        let _it_is_there = self.redis_is_down.lock().await;
        self.redis().server.empty().await;
    }

    fn redis(&self) -> &Redis {
        self.redis.as_ref().expect("a plan has no mishaps of servers that are not there")
    }

    fn objects(&self) -> &Objects {
        self.objects.as_ref().expect("a plan has no mishaps of servers that are not there")
    }
}

impl Redis {
    async fn start() -> Self {
        let server = spawn_blocking(RedisServer::start).await.expect("a Redis server");
        let proxy = FaultProxy::start(server.address()).await.expect("a proxy");
        Self { server, proxy }
    }
}

impl Objects {
    async fn start() -> Self {
        let server = spawn_blocking(|| S3Server::start(S3Room::Plenty)).await.expect("an S3 server");
        let proxy = FaultProxy::start(server.address()).await.expect("a proxy");
        Self { server, proxy }
    }

    fn settings(&self, endpoint: &str) -> Vec<(String, String)> {
        [
            ("AISHA_OBJECTS__ENDPOINT", endpoint),
            ("AISHA_OBJECTS__BUCKET", BUCKET),
            ("AISHA_OBJECTS__REGION", REGION),
            ("AISHA_OBJECTS__ACCESS_KEY", S3Server::KEYS.access_key),
            ("AISHA_OBJECTS__SECRET_KEY", S3Server::KEYS.secret_key),
            // What is empty is not set: objects are in one place.
            ("AISHA_OBJECTS__DIRECTORY", ""),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
    }
}
