//! Makes things go wrong as a plan says, and makes them good again.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tests::Driving;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::bots::Bots;
use crate::mishap::{Mishap, Rule, Server};
use crate::plan::Plan;
use crate::rows::Rows;
use crate::servers::Servers;

/// How long a job is waited for that can be struck.
const PATIENCE: Duration = Duration::from_secs(90);

/// What can be made to go wrong.
#[derive(Clone)]
pub struct Wrecker {
    /// The processes.
    pub bots: Arc<Bots>,
    /// The servers that they share.
    pub servers: Arc<Servers>,
    /// The sandbox.
    pub driving: Driving,
    /// The database.
    pub rows: Rows,
}

impl Wrecker {
    /// Does everything that the plan says, each at its time; how often each kind happened. When it returns, all is well
    /// again, but for what the processes still have to get over.
    pub async fn carry_out(&self, plan: &Plan) -> BTreeMap<String, u64> {
        let began = Instant::now();
        let mut counts = BTreeMap::<String, u64>::new();
        let mut under_way = JoinSet::new();
        for (at, mishap) in &plan.mishaps {
            sleep_until(began + *at).await;
            println!("  {:>5.1} s  {mishap}", began.elapsed().as_secs_f64());
            *counts.entry(mishap.kind()).or_default() += 1;
            let (wrecker, mishap) = (self.clone(), mishap.clone());
            under_way.spawn(async move { wrecker.make(mishap).await });
        }
        while let Some(done) = under_way.join_next().await {
            done.expect("a mishap is made and mended");
        }
        self.driving.delete("/faults").await;
        self.driving.post("/faults/release", Value::Null).await;
        for server in [Server::Database, Server::Redis, Server::Objects] {
            if self.servers.has(server) {
                let proxy = self.servers.proxy(server);
                proxy.restore();
                proxy.drop_no_reply();
                counts.insert(format!("replies of {server} that were lost"), proxy.dropped());
            }
        }
        counts
    }

    async fn make(&self, mishap: Mishap) {
        match mishap {
            Mishap::Kill { which } => self.bots.place(which).kill().await,
            Mishap::Freeze { which, span } => self.bots.place(which).freeze(span).await,
            Mishap::Restart(server) => self.servers.stop(server, Duration::ZERO).await,
            Mishap::Stop(server, span) => self.servers.stop(server, span).await,
            Mishap::Flush => self.servers.empty_redis().await,
            Mishap::Cut(server) => {
                self.interfere(server, Interference::Cut, Duration::from_millis(200)).await
            }
            Mishap::Hold(server, span) => self.interfere(server, Interference::Hold, span).await,
            Mishap::Slow(server, span) => self.interfere(server, Interference::Slow, span).await,
            Mishap::LoseReply(server) => self.servers.proxy(server).drop_next_reply(),
            Mishap::LoseCommitReplies(times) => {
                self.servers.proxy(Server::Database).drop_replies_to("COMMIT", times);
            }
            Mishap::Misbehave(rule) => self.let_misbehave(rule).await,
            Mishap::UpdatesTwice(span) => self.deliver(json!({ "twice": true }), span).await,
            Mishap::UpdatesShuffled(span) => self.deliver(json!({ "shuffled": true }), span).await,
            Mishap::KillWhoeverRunsOneJob { times } => self.kill_whoever_runs_one_job(times).await,
        }
    }

    async fn interfere(&self, server: Server, interference: Interference, span: Duration) {
        let proxy = self.servers.proxy(server);
        match interference {
            Interference::Cut => proxy.cut(),
            Interference::Hold => proxy.hold(),
            Interference::Slow => proxy.delay(Duration::from_millis(150)),
        }
        sleep(span).await;
        proxy.restore();
    }

    async fn let_misbehave(&self, rule: Rule) {
        let mut body =
            json!({ "service": rule.service, "fault": rule.fault, "times": { "count": rule.calls } });
        if let Some(operation) = rule.operation {
            body["operation"] = json!(operation);
        }
        self.driving.post("/faults", body).await;
    }

    /// Lets Telegram deliver updates in another way for a while.
    async fn deliver(&self, faults: Value, span: Duration) {
        self.driving.put("/telegram/delivery", faults).await;
        sleep(span).await;
        self.driving.put("/telegram/delivery", json!({})).await;
    }

    /// Chooses a job that runs, and kills every process that may be the one that runs it, whenever it runs. Nobody outside
    /// knows which one it is; so the others suffer with it.
    async fn kill_whoever_runs_one_job(&self, times: u32) {
        let choose =
            "SELECT id::text FROM jobs WHERE state = 'running' AND kind = 'advance-generation' LIMIT 1";
        let Some(job) = self.wait_for_line(choose).await else {
            return;
        };
        for _ in 0..times {
            let runs = format!(
                "SELECT id::text FROM jobs WHERE state = 'running' AND due_at > CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint) AND id = '{job}'"
            );
            if self.wait_for_line(&runs).await.is_none() {
                return;
            }
            for worker in self.bots.workers() {
                worker.kill().await;
            }
        }
    }

    async fn wait_for_line(&self, query: &str) -> Option<String> {
        let look = async {
            loop {
                // The database may be away by another mishap.
                let lines = self.rows.lines(query).await.unwrap_or_default();
                if let Some(line) = lines.into_iter().next() {
                    return line;
                }
                sleep(Duration::from_millis(100)).await;
            }
        };
        timeout(PATIENCE, look).await.ok()
    }
}

/// What a proxy does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Interference {
    Cut,
    Hold,
    Slow,
}
