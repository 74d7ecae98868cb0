//! What befalls each call: the weather that all nodes share, and each node's part of it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use testkit::weather::{Fate, Weather};
use tokio::sync::mpsc::UnboundedSender;

use crate::chance::{Chance, Stream};
use crate::climate::{Climate, Region};
use crate::clock::SimulatedClock;
use crate::coverage::Coverage;
use crate::mishaps::{Mishap, Mishaps, Toll};
use crate::scenario::{NODES, Occupation};
use crate::trace::Trace;

/// What coverage calls a standstill.
pub const STANDSTILL: &str = "mishap: a node stands still";

/// Calls that a program makes which has nothing to do.
const IDLE: [&str; 14] = [
    "queue.pop",
    "jobs.due",
    "jobs.forget_done",
    "inbox.waiting_chats",
    "inbox.next",
    "inbox.forget_handled",
    "help.forget_old",
    "privacy.expired_exports",
    "balances.expired_holds",
    "leases.acquire",
    "leases.extend",
    "leases.release",
    "pauses.active",
    "telegram.updates",
];

/// Calls within a unit of work. Whoever stands still there keeps everybody from writing, so that nobody can overtake.
const WITHIN_A_UNIT: [&str; 36] = [
    "units.now",
    "units.commit",
    "jobs.schedule",
    "jobs.confirm",
    "jobs.complete",
    "jobs.bury",
    "ledger.record",
    "ledger.hold",
    "generations.insert",
    "generations.load",
    "generations.update",
    "gallery.keep",
    "gallery.bury",
    "callbacks.park",
    "callbacks.settle",
    "gallery.restore",
    "gallery.mark_erased",
    "avatars.insert",
    "avatars.load",
    "avatars.update",
    "avatars.make_main",
    "avatars.clear_main",
    "avatars.add_photo",
    "avatars.photos",
    "avatars.set_photo",
    "avatars.remove_photo",
    "avatars.erase",
    "training_callbacks.park",
    "training_callbacks.settle",
    "help.insert",
    "help.update",
    "privacy.insert_export",
    "privacy.update_export",
    "privacy.begin_erasure",
    "privacy.update_erasure",
    "privacy.forget_person",
];

/// Whether a call is mere looking around.
pub fn is_idle(port: &str) -> bool {
    IDLE.contains(&port)
}

struct State {
    chance: Chance,
    climate: Climate,
    mishaps: Mishaps,
    /// Until when each node stands still.
    still_until: [Duration; NODES],
}

/// The weather that all nodes share. Clones are one.
#[derive(Clone)]
pub struct Sky {
    state: Arc<Mutex<State>>,
    clock: SimulatedClock,
    trace: Trace,
    coverage: Coverage,
}

impl Sky {
    /// The weather of a seed.
    pub fn of(
        seed: u64,
        occupation: Occupation,
        clock: SimulatedClock,
        trace: Trace,
        coverage: Coverage,
    ) -> Self {
        let mut chance = Chance::of(seed, Stream::Sky);
        let climate = Climate::draw(&mut chance, occupation);
        let mishaps = Mishaps::draw(&mut chance, occupation);
        trace.note(format!("the weather: {climate:?}, {mishaps:?}"));
        let state = State { chance, climate, mishaps, still_until: [Duration::ZERO; NODES] };
        Self { state: Arc::new(Mutex::new(state)), clock, trace, coverage }
    }

    /// Whether the weather may still be bad.
    pub fn is_rough(&self) -> bool {
        let now = self.clock.elapsed();
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.climate.is_rough(now) || state.still_until.iter().any(|until| now < *until)
    }

    fn fate(&self, node: usize, port: &'static str) -> (Fate, Toll) {
        let now = self.clock.elapsed();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let is_dangerous = state.climate.is_rough(now) || state.mishaps.is_plagued();
        if is_dangerous && !is_idle(port) {
            match state.mishaps.at(port) {
                Some(Mishap::Death(fate, toll)) => return (fate, toll),
                Some(Mishap::Standstill(span)) => {
                    self.coverage.saw(STANDSTILL);
                    self.trace.note(format!("node {node} stands still for {span:?}"));
                    state.still_until[node] = now + span;
                }
                None => {}
            }
        }
        (state.fate_of_the_living(node, port, now), Toll::Node)
    }
}

impl State {
    fn fate_of_the_living(&mut self, node: usize, port: &'static str, now: Duration) -> Fate {
        let is_within_a_unit = WITHIN_A_UNIT.contains(&port);
        if now < self.still_until[node] && !is_within_a_unit {
            return Fate::Slow(self.still_until[node] - now);
        }
        let region = Region::of(port);
        if self.climate.is_away(region, now) {
            return Fate::FailsBefore;
        }
        let trouble = self.climate.trouble(region, now);
        if self.chance.permille(trouble.fails) {
            return *self.chance.pick(&[Fate::FailsBefore, Fate::FailsAfter]);
        }
        if self.chance.permille(trouble.slow) {
            let most = match (is_within_a_unit, self.chance.below(10)) {
                (true, _) => Duration::from_millis(300),
                (false, 0) => Duration::from_secs(30),
                (false, _) => Duration::from_secs(3),
            };
            return Fate::Slow(self.chance.between(Duration::from_millis(1), most));
        }
        Fate::Fair
    }
}

/// A node has died.
#[derive(Debug, Clone, Copy)]
pub struct Death {
    /// Which node.
    pub node: usize,
    /// Which of its lives.
    pub life: u64,
    /// Whom else it takes.
    pub toll: Toll,
}

/// The weather of one node in one of its lives.
pub struct NodeWeather {
    sky: Sky,
    node: usize,
    life: u64,
    is_dead: AtomicBool,
    toll: Mutex<Toll>,
    deaths: UnboundedSender<Death>,
}

impl NodeWeather {
    /// The weather of a node that begins a life. `deaths` hears of its end.
    pub fn new(sky: Sky, node: usize, life: u64, deaths: UnboundedSender<Death>) -> Self {
        Self { sky, node, life, is_dead: AtomicBool::new(false), toll: Mutex::new(Toll::Node), deaths }
    }

    /// A number below `limit`, out of the weather's chance.
    pub fn draw(&self, limit: u64) -> u64 {
        self.sky.state.lock().unwrap_or_else(PoisonError::into_inner).chance.below(limit)
    }

    /// Whether the node has died.
    pub fn is_dead(&self) -> bool {
        self.is_dead.load(Ordering::SeqCst)
    }
}

impl Weather for NodeWeather {
    fn fate(&self, port: &'static str) -> Fate {
        if self.is_dead() {
            // It is not yet buried, but does nothing any more.
            return Fate::DiesBefore;
        }
        let (fate, toll) = self.sky.fate(self.node, port);
        self.sky.trace.call(self.node, port, fate);
        if matches!(fate, Fate::DiesBefore | Fate::DiesAfter) {
            *self.toll.lock().unwrap_or_else(PoisonError::into_inner) = toll;
        }
        fate
    }

    fn die(&self) {
        if !self.is_dead.swap(true, Ordering::SeqCst) {
            let toll = *self.toll.lock().unwrap_or_else(PoisonError::into_inner);
            let death = Death { node: self.node, life: self.life, toll };
            // Nobody listens any more when the whole program is being dropped.
            let _heard = self.deaths.send(death);
        }
    }
}
