//! The arrows between the crates, as architecture.md draws them: whoever adds another one changes this table first.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::{CargoOpt, DependencyKind, Metadata, MetadataCommand, Package, PackageId};

/// The domain crates, each with those that it may use.
const DOMAIN: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("account", &["kernel"]),
    ("balance", &["kernel"]),
    ("gallery", &["kernel"]),
    ("avatar", &["kernel", "account", "balance", "gallery"]),
    ("generation", &["kernel", "account", "balance", "gallery", "avatar"]),
];
/// Adapters know domain crates and nothing else of ours, with one exception.
const ADAPTERS: &[&str] = &[
    "database-adapter",
    "redis-adapter",
    "embedded-adapter",
    "minio-adapter",
    "imaging-adapter",
    "fal-adapter",
    "imagen-adapter",
    "openai-adapter",
];
/// The exception: who keeps things needs the schema.
const MAY_USE_MIGRATIONS: &str = "database-adapter";
/// Interfaces know domain crates and nothing else of ours.
const INTERFACES: &[&str] = &["chat", "web", "worker"];
/// What only tests need: a development dependency of anybody, a dependency of the package of tests.
const TESTKIT: &str = "testkit";
/// The package of the tests that need everything.
const TESTS: &str = "tests";

/// What must not be under the domain, however deep.
const NOT_IN_THE_DOMAIN: &[&str] =
    &["teloxide", "sea-orm", "sqlx", "redis", "deadpool", "reqwest", "hyper", "axum", "tokio", "rust-s3"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn metadata(resolve: bool) -> Metadata {
    let mut command = MetadataCommand::new();
    command.manifest_path(root().join("Cargo.toml"));
    let mut options = vec!["--locked".to_owned()];
    if resolve {
        // Packages of other platforms need not be there.
        options.extend(["--filter-platform".to_owned(), this_platform()]);
        command.features(CargoOpt::AllFeatures);
    } else {
        command.no_deps();
    }
    command.other_options(options).exec().unwrap()
}

fn this_platform() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("-vV").output().unwrap();
    let version = String::from_utf8(output.stdout).unwrap();
    version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_owned()
}

/// What each of our packages may depend on.
fn allowed() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let domain = || DOMAIN.iter().map(|(name, _)| *name);
    let mut table: BTreeMap<&str, BTreeSet<&str>> =
        DOMAIN.iter().map(|(name, uses)| (*name, uses.iter().copied().collect())).collect();
    for name in ADAPTERS.iter().chain(INTERFACES) {
        table.insert(name, domain().collect());
    }
    table.get_mut(MAY_USE_MIGRATIONS).unwrap().insert("migrations");
    table.insert("migrations", BTreeSet::new());
    let bot = domain().chain(ADAPTERS.iter().copied()).chain(INTERFACES.iter().copied());
    table.insert("bot", bot.chain(["migrations"]).collect());
    table.insert("sandbox", BTreeSet::from(["bot"]));
    table.insert(TESTKIT, domain().collect());
    table.insert(TESTS, domain().chain(["sandbox", "bot", TESTKIT]).collect());
    table
}

#[test]
fn every_package_has_its_place() {
    let ours: BTreeSet<String> =
        metadata(false).packages.iter().map(|package| package.name.to_string()).collect();
    let placed: BTreeSet<String> = allowed().keys().map(|name| (*name).to_owned()).collect();
    assert_eq!(ours, placed, "the table of this test names every package, and no other");
}

#[test]
fn every_arrow_is_allowed() {
    let metadata = metadata(false);
    let table = allowed();
    let ours = |name: &str| table.contains_key(name);
    let mut forbidden = Vec::new();
    for package in &metadata.packages {
        let name = package.name.as_str();
        for dependency in package.dependencies.iter().filter(|dependency| ours(&dependency.name)) {
            let to = dependency.name.as_str();
            let is_allowed = match dependency.kind {
                // A package may name itself, to test with a feature of its own. Nobody's tests reach from one adapter
                // into another.
                DependencyKind::Development => {
                    name == TESTS || to == name || to == TESTKIT || table[name].contains(to)
                }
                _ => table[name].contains(to),
            };
            if !is_allowed {
                forbidden.push(format!("{name} → {to} ({:?})", dependency.kind));
            }
        }
    }
    assert!(forbidden.is_empty(), "forbidden arrows:\n{}", forbidden.join("\n"));
}

#[test]
fn the_table_itself_has_no_way_round() {
    let table = allowed();
    for (name, uses) in &table {
        let has_code_of_its_own = *name != TESTS;
        assert!(
            !has_code_of_its_own || !uses.contains(TESTKIT),
            "{name} uses the testkit outside of its tests"
        );
        if DOMAIN.iter().any(|(domain, _)| domain == name) {
            let outside = uses.iter().find(|used| !DOMAIN.iter().any(|(domain, _)| domain == *used));
            assert_eq!(outside, None, "{name} reaches out of the domain");
        }
    }
}

#[test]
fn nothing_under_the_domain_knows_a_vendor_a_database_or_a_runtime() {
    let metadata = metadata(true);
    let packages: BTreeMap<&PackageId, &Package> =
        metadata.packages.iter().map(|package| (&package.id, package)).collect();
    let uses: BTreeMap<&PackageId, Vec<&PackageId>> = metadata
        .resolve
        .as_ref()
        .unwrap()
        .nodes
        .iter()
        .map(|node| {
            let normal = node.deps.iter().filter(|dependency| {
                dependency.dep_kinds.iter().any(|info| info.kind == DependencyKind::Normal)
            });
            (&node.id, normal.map(|dependency| &dependency.pkg).collect())
        })
        .collect();
    let mut found = Vec::new();
    for (domain, _) in DOMAIN {
        let start = packages.values().find(|package| package.name.as_str() == *domain).unwrap();
        let mut ways = vec![vec![&start.id]];
        let mut seen = BTreeSet::from([&start.id]);
        while let Some(way) = ways.pop() {
            for next in &uses[way.last().unwrap()] {
                let name = packages[next].name.as_str();
                let mut further = way.clone();
                further.push(next);
                if NOT_IN_THE_DOMAIN
                    .iter()
                    .any(|banned| name == *banned || name.starts_with(&format!("{banned}-")))
                {
                    let names: Vec<&str> = further.iter().map(|id| packages[id].name.as_str()).collect();
                    found.push(names.join(" → "));
                } else if seen.insert(next) {
                    ways.push(further);
                }
            }
        }
    }
    assert!(found.is_empty(), "forbidden under the domain:\n{}", found.join("\n"));
}

#[test]
fn every_library_and_program_says_what_it_is() {
    let mut silent = Vec::new();
    for package in &metadata(false).packages {
        for target in package.targets.iter().filter(|target| !target.is_custom_build()) {
            let text = fs::read_to_string(&target.src_path).unwrap();
            if !text.starts_with("//! ") {
                silent.push(target.src_path.to_string());
            }
        }
    }
    assert!(silent.is_empty(), "without a first line that says what they are:\n{}", silent.join("\n"));
}

#[test]
fn nothing_is_left_to_be_done() {
    // Written apart, or this file would be found.
    let marks = [concat!("todo", "!("), concat!("unimplemented", "!("), concat!("FIX", "ME")];
    let found = places(|line, _| marks.iter().any(|mark| line.contains(mark)));
    assert!(found.is_empty(), "unfinished:\n{}", found.join("\n"));
}

#[test]
fn the_testkit_is_used_by_tests_alone() {
    let kit = root().join("crates/testkit");
    let name = concat!("testkit", "::");
    let found = places(|line, file| {
        line.contains(name)
            && !file.starts_with(&kit)
            && !file.components().any(|part| part.as_os_str() == "tests")
    });
    assert!(found.is_empty(), "the testkit outside of a tests folder:\n{}", found.join("\n"));
}

/// `file:line` of every line of our Rust files that `wanted` picks.
fn places(wanted: impl Fn(&str, &Path) -> bool) -> Vec<String> {
    let mut files = Vec::new();
    for folder in ["crates", "migrations", "tests"] {
        collect(&root().join(folder), &mut files);
    }
    assert!(files.len() > 100, "the files of this workspace were not found");
    let mut found = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for (number, line) in (1..).zip(text.lines()) {
            if wanted(line, &file) {
                found.push(format!("{}:{number}", file.display()));
            }
        }
    }
    found
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target") {
                collect(&path, files);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
