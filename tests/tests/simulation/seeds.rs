//! Many seeds, on a few threads.

use std::collections::BTreeMap;
use std::env;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::coverage::Coverage;
use crate::log::Scrutiny;
use crate::simulation::simulate;

/// Which seeds are simulated when nobody says otherwise.
pub const USUAL: Range<u64> = 0..1000;
/// Threads. Each seed stays on one.
const THREADS: usize = 2;
/// Seeds with something wrong after which no more are begun.
const ENOUGH: usize = 5;
/// How many lines of a trace are shown when nobody says otherwise.
const TAIL: usize = 150;
/// Room for the deep futures of a debug build.
const STACK_BYTES: usize = 16 * 1024 * 1024;

/// The seeds that `AISHA_SEEDS` asks for (`from..to` or one number), or the usual ones.
pub fn asked_for() -> Range<u64> {
    let Ok(asked) = env::var("AISHA_SEEDS") else {
        return USUAL;
    };
    let number = |text: &str| -> u64 { text.trim().parse().expect("AISHA_SEEDS is a number or from..to") };
    match asked.split_once("..") {
        Some((from, to)) => number(from)..number(to),
        None => number(&asked)..number(&asked) + 1,
    }
}

/// Simulates seeds: what was met, and what is wrong by seed.
pub fn simulate_all(seeds: Range<u64>) -> (Coverage, BTreeMap<u64, Vec<String>>) {
    let next = AtomicU64::new(seeds.start);
    let coverage = Coverage::default();
    let wrong: Mutex<BTreeMap<u64, Vec<String>>> = Mutex::default();
    thread::scope(|scope| {
        for _ in 0..THREADS {
            let work = || loop {
                let seed = next.fetch_add(1, Ordering::SeqCst);
                let is_enough = wrong.lock().unwrap_or_else(PoisonError::into_inner).len() >= ENOUGH;
                if seed >= seeds.end || is_enough {
                    return;
                }
                let outcome = simulate(seed, Scrutiny::Counted);
                coverage.add(&outcome.coverage);
                if !outcome.faults.is_empty() {
                    wrong.lock().unwrap_or_else(PoisonError::into_inner).insert(seed, outcome.faults);
                }
            };
            thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work).expect("a thread");
        }
    });
    (coverage, wrong.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// How many lines of a trace `AISHA_TRACE_LINES` asks for, of a seed with nothing wrong, too.
pub fn lines_asked_for() -> Option<usize> {
    env::var("AISHA_TRACE_LINES").ok().map(|lines| lines.parse().expect("AISHA_TRACE_LINES is a number"))
}

/// What there is to say of a seed with something wrong: it is simulated again and looked at closely.
pub fn account_of(seed: u64, faults: &[String]) -> String {
    let closely = simulate(seed, Scrutiny::Read);
    format!(
        "{}\n\nseed {seed}:\n  {}\nAISHA_SEEDS={seed} cargo test -p tests --test simulation -- --nocapture\n",
        closely.trace.tail(lines_asked_for().unwrap_or(TAIL)),
        faults.join("\n  ")
    )
}
