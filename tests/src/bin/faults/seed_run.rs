//! One seed from the first server to the last check.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tests::Studio;
use tests::cluster::{Balancer, Role};
use tokio::time::Instant;

use crate::bots::{self, Bots, Making, Updates};
use crate::checks::{self, Findings, Scene};
use crate::crowd::Crowd;
use crate::deck::Stakes;
use crate::mishap::Server;
use crate::objects;
use crate::options::{Options, Pace};
use crate::plan::{FirstMaker, Plan};
use crate::quiet;
use crate::report::SeedReport;
use crate::rows::Rows;
use crate::servers::Servers;
use crate::wrecker::Wrecker;

/// The processes of an installation.
const ROLES: [Role; 6] = [Role::Web, Role::Web, Role::Chat, Role::Chat, Role::Worker, Role::Worker];
/// How long everything may take to come to rest.
const REST_WITHIN: Duration = Duration::from_secs(420);
/// The registry of models as it is built in.
const MODELS: &str = include_str!("../../../../crates/bot/models.toml");
/// Who draws in it.
const GOOGLE_FIRST: &str = r#"["gemini-nano-banana-2.1", "gemini-3-pro-image", "fal-ai/flux-lora"]"#;
/// Who draws instead.
const FAL_FIRST: &str = r#"["fal-ai/flux-lora", "gemini-nano-banana-2.1"]"#;

/// Runs a seed.
pub async fn run(options: &Options, seed: u64) -> SeedReport {
    let began = Instant::now();
    let pace = options.pace();
    let servers = Arc::new(Servers::start(&options.servers()).await);
    let stakes = Stakes { pace, redis: servers.has(Server::Redis), objects: servers.has(Server::Objects) };
    let plan = Plan::of(seed, options.span(), stakes);
    let balancer = Balancer::start().await;
    let work = tempfile::Builder::new().prefix("aisha-faults-").tempdir().expect("a directory");
    let logs = logs_directory(options, seed, work.path());

    let mut settings = settings(pace, plan.first_maker, work.path());
    settings.extend(bots::shared_settings(&balancer, Updates::ByPolling));
    let mut direct = settings.clone();
    direct.extend(servers.direct_settings());
    let direct: Vec<(&str, &str)> =
        direct.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let studio = Studio::without_bot(&direct).await;
    studio
        .providers(json!({
            "generation_ms": 700, "queue_ms": 100, "thinking_ms": 100, "training_ms": 6_000,
            "weights_bytes": 400_000, "longest_edge": 256, "webhook_retry_ms": 500,
        }))
        .await;
    let environment = studio.driving().get("/bot/environment").await;
    let direct: BTreeMap<String, String> =
        serde_json::from_value(environment).expect("the bot's configuration");
    let mut environment = direct.clone();
    environment.extend(servers.settings());
    let making = Making {
        program: bots::copied_program(work.path()),
        environment,
        directory: studio.data.clone(),
        logs: logs.clone(),
    };
    let off = (plan.off_process, plan.clock_off);
    let bots = Arc::new(Bots::start(&making, &balancer, &ROLES, off).await);
    println!("  {:>5.1} s  {} processes run", began.elapsed().as_secs_f64(), ROLES.len());

    let rows = Rows::of(&servers.database_url());
    let crowd = Crowd::gather(studio.driving(), seed, options.people()).await;
    let wrecker = Wrecker {
        bots: Arc::clone(&bots),
        servers: Arc::clone(&servers),
        driving: studio.driving().clone(),
        rows: rows.clone(),
    };
    let mishaps = wrecker.carry_out(&plan).await;
    let deeds = crowd.leave().await;
    println!("  {:>5.1} s  all is mended", began.elapsed().as_secs_f64());
    let rest = quiet::wait(&rows, studio.driving(), REST_WITHIN).await;

    let mut findings = Findings::default();
    let seconds_to_quiet = match rest {
        Ok(took) => took.as_secs(),
        Err(unrests) => {
            findings.none_of("what has not come to rest", unrests);
            REST_WITHIN.as_secs()
        }
    };
    let (code, audit) = studio.command(&["audit"]).await;
    if code != 0 {
        findings.violations.push(format!("bot audit: {audit}"));
    }
    let saw = studio.driving().get("/saw").await;
    let scene = Scene { rows: &rows, saw: &saw, objects: objects::store(direct).await };
    match checks::look(&scene).await {
        Ok(found) => {
            findings.counts.extend(found.counts);
            findings.violations.extend(found.violations);
        }
        Err(error) => findings.violations.push(format!("the database cannot be read: {error}")),
    }
    let places = bots.places();
    let has_passed = findings.violations.is_empty();
    SeedReport {
        seed,
        people: options.people(),
        processes: places.len(),
        starts: places.iter().map(|place| place.starts()).sum(),
        ended_by_themselves: places.iter().map(|place| place.ended_by_itself()).sum(),
        deeds,
        seconds: began.elapsed().as_secs(),
        seconds_to_quiet,
        mishaps,
        counts: findings.counts,
        audit: audit.trim().to_owned(),
        violations: findings.violations,
        logs: keep_logs(options, seed, &logs, has_passed),
    }
}

/// What every process is told beside where the servers are.
fn settings(pace: Pace, first_maker: FirstMaker, directory: &Path) -> BTreeMap<String, String> {
    let mut settings = vec![
        ("AISHA_WORKER__LEASE_SECONDS", pace.lease().as_secs().to_string()),
        // Credits are not what people run out of here.
        ("AISHA_CHAT__WELCOME_CREDITS", "2000".to_owned()),
        ("AISHA_TELEGRAM__SENDS_PER_SECOND", "60".to_owned()),
        ("AISHA_GENERATION__PROVIDER_TIMEOUT_SECONDS", "30".to_owned()),
        ("AISHA_GENERATION__LIFETIME_SECONDS", "240".to_owned()),
        ("AISHA_GENERATION__CALLBACK_GRACE_SECONDS", "8".to_owned()),
        ("AISHA_GENERATION__SAFETY_PATIENCE_SECONDS", "60".to_owned()),
        ("AISHA_AVATAR__POLL_SECONDS", "2".to_owned()),
        ("AISHA_AVATAR__RETRY_SECONDS", "2".to_owned()),
        ("AISHA_AVATAR__COPY_SECONDS", "20".to_owned()),
        ("AISHA_LOG__FILTER", "info,generation=debug,avatar=debug,worker=debug".to_owned()),
    ];
    if first_maker == FirstMaker::Fal {
        let models = directory.join("models.toml");
        assert!(MODELS.contains(GOOGLE_FIRST), "the built-in registry has changed");
        fs::write(&models, MODELS.replace(GOOGLE_FIRST, FAL_FIRST)).expect("the registry of models");
        settings.push(("AISHA_MODELS__FILE", models.display().to_string()));
    }
    settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn logs_directory(options: &Options, seed: u64, work: &Path) -> PathBuf {
    let logs = match &options.logs {
        Some(directory) => directory.join(format!("seed-{seed}")),
        None => work.join("logs"),
    };
    fs::create_dir_all(&logs).expect("a directory for logs");
    logs
}

/// Where the logs are from now on: where they were asked for, or, of a seed that failed, among the temporary files.
fn keep_logs(options: &Options, seed: u64, logs: &Path, has_passed: bool) -> Option<String> {
    if options.logs.is_some() {
        return Some(logs.display().to_string());
    }
    if has_passed {
        return None;
    }
    let kept = std::env::temp_dir().join(format!("aisha-faults-seed-{seed}"));
    fs::create_dir_all(&kept).ok()?;
    for entry in fs::read_dir(logs).ok()?.flatten() {
        fs::copy(entry.path(), kept.join(entry.file_name())).ok()?;
    }
    Some(kept.display().to_string())
}
