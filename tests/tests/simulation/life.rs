//! One life of the program: its nodes run, the outside acts, nodes die and are started again, until the whole program
//! dies or everything has come to rest.

use std::time::Duration;

use kernel::JobState;
use testkit::fakes::MemoryDatabase;
use testkit::fakes::database::tables::UpdateState;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinError;

use crate::agenda::Event;
use crate::crash_sites::note_crash_sites;
use crate::mishaps::Toll;
use crate::node::{Node, Part};
use crate::outside;
use crate::scenario::NODES;
use crate::sky::Death;
use crate::world::World;

/// How long a node that is told to stop may take.
const STOP_WITHIN: Duration = Duration::from_secs(20);
/// How often it is looked whether everything has come to rest.
const REST_CHECK: Duration = Duration::from_secs(5);
/// How long everything may take to come to rest once the weather is fair.
const PATIENCE: Duration = Duration::from_hours(2);

/// How a life ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The whole program died.
    Died,
    /// Nothing is left to do.
    AtRest,
    /// Something is still under way after all patience.
    Restless,
}

/// A life of the program.
pub struct Life<'world> {
    world: &'world World,
    database: MemoryDatabase,
    nodes: [Option<Node>; NODES],
    deaths: UnboundedReceiver<Death>,
    death_notices: UnboundedSender<Death>,
}

/// What the loop waits for.
enum News {
    Death(Death),
    Ended(usize, Result<Part, JoinError>),
    Time,
}

impl<'world> Life<'world> {
    /// Starts every node, in the present runtime.
    pub fn begin(world: &'world World) -> Self {
        let (death_notices, deaths) = unbounded_channel();
        let database = world.open_database();
        let mut life = Self { world, database, nodes: Default::default(), deaths, death_notices };
        for node in 0..NODES {
            life.start(node);
        }
        life
    }

    /// Goes on to the end.
    pub async fn run(mut self) -> End {
        let started_at = self.world.clock.elapsed();
        let mut next_check = started_at + REST_CHECK;
        loop {
            let now = self.world.clock.elapsed();
            while let Some(event) = self.world.agenda.take_due(now) {
                self.perform(event);
            }
            if now >= next_check {
                if self.is_at_rest() {
                    return End::AtRest;
                }
                if now > started_at + PATIENCE {
                    self.say_what_is_under_way();
                    return End::Restless;
                }
                next_check = now + REST_CHECK;
            }
            let next = self.world.agenda.next_time().map_or(next_check, |time| time.min(next_check));
            match self.news_until(next).await {
                News::Death(death) => {
                    if self.bury(death) == Toll::Program {
                        return End::Died;
                    }
                }
                News::Ended(_, Ok(part)) if outside::is_visit(part) => {}
                News::Ended(node, Ok(_)) if self.is_stopping(node) => {}
                News::Ended(_, ended) => self.world.fault(format!("a part of the program ended: {ended:?}")),
                News::Time => {}
            }
        }
    }

    async fn news_until(&mut self, time: Duration) -> News {
        let Self { world, nodes, deaths, .. } = self;
        let [first, second] = nodes;
        tokio::select! {
            biased;
            Some(death) = deaths.recv() => News::Death(death),
            ended = next_end(first) => News::Ended(0, ended),
            ended = next_end(second) => News::Ended(1, ended),
            () = world.clock.wait_until(time) => News::Time,
        }
    }

    fn start(&mut self, node: usize) {
        if self.nodes[node].is_none() {
            let started = Node::start(self.world, &self.database, node, &self.death_notices);
            self.world.trace.note(format!("node {node} begins its life {}", started.life));
            self.nodes[node] = Some(started);
        }
    }

    /// A node is told to stop, and killed when it has had its time.
    fn stop(&mut self, node: usize) {
        if let Some(running) = &self.nodes[node] {
            self.world.coverage.saw("mishap: a node is told to stop");
            self.world.trace.note(format!("node {node} is told to stop"));
            running.stop.cancel();
            let killed_at = self.world.clock.elapsed() + STOP_WITHIN;
            self.world.agenda.at(killed_at, Event::Kill { node, life: running.life });
        }
    }

    fn is_stopping(&self, node: usize) -> bool {
        self.nodes[node].as_ref().is_none_or(|node| node.stop.is_cancelled())
    }

    fn kill(&mut self, node: usize, life: u64) {
        if self.nodes[node].as_ref().is_some_and(|running| running.life == life) {
            self.end(node);
        }
    }

    /// A node is no more, and is started again after a while.
    fn end(&mut self, node: usize) {
        self.world.trace.note(format!("node {node} is no more"));
        self.nodes[node] = None;
        let pause = self.world.outside().between(Duration::from_millis(100), Duration::from_secs(90));
        self.world.agenda.at(self.world.clock.elapsed() + pause, Event::Start { node });
    }

    /// Whom a death takes. The rest goes on, and the node is started again after a while.
    fn bury(&mut self, death: Death) -> Toll {
        let is_news = self.nodes[death.node].as_ref().is_some_and(|node| node.life == death.life);
        if !is_news {
            return Toll::Node;
        }
        note_crash_sites(self.world);
        self.world.audit_at_a_death();
        if death.toll == Toll::Program {
            self.world.coverage.saw("mishap: the whole program dies");
            self.world.trace.note("the whole program dies");
            return Toll::Program;
        }
        self.world.coverage.saw("mishap: a node dies");
        self.end(death.node);
        Toll::Node
    }

    fn perform(&mut self, event: Event) {
        match event {
            Event::Start { node } => self.start(node),
            Event::Stop { node } => self.stop(node),
            Event::Kill { node, life } => self.kill(node, life),
            event => outside::perform(self.world, &mut self.nodes, event),
        }
    }

    fn is_at_rest(&self) -> bool {
        let world = self.world;
        if world.sky.is_rough() || !world.agenda.is_empty() || world.telegram.unconfirmed() > 0 {
            return false;
        }
        let tables = world.tables();
        tables.updates.values().all(|row| row.state != UpdateState::Waiting)
            && tables.jobs.values().all(|row| matches!(row.state, JobState::Done | JobState::Buried))
    }

    fn say_what_is_under_way(&self) {
        let (world, tables) = (self.world, self.world.tables());
        let waiting = tables.updates.values().filter(|row| row.state == UpdateState::Waiting).count();
        let jobs: Vec<_> = tables
            .jobs
            .values()
            .filter(|row| matches!(row.state, JobState::Ready | JobState::Running))
            .map(|row| (row.kind, row.state, row.attempt, row.reason.clone()))
            .collect();
        world.fault(format!(
            "not at rest: {waiting} updates wait, {} are unconfirmed, jobs {jobs:?}",
            world.telegram.unconfirmed()
        ));
    }
}

/// The next end of a part of a node; never, when nothing runs.
async fn next_end(node: &mut Option<Node>) -> Result<Part, JoinError> {
    match node {
        Some(node) => match node.tasks.join_next().await {
            Some(ended) => ended,
            None => std::future::pending().await,
        },
        None => std::future::pending().await,
    }
}
