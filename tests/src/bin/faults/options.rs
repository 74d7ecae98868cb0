//! What the command line asks for.

use std::ops::Range;
use std::path::PathBuf;
use std::thread::available_parallelism;
use std::time::Duration;

use clap::Parser;

use crate::mishap::Server;

/// How many people there are for each processor.
const PEOPLE_PER_PROCESSOR: usize = 75;
/// From how long on a seed has the time for what takes a minute and more.
const LONG: Duration = Duration::from_secs(170);

/// People use a studio of many processes while everything goes wrong; afterwards nothing may be lost.
#[derive(Debug, Clone, Parser)]
#[command(name = "tests/faults")]
pub struct Options {
    /// How many seeds are run, one after the other
    #[arg(long, default_value_t = 1)]
    seeds: u64,
    /// The first seed
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// For how many minutes things go wrong in each seed; from three on with leases of 60 s and a process that stands
    /// still for 90 s, else with shorter ones
    #[arg(long, default_value_t = 3.0)]
    minutes: f64,
    /// How many people there are [default: 75 for each processor]
    #[arg(long)]
    people: Option<usize>,
    /// The servers beside PostgreSQL; `--servers ""` for none
    #[arg(long, value_delimiter = ',', default_value = "redis,s3")]
    servers: Vec<String>,
    /// Writes the report as JSON to a file
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Writes what the processes printed to a directory [default: only for seeds that fail, to the temporary directory]
    #[arg(long, value_name = "DIRECTORY")]
    pub logs: Option<PathBuf>,
}

/// Which times a seed goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Those of production.
    Usual,
    /// Shorter ones, for a run that is to be over soon.
    Short,
}

impl Pace {
    /// How long a job stays with a process that is gone.
    pub const fn lease(self) -> Duration {
        match self {
            Self::Usual => Duration::from_secs(60),
            Self::Short => Duration::from_secs(20),
        }
    }

    /// How long a frozen process stands still: half as long again as a lease holds.
    pub const fn standstill(self) -> Duration {
        match self {
            Self::Usual => Duration::from_secs(90),
            Self::Short => Duration::from_secs(30),
        }
    }

    /// How long a server is away that is stopped.
    pub const fn outage(self) -> Duration {
        Duration::from_secs(20)
    }
}

impl Options {
    /// Every seed.
    pub fn all_seeds(&self) -> Range<u64> {
        self.seed..self.seed.saturating_add(self.seeds)
    }

    /// How long things go wrong.
    pub fn span(&self) -> Duration {
        Duration::from_secs_f64(self.minutes.max(0.1) * 60.0)
    }

    /// The servers beside PostgreSQL.
    pub fn servers(&self) -> Vec<Server> {
        let known = |name: &String| match name.as_str() {
            "redis" => Some(Server::Redis),
            "s3" => Some(Server::Objects),
            "" => None,
            other => panic!("there is no server {other}: expected redis or s3"),
        };
        self.servers.iter().filter_map(known).collect()
    }

    /// Which times a seed goes by.
    pub fn pace(&self) -> Pace {
        if self.span() >= LONG { Pace::Usual } else { Pace::Short }
    }

    /// How many people there are.
    pub fn people(&self) -> usize {
        let processors = available_parallelism().map_or(1, usize::from);
        self.people.unwrap_or(PEOPLE_PER_PROCESSOR * processors)
    }

    /// The command that runs one seed as it was run.
    pub fn replay(&self, seed: u64) -> String {
        format!(
            "tests/faults --seed {seed} --minutes {} --people {} --servers {:?}",
            self.minutes,
            self.people(),
            self.servers.join(",")
        )
    }
}
