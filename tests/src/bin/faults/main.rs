//! The fault suite: people use a studio of many processes while everything that can go wrong does, at moments that a seed
//! chooses; then all comes to rest, and nothing may be lost.
//!
//! `tests/faults --help` says how it is called.

mod bots;
mod checks;
mod crowd;
mod deck;
mod mishap;
mod objects;
mod options;
mod plan;
mod quiet;
mod report;
mod rows;
mod seed_run;
mod servers;
mod sitting;
mod somebody;
mod supervisor;
mod wrecker;

use std::process::ExitCode;

use clap::Parser as _;

use options::Options;
use report::{Report, SeedReport};

fn main() -> ExitCode {
    let options = Options::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let report = runtime.block_on(run(&options));
    println!("{}", report.table());
    if let Some(path) = &options.json {
        std::fs::write(path, report.json()).expect("the report can be written");
    }
    // What a seed that failed has left behind is not waited for.
    runtime.shutdown_background();
    if report.has_passed() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs every seed, each on servers of its own.
async fn run(options: &Options) -> Report {
    let mut seeds = Vec::new();
    for seed in options.all_seeds() {
        println!("\nseed {seed}: {} people", options.people());
        let of_this_seed = options.clone();
        let run = tokio::spawn(async move { seed_run::run(&of_this_seed, seed).await }).await;
        let report = run.unwrap_or_else(|died| SeedReport::of_driver_that_died(seed, &died));
        println!("{}", report.summary(options));
        seeds.push(report);
    }
    Report::of(seeds)
}
