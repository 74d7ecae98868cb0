//! The whole program on fakes, on one thread, in simulated time: people, messenger, providers, weather, deaths, all out
//! of one seed. What must be true is checked at each death and when everything has come to rest; a seed that fails is
//! replayed with `AISHA_SEEDS=<seed>`.

mod agenda;
mod chance;
mod checks;
mod climate;
mod clock;
mod coverage;
mod crash_sites;
mod expectations;
mod ids;
mod life;
mod log;
mod mishaps;
mod node;
mod outcomes;
mod outside;
mod people;
mod providers;
mod scenario;
mod seeds;
mod simulation;
mod sky;
mod telegram;
mod trace;
mod watch;
mod world;

use std::collections::BTreeSet;

use log::Scrutiny;

#[test]
fn seeds() {
    let asked_for = seeds::asked_for();
    let (coverage, wrong) = seeds::simulate_all(asked_for.clone());
    println!("{}", coverage.table());
    for (seed, faults) in &wrong {
        println!("{}", seeds::account_of(*seed, faults));
    }
    if wrong.is_empty() && seeds::lines_asked_for().is_some() {
        println!("{}", seeds::account_of(asked_for.start, &["nothing is wrong".to_owned()]));
    }
    assert!(wrong.is_empty(), "something is wrong in the seeds {:?}", wrong.keys().collect::<Vec<_>>());
    if asked_for == seeds::USUAL {
        let missing = expectations::missing(&coverage);
        assert!(missing.is_empty(), "the seeds were too easy:\n{}", missing.join("\n"));
    }
}

#[test]
fn a_seed_replays_to_the_same_trace() {
    let mut traces = BTreeSet::new();
    for seed in 0..20 {
        let first = simulation::simulate(seed, Scrutiny::Counted).trace.steps();
        let second = simulation::simulate(seed, Scrutiny::Counted).trace.steps();
        let parting = first.iter().zip(&second).find(|(one, other)| one != other);
        assert!(parting.is_none(), "seed {seed} goes two ways: {parting:?}");
        assert_eq!(first.len(), second.len(), "seed {seed}");
        traces.insert(first.iter().map(ToString::to_string).collect::<String>());
    }
    assert_eq!(traces.len(), 20, "every seed goes its own way");
}
