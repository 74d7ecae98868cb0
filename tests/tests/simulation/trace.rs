//! What happened, in order: every call of a port with its fate, everything that Telegram did, everything from outside.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use testkit::weather::Fate;

use crate::clock::SimulatedClock;
use crate::sky::is_idle;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// A node of the program called a port.
    Call {
        /// Which node.
        node: usize,
        /// Which port.
        port: &'static str,
        /// What befell the call.
        fate: Fate,
    },
    /// Anything else.
    Note(String),
}

/// Something that happened, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    at: Duration,
    what: Happening,
}

impl Step {
    /// Whether it is the usual looking around of a program with nothing to do.
    fn is_noise(&self) -> bool {
        matches!(&self.what, Happening::Call { port, fate: Fate::Fair, .. } if is_idle(port))
    }
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:>10.3} ", self.at.as_secs_f64())?;
        match &self.what {
            Happening::Call { node, port, fate: Fate::Fair } => write!(formatter, "node {node}: {port}"),
            Happening::Call { node, port, fate } => write!(formatter, "node {node}: {port} {fate:?}"),
            Happening::Note(words) => formatter.write_str(words),
        }
    }
}

/// What happened. Clones are one trace.
#[derive(Clone, Default)]
pub struct Trace {
    clock: SimulatedClock,
    steps: Arc<Mutex<Vec<Step>>>,
}

impl Trace {
    /// An empty trace with the times of `clock`.
    pub fn new(clock: SimulatedClock) -> Self {
        Self { clock, steps: Arc::default() }
    }

    /// A node called a port.
    pub fn call(&self, node: usize, port: &'static str, fate: Fate) {
        self.push(Happening::Call { node, port, fate });
    }

    /// Something else happened.
    pub fn note(&self, words: impl Into<String>) {
        self.push(Happening::Note(words.into()));
    }

    fn push(&self, what: Happening) {
        let at = self.clock.elapsed();
        self.steps.lock().unwrap_or_else(PoisonError::into_inner).push(Step { at, what });
    }

    /// Everything.
    pub fn steps(&self) -> Vec<Step> {
        self.steps.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The last `lines` things that were not mere looking around.
    pub fn tail(&self, lines: usize) -> String {
        let steps = self.steps.lock().unwrap_or_else(PoisonError::into_inner);
        let mut tail: Vec<String> =
            steps.iter().rev().filter(|step| !step.is_noise()).take(lines).map(Step::to_string).collect();
        tail.reverse();
        tail.join("\n")
    }
}
