//! Commands, each in a process of its own.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use account::{Standing, TelegramUserId, Visitor};
use bot::Foundation;
use bot::configuration::{Configuration, Environment, Sources};
use gallery::GalleryUnits;
use kernel::{FailureLog as _, FailureReference, JobKind, Jobs as _, NewFailure, NewJob};
use uuid::Uuid;

use crate::program::Program;

/// The program's database as another process sees it.
async fn foundation(program: &Program) -> Foundation {
    let url = format!("sqlite://{}", program.directory().join("data/aisha.db").display());
    let environment = Environment::of([("AISHA_DATABASE__URL".to_owned(), url)]);
    let configuration = Configuration::load(&Sources::usual(program.directory(), environment)).unwrap();
    Foundation::build(configuration).await.unwrap()
}

async fn person(foundation: &Foundation) -> account::Account {
    let visitor = Visitor { telegram_user: TelegramUserId::new(42), language_tag: None };
    foundation.accounts.welcome(&visitor).await.unwrap()
}

#[test]
fn help_and_mistakes_are_told_apart() {
    let program = Program::bare();
    let help = program.run(&["--help"]);
    assert_eq!(help.code, Some(0));
    for command in ["run", "check", "migrate", "audit", "jobs", "failures", "health", "credits", "account"] {
        assert!(help.said.contains(command), "{}", help.said);
    }
    let mistake = program.run(&["rnu"]);
    assert_eq!(mistake.code, Some(2));
    assert!(mistake.complained.contains("rnu"), "{}", mistake.complained);
}

#[test]
fn a_wrong_setting_refuses_every_command_by_its_name() {
    let program = Program::new().with("AISHA_WEB__LISTEN", "nowhere");
    for command in [["audit"].as_slice(), &["run"], &["jobs", "list"]] {
        let refused = program.run(command);
        assert_eq!(refused.code, Some(1));
        assert!(refused.complained.contains("AISHA_WEB__LISTEN"), "{}", refused.complained);
    }
    assert!(!program.directory().join("data").exists(), "nothing was begun");
}

#[test]
fn what_is_missing_to_run_is_named() {
    let without_token = Program::bare().run(&["run"]);
    assert_eq!(without_token.code, Some(1));
    assert!(without_token.complained.contains("AISHA_TELEGRAM__TOKEN"), "{}", without_token.complained);
    let without_keys = Program::bare().with("AISHA_TELEGRAM__TOKEN", "1:a").run(&["run"]);
    assert_eq!(without_keys.code, Some(1));
    assert!(without_keys.complained.contains("AISHA_IMAGEN__API_KEY"), "{}", without_keys.complained);
}

#[test]
fn operators_commands_need_no_key_and_no_token() {
    let program = Program::bare();
    let audit = program.run(&["audit"]);
    assert_eq!(
        (audit.code, audit.said.as_str()),
        (Some(0), "every invariant holds\n"),
        "{}",
        audit.complained
    );
    assert!(program.directory().join("aisha-data/aisha.db").is_file());
    assert!(program.directory().join("aisha-data/aisha.secret").is_file());
}

#[test]
fn a_file_of_settings_can_be_named() {
    let program = Program::bare();
    fs::write(program.directory().join("other.toml"), "[database]\nurl = \"sqlite://elsewhere/a.db\"\n")
        .unwrap();
    assert_eq!(program.run(&["audit", "--configuration", "other.toml"]).code, Some(0));
    assert!(program.directory().join("elsewhere/a.db").is_file());
    let missing = program.run(&["audit", "--configuration", "missing.toml"]);
    assert!(missing.complained.contains("missing.toml"), "{}", missing.complained);
}

#[test]
fn migrations_can_be_left_to_a_command() {
    let program = Program::new().with("AISHA_DATABASE__MIGRATE", "by-command");
    let refused = program.run(&["audit"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.complained.contains("migrate up"), "{}", refused.complained);
    let behind = program.run(&["migrate", "status"]);
    assert_eq!(behind.code, Some(1));
    assert!(behind.said.starts_with("to be done  "), "{}", behind.said);
    let done = program.run(&["migrate", "up"]);
    assert_eq!(done.code, Some(0));
    assert!(done.said.starts_with("done:\nm20261101_000001_accounts\n"), "{}", done.said);
    let again = program.run(&["migrate", "up"]);
    assert_eq!((again.code, again.said.as_str()), (Some(0), "the database is up to date\n"));
    let status = program.run(&["migrate", "status"]);
    assert_eq!(status.code, Some(0));
    assert!(status.said.contains("Z  m20261101_000001_accounts\n"), "{}", status.said);
    assert!(status.said.ends_with("the database is up to date\n"), "{}", status.said);
    assert_eq!(program.run(&["audit"]).code, Some(0));
}

#[tokio::test]
async fn credits_are_granted_once_per_key() {
    let program = Program::new();
    let nobody = program.run(&["credits", "grant", "42", "500", "--reason", "contest", "--key", "c1"]);
    assert_eq!(nobody.code, Some(1));
    assert!(nobody.complained.contains("/start"), "{}", nobody.complained);

    let foundation = foundation(&program).await;
    let account = person(&foundation).await;
    for _ in 0..2 {
        let granted = program.run(&["credits", "grant", "42", "500", "--reason", "contest", "--key", "c1"]);
        assert_eq!(granted.code, Some(0), "{}", granted.complained);
        assert_eq!(granted.said, "500 bonus credits for 42; they have 500 to spend now\n");
    }
    let other_amount = program.run(&["credits", "grant", "42", "501", "--reason", "contest", "--key", "c1"]);
    assert_eq!(other_amount.code, Some(1));
    assert!(other_amount.complained.contains("c1 was used before with another amount"));
    let history = foundation.balances.history(account.id, None, kernel::PageSize::new(10)).await.unwrap();
    assert_eq!(history.items.len(), 1);
    assert_eq!(history.items[0].memo, "contest");
    for wrong in ["0", "-5", "many"] {
        let refused = program.run(&["credits", "grant", "42", wrong, "--reason", "x", "--key", "c2"]);
        assert_eq!(refused.code, Some(2), "{wrong}: {}", refused.complained);
    }
    let spaces = program.run(&["credits", "grant", "42", "1", "--reason", "x", "--key", "a b"]);
    assert_eq!(spaces.code, Some(2));
}

#[tokio::test]
async fn a_person_is_kept_out_and_let_in_again() {
    let program = Program::new();
    let foundation = foundation(&program).await;
    let account = person(&foundation).await;
    for (command, standing) in
        [("block", Standing::Blocked), ("block", Standing::Blocked), ("unblock", Standing::Active)]
    {
        assert_eq!(program.run(&["account", command, "42"]).code, Some(0));
        let account = foundation.accounts.get(account.id).await.unwrap().unwrap();
        assert_eq!(account.standing, standing);
    }
    assert_eq!(program.run(&["account", "block", "43"]).code, Some(1));
}

#[tokio::test]
async fn a_buried_job_is_listed_and_revived() {
    let program = Program::new();
    let foundation = foundation(&program).await;
    let account = person(&foundation).await.id;
    let job = NewJob::now(account, JobKind::EraseGalleryItem, Uuid::from_u128(7));
    let units: Arc<dyn GalleryUnits> = foundation.database.clone();
    let mut unit = units.begin().await.unwrap();
    unit.jobs().schedule(&job).await.unwrap();
    unit.commit().await.unwrap();
    let claimed =
        foundation.database.claim(account, job.id(), Duration::from_mins(1)).await.unwrap().unwrap();
    let mut unit = units.begin().await.unwrap();
    unit.jobs().bury(&claimed.claim, "the disk is full").await.unwrap();
    unit.commit().await.unwrap();

    let listed = program.run(&["jobs", "list"]);
    assert_eq!(listed.code, Some(0), "{}", listed.complained);
    assert!(
        listed.said.contains("the disk is full") && listed.said.contains("erase-gallery-item"),
        "{}",
        listed.said
    );
    let (account_text, job_text) = (account.to_string(), job.id().to_string());
    assert!(listed.said.contains(&account_text) && listed.said.contains(&job_text), "{}", listed.said);
    assert_eq!(program.run(&["jobs", "revive", &account_text, &job_text]).code, Some(0));
    assert_eq!(program.run(&["jobs", "list"]).said, "no such job\n");
    assert!(program.run(&["jobs", "list", "--state", "ready"]).said.contains(&job_text));
    let again = program.run(&["jobs", "revive", &account_text, &job_text]);
    assert_eq!(again.code, Some(1));
    assert!(again.complained.contains("jobs list"), "{}", again.complained);
}

#[tokio::test]
async fn a_failure_is_found_by_what_the_person_was_told() {
    let program = Program::new();
    assert_eq!(program.run(&["failures"]).said, "no failure is known\n");
    let foundation = foundation(&program).await;
    let reference = FailureReference::from_random(99);
    let failure = NewFailure {
        fingerprint: "job.advance-generation.restless".to_owned(),
        reference: reference.clone(),
        sample: "round and round".to_owned(),
    };
    foundation.database.record(&failure).await.unwrap();
    let told = reference.to_string().to_lowercase();
    for arguments in [["failures"].as_slice(), &["failures", &told]] {
        let shown = program.run(arguments);
        assert_eq!(shown.code, Some(0), "{}", shown.complained);
        for part in ["job.advance-generation.restless", "1 times", "round and round", &reference.to_string()]
        {
            assert!(shown.said.contains(part), "{}", shown.said);
        }
    }
    let unknown = program.run(&["failures", "ZZZZ-ZZZZ"]);
    assert_eq!(unknown.code, Some(1));
    assert!(unknown.complained.contains("ZZZZ-ZZZZ"), "{}", unknown.complained);
}

#[test]
fn check_says_what_is_wrong() {
    let checked = Program::new().run(&["check"]);
    assert_eq!(checked.code, Some(1), "{}", checked.complained);
    for (name, mark) in [
        ("database", "ok"),
        ("objects", "ok"),
        ("telegram", "WRONG"),
        ("safety check", "--"),
        ("gemini-nano-banana-2.1", "WRONG"),
        ("fal-ai/flux-lora", "--"),
        ("imagen-4.0-generate-001", "--"),
    ] {
        let line = checked.said.lines().find(|line| line.contains(name)).unwrap_or_default();
        assert!(line.starts_with(mark), "{name}: {}", checked.said);
    }
    assert!(checked.said.contains("retired since 2026-08-17"), "{}", checked.said);
}
