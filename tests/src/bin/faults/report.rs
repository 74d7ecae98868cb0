//! What is said of a run: a table, and the same as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;
use tokio::task::JoinError;

use crate::options::Options;

/// What came of a seed.
#[derive(Debug, Default, Serialize)]
pub struct SeedReport {
    /// The seed.
    pub seed: u64,
    /// People.
    pub people: usize,
    /// Processes of the bot.
    pub processes: usize,
    /// How often processes were started.
    pub starts: u32,
    /// How often one of them ended although nobody killed it.
    pub ended_by_themselves: u32,
    /// What people did.
    pub deeds: u64,
    /// Seconds from the beginning to the report.
    pub seconds: u64,
    /// Seconds from when all was mended until all was quiet.
    pub seconds_to_quiet: u64,
    /// What went wrong, and how often.
    pub mishaps: BTreeMap<String, u64>,
    /// What was counted afterwards.
    pub counts: Vec<(String, i64)>,
    /// What the auditor said.
    pub audit: String,
    /// What must not be.
    pub violations: Vec<String>,
    /// Where the logs of the processes are.
    pub logs: Option<String>,
}

/// What came of all seeds.
#[derive(Debug, Serialize)]
pub struct Report {
    passed: usize,
    failed: usize,
    seeds: Vec<SeedReport>,
}

impl SeedReport {
    /// A seed whose driver failed.
    pub fn of_driver_that_died(seed: u64, died: &JoinError) -> Self {
        Self { seed, violations: vec![format!("the driver died: {died}")], ..Self::default() }
    }

    /// Whether nothing was lost.
    pub fn has_passed(&self) -> bool {
        self.violations.is_empty()
    }

    /// What came of it, for somebody who waits for the next seed.
    pub fn summary(&self, options: &Options) -> String {
        if self.has_passed() {
            return format!(
                "seed {}: nothing was lost ({} s, quiet after {} s)",
                self.seed, self.seconds, self.seconds_to_quiet
            );
        }
        let mut text = format!("seed {} FAILED:\n", self.seed);
        for violation in self.violations.iter().take(40) {
            let _written = writeln!(text, "  {violation}");
        }
        if let Some(logs) = &self.logs {
            let _written = writeln!(text, "  what the processes printed: {logs}");
        }
        let _written = write!(text, "  again: {}", options.replay(self.seed));
        text
    }
}

impl Report {
    /// The report of these seeds.
    pub fn of(seeds: Vec<SeedReport>) -> Self {
        let passed = seeds.iter().filter(|seed| seed.has_passed()).count();
        Self { passed, failed: seeds.len() - passed, seeds }
    }

    /// Whether every seed passed.
    pub fn has_passed(&self) -> bool {
        self.failed == 0 && self.passed > 0
    }

    /// As JSON.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a report is JSON")
    }

    /// As a table: a line for everything that was counted, a column for each seed.
    pub fn table(&self) -> String {
        let mut lines: Vec<(String, Vec<String>)> = Vec::new();
        self.add(&mut lines, "people", |seed| seed.people);
        self.add(&mut lines, "processes", |seed| seed.processes);
        self.add(&mut lines, "starts of processes", |seed| seed.starts);
        self.add(&mut lines, "ends that nobody asked for", |seed| seed.ended_by_themselves);
        self.add(&mut lines, "what people did", |seed| seed.deeds);
        self.add(&mut lines, "seconds", |seed| seed.seconds);
        self.add(&mut lines, "seconds until quiet", |seed| seed.seconds_to_quiet);
        for kind in names(self.seeds.iter().map(|seed| seed.mishaps.keys())) {
            self.add(&mut lines, &kind, |seed| seed.mishaps.get(&kind).copied().unwrap_or_default());
        }
        for what in names(self.seeds.iter().map(|seed| seed.counts.iter().map(|(what, _)| what))) {
            self.add(&mut lines, &what, |seed| {
                seed.counts.iter().find(|(counted, _)| *counted == what).map_or(0, |(_, count)| *count)
            });
        }
        self.add(&mut lines, "violations", |seed| seed.violations.len());
        let seeds = self.seeds.iter().map(|seed| format!("seed {}", seed.seed)).collect();
        lines.insert(0, (String::new(), seeds));
        let widest = lines.iter().map(|(what, _)| what.len()).max().unwrap_or_default();
        let mut table = String::from("\n");
        for (what, values) in lines {
            let _written = write!(table, "{what:<widest$}");
            for value in values {
                let _written = write!(table, " {value:>9}");
            }
            table.push('\n');
        }
        let _written = write!(table, "\n{} of {} seeds passed", self.passed, self.seeds.len());
        table
    }

    fn add<T: ToString>(
        &self,
        lines: &mut Vec<(String, Vec<String>)>,
        what: &str,
        value: impl Fn(&SeedReport) -> T,
    ) {
        lines.push((what.to_owned(), self.seeds.iter().map(|seed| value(seed).to_string()).collect()));
    }
}

/// Every name once, in the order of their first appearance.
fn names<'seed>(of_seeds: impl IntoIterator<Item = impl IntoIterator<Item = &'seed String>>) -> Vec<String> {
    let mut names = Vec::new();
    for name in of_seeds.into_iter().flatten() {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}
