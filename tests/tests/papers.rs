//! The papers say what is so: every setting is listed, and every test that a guarantee names is there.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every setting of the defaults, set or only described, as an environment variable.
fn settings() -> Vec<String> {
    let mut section = String::new();
    let mut found = Vec::new();
    for line in read("crates/bot/defaults.toml").lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name.to_uppercase();
        } else if let Some((key, _)) = line.trim_start_matches("# ").split_once(" = ")
            && key.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_')
            && !section.is_empty()
        {
            found.push(format!("AISHA_{section}__{}", key.to_uppercase()));
        }
    }
    found
}

#[test]
fn the_readme_lists_every_setting() {
    let readme = read("README.md");
    let settings = settings();
    assert!(settings.len() > 30, "{settings:?}");
    let missing: Vec<_> = settings.iter().filter(|name| !readme.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "README.md does not list {missing:?}");
}

#[test]
fn every_test_that_a_guarantee_names_is_there() {
    let papers = read("architecture.md");
    let sources = sources();
    let mut guarantees = 0;
    for line in papers.lines().filter(|line| is_guarantee(line)) {
        let mut named = 0;
        for word in line.split('`').skip(1).step_by(2) {
            let is_test_name = word.matches('_').count() >= 2
                && word.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_'));
            if is_test_name {
                named += 1;
                let function = format!("fn {word}(");
                assert!(
                    sources.iter().any(|source| source.contains(&function)),
                    "architecture.md names {word}"
                );
            } else if word.ends_with(".rs") || word.ends_with(".toml") {
                named += 1;
                assert!(root().join(word).exists(), "architecture.md names {word}");
            }
        }
        assert!(named > 0, "nothing proves {line}");
        guarantees += 1;
    }
    assert!(guarantees >= 20, "only {guarantees} guarantees are there");
}

/// A row that begins with a letter and a number, such as `| M1 |`.
fn is_guarantee(line: &str) -> bool {
    let id = line.strip_prefix("| ").and_then(|rest| rest.split(' ').next()).unwrap_or_default();
    let mut letters = id.chars();
    letters.next().is_some_and(|letter| letter.is_ascii_uppercase())
        && !letters.as_str().is_empty()
        && letters.all(|digit| digit.is_ascii_digit())
}

fn sources() -> Vec<String> {
    let mut sources = Vec::new();
    let mut folders = vec![root().join("crates"), root().join("tests")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                sources.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }
    sources
}
