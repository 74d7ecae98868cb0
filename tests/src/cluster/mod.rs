//! A studio of many processes: PostgreSQL and whatever else processes share, the sandbox's services, any number of bots
//! with a role each, and a balancer in front of those that serve the web.
//!
//! ```no_run
//! # async fn example() {
//! use tests::cluster::{Cluster, Role, Updates};
//!
//! let mut cluster = Cluster::open(Updates::ByWebhook, &[]).await;
//! cluster.start_each(&[Role::Web, Role::Web, Role::Chat, Role::Chat, Role::Worker]).await;
//! let person = cluster.person().await; // everything that a `Studio` can do
//! let first_chat = cluster.playing(Role::Chat)[0];
//! cluster.kill(first_chat).await;
//! cluster.close().await; // quiet, a clean audit, and every process stops in order
//! # }
//! ```
//!
//! A cluster that is dropped, as by a failed test, ends with all of its processes and prints the last lines of each.

mod balancer;
mod log;
mod node;
mod services;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::ops::Deref;
use std::time::Duration;

use serde_json::Value;

pub use balancer::Balancer;
pub use log::NodeLog;
pub use node::{Node, Role};
pub use services::Services;

use crate::studio::Studio;
use node::Program;

/// How long a process may take to stop in order.
const STOP_WITHIN: Duration = Duration::from_secs(20);
/// Opens Telegram's webhook.
const WEBHOOK_SECRET: &str = "a-secret-of-the-cluster_that-telegram-sends-along";

/// How updates come from Telegram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Updates {
    /// One of the processes that play [`Role::Chat`] asks for them.
    ByPolling,
    /// Telegram brings them to the processes that play [`Role::Web`].
    ByWebhook,
}

/// A process of a cluster, for as long as the cluster knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeId(u32);

/// A studio of many processes. Everything that a [`Studio`] can do can be done with it, but for what is about its one bot.
pub struct Cluster {
    // Dropped in this order: the bots end before the servers that they need.
    nodes: BTreeMap<NodeId, Node>,
    balancer: Balancer,
    studio: Studio,
    services: Services,
    program: Program,
    next: u32,
}

impl Deref for Cluster {
    type Target = Studio;

    fn deref(&self) -> &Studio {
        &self.studio
    }
}

impl Cluster {
    /// A cluster without bots, over servers that it shares with the other tests of this process. Its bots have these
    /// settings on top.
    pub async fn open(updates: Updates, settings: &[(&str, &str)]) -> Self {
        Self::over(Services::shared().await, updates, settings).await
    }

    /// The same over these servers.
    pub async fn over(services: Services, updates: Updates, settings: &[(&str, &str)]) -> Self {
        let balancer = Balancer::start().await;
        let public_url = format!("http://{}", balancer.address());
        let mut all = services.direct_settings();
        all.extend(general_settings(&public_url, updates));
        all.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let all: Vec<(&str, &str)> =
            all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let studio = Studio::without_bot(&all).await;
        let environment = studio.driving().get("/bot/environment").await;
        let mut environment: BTreeMap<String, String> = serde_json::from_value(environment).unwrap();
        environment.extend(services.settings());
        let program = Program { environment, directory: studio.data.clone() };
        Self { nodes: BTreeMap::new(), balancer, studio, services, program, next: 0 }
    }

    /// The servers that the bots share.
    pub fn services(&self) -> &Services {
        &self.services
    }

    /// Starts a bot that plays this role, and waits until it runs.
    pub async fn start(&mut self, role: Role) -> NodeId {
        self.start_with(role, &[]).await
    }

    /// The same with variables of its environment on top: settings, or anything else.
    pub async fn start_with(&mut self, role: Role, variables: &[(&str, &str)]) -> NodeId {
        let id = NodeId(self.next);
        self.next += 1;
        let node = Node::start(&self.program, &format!("{role}-{}", id.0), role, variables).await;
        if let Some(address) = node.web_address() {
            self.balancer.add(address);
        }
        self.nodes.insert(id, node);
        id
    }

    /// Starts a bot for each of these roles, all at once.
    pub async fn start_each(&mut self, roles: &[Role]) -> Vec<NodeId> {
        let mut starting = Vec::new();
        for role in roles {
            let id = NodeId(self.next);
            self.next += 1;
            let (program, role) = (self.program.clone(), *role);
            let name = format!("{role}-{}", id.0);
            let start = async move { Node::start(&program, &name, role, &[]).await };
            starting.push((id, tokio::spawn(start)));
        }
        let mut ids = Vec::new();
        for (id, start) in starting {
            let node = start.await.unwrap();
            if let Some(address) = node.web_address() {
                self.balancer.add(address);
            }
            self.nodes.insert(id, node);
            ids.push(id);
        }
        ids
    }

    /// A process.
    pub fn node(&self, id: NodeId) -> &Node {
        self.nodes.get(&id).unwrap_or_else(|| unknown(id))
    }

    /// Every process.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        self.nodes.iter().map(|(id, node)| (*id, node))
    }

    /// The processes that play a role, the oldest first.
    pub fn playing(&self, role: Role) -> Vec<NodeId> {
        self.nodes().filter(|(_, node)| node.role() == role).map(|(id, _)| id).collect()
    }

    /// The process that said this last, if any did.
    pub fn last_to_say(&self, part: &str) -> Option<NodeId> {
        let said = self.nodes().filter_map(|(id, node)| Some((node.log().when_last(part)?, id)));
        said.max().map(|(_, id)| id)
    }

    /// Waits up to a minute for any process to say this; the one that said it last.
    pub async fn wait_for_any_to_say(&self, part: &str) -> NodeId {
        let waits = self.nodes().map(|(_, node)| Box::pin(node.log().wait_for(part)));
        futures::future::select_all(waits).await;
        self.last_to_say(part).expect("one has said it")
    }

    /// Kills a process without a warning; what it had printed.
    pub async fn kill(&mut self, id: NodeId) -> NodeLog {
        let mut node = self.take_out(id);
        node.kill().await;
        node.log().clone()
    }

    /// Asks a process to stop, waits until it has, and checks that it did so in order and in time; how long it took, and
    /// what it had printed.
    pub async fn stop(&mut self, id: NodeId) -> (Duration, NodeLog) {
        let mut node = self.take_out(id);
        let took = node.stop(STOP_WITHIN).await;
        (took, node.log().clone())
    }

    /// Asks a process to stop, and goes on; [`Cluster::stop`] waits for its end.
    pub async fn ask_to_stop(&mut self, id: NodeId) {
        self.nodes.get_mut(&id).unwrap_or_else(|| unknown(id)).ask_to_stop().await;
    }

    /// Stops a process and starts another with its role.
    pub async fn restart(&mut self, id: NodeId) -> NodeId {
        let role = self.node(id).role();
        self.stop(id).await;
        self.start(role).await
    }

    /// Freezes a process, which keeps its memory and connections and does nothing.
    pub async fn freeze(&self, id: NodeId) {
        self.node(id).freeze().await;
    }

    /// Wakes a frozen process.
    pub async fn thaw(&self, id: NodeId) {
        self.node(id).thaw().await;
    }

    /// Ends the cluster: everything comes to rest, every invariant holds, and every process stops in order and in time.
    pub async fn close(mut self) {
        self.studio.settle().await;
        self.studio.audit().await;
        let ids: Vec<NodeId> = self.nodes.keys().copied().collect();
        let mut stopping = Vec::new();
        for id in ids {
            let mut node = self.take_out(id);
            stopping.push(tokio::spawn(async move { node.stop(STOP_WITHIN).await }));
        }
        for stop in stopping {
            stop.await.unwrap();
        }
        self.studio.audit().await;
        self.studio.end().await;
    }

    fn take_out(&mut self, id: NodeId) -> Node {
        let node = self.nodes.remove(&id).unwrap_or_else(|| unknown(id));
        if let Some(address) = node.web_address() {
            self.balancer.remove(address);
        }
        node
    }

    /// Waits until Telegram was told to bring an update again.
    pub async fn wait_until_telegram_is_refused(&self) {
        self.wait_for_telegram("an update to be refused", |telegram| telegram["webhook_is_failing"] == true)
            .await;
    }

    /// Waits until what Telegram has for the bot is all delivered.
    pub async fn wait_for_all_updates(&self) {
        self.wait_for_telegram("updates to be delivered", |telegram| telegram["waiting_updates"] == 0).await;
    }

    async fn wait_for_telegram(&self, what: &str, is_so: impl Fn(&Value) -> bool) {
        let mut telegram = Value::Null;
        for _ in 0..1_200 {
            telegram = self.studio.driving().get("/telegram").await;
            if is_so(&telegram) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("waited a minute for {what}: {telegram:#}");
    }

    /// Where the balancer listens: the public address of the web processes.
    pub fn public_address(&self) -> SocketAddr {
        self.balancer.address()
    }
}

fn unknown<Found>(id: NodeId) -> Found {
    panic!("{id:?} is no process of this cluster any more")
}

/// What every bot of a cluster is told.
fn general_settings(public_url: &str, updates: Updates) -> Vec<(String, String)> {
    let mut settings = vec![
        ("AISHA_WEB__SECRET", "the secret of a cluster that is gone after its test".to_owned()),
        ("AISHA_WEB__PUBLIC_URL", public_url.to_owned()),
        ("AISHA_GENERATION__MAX_UNDER_WAY", "3".to_owned()),
        // A port for each process, which it tells in its log.
        ("AISHA_WEB__LISTEN", "127.0.0.1:0".to_owned()),
    ];
    if updates == Updates::ByWebhook {
        settings.push(("AISHA_TELEGRAM__WEBHOOK_URL", format!("{public_url}/telegram/webhook")));
        settings.push(("AISHA_TELEGRAM__WEBHOOK_SECRET", WEBHOOK_SECRET.to_owned()));
    }
    settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
