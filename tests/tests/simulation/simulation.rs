//! A seed from its beginning to rest.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use crate::checks::check;
use crate::clock::SimulatedClock;
use crate::coverage::Coverage;
use crate::life::{End, Life};
use crate::log::{Log, Scrutiny};
use crate::outcomes::note_outcomes;
use crate::trace::Trace;
use crate::world::World;

/// What came of a seed.
pub struct Outcome {
    /// What is wrong.
    pub faults: Vec<String>,
    /// What happened.
    pub trace: Trace,
    /// What was met.
    pub coverage: Coverage,
}

/// Simulates a seed.
pub fn simulate(seed: u64, scrutiny: Scrutiny) -> Outcome {
    let clock = SimulatedClock::default();
    let trace = Trace::new(clock.clone());
    let world = World::of(seed, trace.clone(), clock);
    let coverage = world.coverage.clone();
    let log = Log::new(scrutiny, trace.clone(), coverage.clone());
    let lived = tracing::subscriber::with_default(log, || {
        catch_unwind(AssertUnwindSafe(|| {
            live(&world);
            check(&world);
            note_outcomes(&world);
        }))
    });
    if let Err(panic) = lived {
        world.fault(format!("a panic: {}", words_of(panic.as_ref())));
    }
    Outcome { faults: world.faults(), trace, coverage }
}

/// Lives through life after life of the program, until everything has come to rest.
fn live(world: &World) {
    loop {
        // A fresh runtime each time: nothing of an earlier program is left but what the stores hold.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime");
        let end = runtime.block_on(async {
            world.clock.begin_life();
            let end = Life::begin(world).run().await;
            world.clock.end_life();
            end
        });
        drop(runtime);
        match end {
            End::Died => {
                world.lose_what_was_carried();
                let downtime = world.outside().between(Duration::ZERO, world.scenario.longest_downtime);
                world.clock.skip(downtime);
                world.trace.note(format!("nobody is alive for {downtime:?}"));
            }
            End::AtRest | End::Restless => return,
        }
    }
}

fn words_of(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<&'static str>()
        .map(|words| (*words).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "without words".to_owned())
}
