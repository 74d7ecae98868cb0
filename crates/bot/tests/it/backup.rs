//! The drill: data is made, backed up, and restored into an empty server, on both databases.

use std::fs;
use std::path::{Path, PathBuf};

use account::{Account, TelegramUserId, Visitor};
use age::secrecy::ExposeSecret as _;
use balance::OperationKey;
use bot::Foundation;
use bot::configuration::{Configuration, Environment, Sources};
use kernel::Credits;
use tempfile::TempDir;
use testkit::servers::PostgresServer;

use crate::program::{Outcome, Program};

/// Where the objects of every program of a drill are, the keys of its backups, and an image.
struct Drill {
    directory: TempDir,
    recipient: String,
}

impl Drill {
    fn new() -> Self {
        let directory = TempDir::new().unwrap();
        let identity = age::x25519::Identity::generate();
        let text = format!("# the other half\n{}\n", identity.to_string().expose_secret());
        fs::write(directory.path().join("identity.txt"), text).unwrap();
        Self { directory, recipient: identity.to_public().to_string() }
    }

    fn identity(&self) -> String {
        self.directory.path().join("identity.txt").display().to_string()
    }

    fn objects(&self) -> PathBuf {
        self.directory.path().join("objects")
    }

    /// A program of this drill over this database, or over an SQLite file of its own.
    fn program(&self, database: Option<&str>) -> Program {
        let program = Program::bare()
            .with("PATH", &std::env::var("PATH").unwrap())
            .with("AISHA_DATABASE__URL", database.unwrap_or("sqlite://data/aisha.db"))
            .with("AISHA_OBJECTS__DIRECTORY", &self.objects().display().to_string())
            .with("AISHA_BACKUP__RECIPIENT", &self.recipient);
        match database {
            Some(_) => program.with("AISHA_WEB__SECRET", "a-secret-that-is-the-same-in-every-process"),
            None => program,
        }
    }

    /// The files of objects whose key begins like this.
    fn files(&self, prefix: &str) -> Vec<PathBuf> {
        files_below(&self.objects().join("objects").join(prefix))
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files_below(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// What the program keeps, as another process sees it.
async fn foundation(program: &Program) -> Foundation {
    let url = program.variable("AISHA_DATABASE__URL").unwrap();
    let url = match url.strip_prefix("sqlite://") {
        Some(file) => format!("sqlite://{}", program.directory().join(file).display()),
        None => url.to_owned(),
    };
    let mut variables = vec![("AISHA_DATABASE__URL".to_owned(), url)];
    if let Some(secret) = program.variable("AISHA_WEB__SECRET") {
        variables.push(("AISHA_WEB__SECRET".to_owned(), secret.to_owned()));
    }
    let environment = Environment::of(variables);
    let configuration = Configuration::load(&Sources::usual(program.directory(), environment)).unwrap();
    Foundation::build(configuration).await.unwrap()
}

/// A person with credits of both kinds of fate: some can be spent, some are set aside.
async fn person(foundation: &Foundation) -> Account {
    let visitor = Visitor { telegram_user: TelegramUserId::new(4_711), language_tag: None };
    let account = foundation.accounts.welcome(&visitor).await.unwrap();
    let key = OperationKey::welcome();
    foundation.balances.grant_bonus(account.id, &key, Credits::of(40), "a grant to be kept").await.unwrap();
    account
}

fn succeed(outcome: &Outcome) -> &str {
    assert_eq!(outcome.code, Some(0), "{} {}", outcome.said, outcome.complained);
    &outcome.said
}

fn refused(outcome: &Outcome, because: &str) {
    assert_eq!(outcome.code, Some(1), "{} {}", outcome.said, outcome.complained);
    assert!(outcome.complained.contains(because), "{}", outcome.complained);
}

async fn drill(source: Option<&str>, target: Option<&str>) {
    let drill = Drill::new();
    let (program, empty) = (drill.program(source), drill.program(target));
    let kept = foundation(&program).await;
    let account = person(&kept).await;
    let image = drill.objects().join("objects/images");
    succeed(&program.run(&["backup"]));
    assert!(program.run(&["backup", "list"]).said.contains("0 objects of 0 bytes"));

    // An object as the store of this installation keeps it.
    put_object(&program, &drill).await;
    assert_eq!(files_below(&image).len(), 1);
    let made = program.run(&["backup"]);
    assert!(succeed(&made).contains("1 objects of 11 bytes"), "{}", made.said);
    let listed = program.run(&["backup", "list"]);
    assert_eq!(succeed(&listed).lines().count(), 2, "{}", listed.said);
    for sealed in drill.files("backups").iter().filter(|file| file.to_string_lossy().contains(".age")) {
        let bytes = fs::read(sealed).unwrap();
        assert!(bytes.starts_with(b"age-encryption.org/v1"), "{}", sealed.display());
        assert!(!bytes.windows(18).any(|words| words == b"a grant to be kept"));
    }

    let stranger = Drill::new();
    refused(&empty.run(&["restore", "--identity", &stranger.identity()]), "does not open");
    refused(&empty.run(&["restore", "no-such-backup", "--identity", &drill.identity()]), "backup list");
    let restored = empty.run(&["restore", "--identity", &drill.identity()]);
    assert!(succeed(&restored).contains("1 objects are as they were, 0 are missing"), "{}", restored.said);
    assert_eq!(succeed(&empty.run(&["audit"])), "every invariant holds\n");
    let again = foundation(&empty).await;
    let found = again.accounts.find(TelegramUserId::new(4_711)).await.unwrap().unwrap();
    assert_eq!(found.id, account.id);
    let history = again.balances.history(account.id, None, kernel::PageSize::new(10)).await.unwrap();
    assert_eq!(history.items[0].memo, "a grant to be kept");
    for restoration in [&empty, &program] {
        refused(&restoration.run(&["restore", "--identity", &drill.identity()]), "not empty");
    }
}

/// Puts an object by way of the store itself.
async fn put_object(program: &Program, drill: &Drill) {
    let variables = [
        ("AISHA_TELEGRAM__TOKEN", "1:opens-nothing"),
        ("AISHA_IMAGEN__API_KEY", "no-key"),
        ("AISHA_WEB__SECRET", "a-secret-that-is-the-same-in-every-process"),
        ("AISHA_DATABASE__URL", "sqlite://aside/aisha.db"),
    ];
    let mut variables: Vec<(String, String)> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    variables[3].1 = format!("sqlite://{}", program.directory().join("aside/aisha.db").display());
    variables.push(("AISHA_OBJECTS__DIRECTORY".to_owned(), drill.objects().display().to_string()));
    let environment = Environment::of(variables);
    let configuration = Configuration::load(&Sources::usual(program.directory(), environment)).unwrap();
    let container = bot::Container::configured(configuration).await.unwrap();
    let key = "images/0/1".parse().unwrap();
    container.objects.put(&key, bytes::Bytes::from_static(b"eleven byte"), "image/png").await.unwrap();
}

#[tokio::test]
async fn a_backup_of_sqlite_is_restored_into_an_empty_directory() {
    drill(None, None).await;
}

#[tokio::test]
async fn a_backup_of_postgresql_is_restored_into_an_empty_database() {
    let server = PostgresServer::shared();
    let (source, target) = (server.empty_database().await, server.empty_database().await);
    drill(Some(&source.url()), Some(&target.url())).await;
}

#[tokio::test]
async fn the_secret_of_a_small_installation_comes_back() {
    let drill = Drill::new();
    let (program, empty) = (drill.program(None), drill.program(None));
    succeed(&program.run(&["audit"]));
    succeed(&program.run(&["backup"]));
    succeed(&empty.run(&["restore", "--identity", &drill.identity()]));
    let secret = |program: &Program| fs::read(program.directory().join("data/aisha.secret")).unwrap();
    assert_eq!(secret(&program), secret(&empty));
}

#[tokio::test]
async fn objects_that_are_gone_or_altered_are_named() {
    let drill = Drill::new();
    let program = drill.program(None);
    put_object(&program, &drill).await;
    succeed(&program.run(&["audit"]));
    succeed(&program.run(&["backup"]));
    let image = drill.files("images").remove(0);
    fs::remove_file(&image).unwrap();
    let without = drill.program(None).run(&["restore", "--identity", &drill.identity()]);
    assert_eq!(without.code, Some(1), "{}", without.complained);
    assert!(without.said.contains("missing: images/0/1"), "{}", without.said);
    fs::write(&image, b"other bytes").unwrap();
    let altered = drill.program(None).run(&["restore", "--identity", &drill.identity()]);
    assert_eq!(altered.code, Some(1), "{}", altered.complained);
    assert!(altered.said.contains("altered: images/0/1"), "{}", altered.said);
}

#[tokio::test]
async fn only_so_many_backups_are_kept() {
    let drill = Drill::new();
    let program = drill.program(None).with("AISHA_BACKUP__KEEP", "2");
    succeed(&program.run(&["audit"]));
    for _ in 0..2 {
        succeed(&program.run(&["backup"]));
    }
    let first = program.run(&["backup", "list"]).said;
    let first = first.split(' ').next().unwrap();
    let third = program.run(&["backup"]);
    assert!(succeed(&third).contains(&format!("the backup {first} is removed")), "{}", third.said);
    let listed = program.run(&["backup", "list"]).said;
    assert_eq!(listed.lines().count(), 2, "{listed}");
    assert!(!listed.contains(first), "{listed}");
    assert!(drill.files(&format!("backups/{first}")).is_empty());
}

#[test]
fn without_a_recipient_nothing_is_begun() {
    let program = Program::bare();
    refused(&program.run(&["backup"]), "AISHA_BACKUP__RECIPIENT");
    assert!(!program.directory().join("aisha-data").exists());
    let wrong = Program::bare().with("AISHA_BACKUP__RECIPIENT", "age1nothing").run(&["backup"]);
    refused(&wrong, "AISHA_BACKUP__RECIPIENT");
}
