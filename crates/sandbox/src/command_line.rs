//! The sandbox's command line.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use serde_json::json;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::driving::SystemView;
use crate::load::{self, LoadArguments};
use crate::running::{BOT_TOKEN, Chats, DataDirectory, Reach, Sandbox, SandboxOptions};
use crate::telegram::NewPerson;

/// Where the bot's database is.
const DATABASE_VARIABLE: &str = "AISHA_DATABASE__URL";

/// Makes the view into the bot's database: into the file in the data directory, which may not be there yet, or at another
/// address.
pub type MakeSystemView = fn(&DataDirectory, Option<&str>) -> Arc<dyn SystemView>;

/// Telegram, FAL, Google and OpenAI on this machine, a chat page, and the real bot beside them.
#[derive(Debug, Parser)]
#[command(name = "sandbox", version, args_conflicts_with_subcommands = true)]
pub struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    usual: UsualArguments,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start everything for tests, and say where in one line of JSON.
    Serve(ServeArguments),
    /// Load the bot and tell what it can do on this machine, in figures
    Load(LoadArguments),
    /// The bot's own command line.
    #[command(disable_help_flag = true)]
    Bot {
        /// What the bot is to do.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
}

#[derive(Debug, Args)]
struct UsualArguments {
    /// Where everything is kept [default: .aisha-sandbox among your data]
    #[arg(long, value_name = "DIRECTORY")]
    data: Option<PathBuf>,
    /// The page's port [default: the one of the last run, or a free one]
    #[arg(long, value_name = "PORT")]
    page_port: Option<u16>,
}

#[derive(Debug, Args)]
struct ServeArguments {
    /// Where everything is kept
    #[arg(long, value_name = "DIRECTORY")]
    data: PathBuf,
    /// Print where everything listens as one line of JSON
    #[arg(long)]
    json: bool,
    /// Do not start the bot; it can be started over the driving API
    #[arg(long)]
    no_bot: bool,
    /// The page's port [default: a free one]
    #[arg(long, value_name = "PORT")]
    page_port: Option<u16>,
    /// Let other machines, which know this one by NAME, reach everything [default: this machine only]
    #[arg(long, value_name = "NAME")]
    host: Option<String>,
    /// With --host: the page's port; Telegram, Google, FAL and OpenAI are on the next four
    #[arg(long, value_name = "PORT", default_value_t = 4000)]
    first_port: u16,
    /// A variable of the bot's configuration, such as AISHA_TELEGRAM__SENDS_PER_SECOND=1000
    #[arg(long = "bot-env", value_name = "NAME=VALUE", value_parser = variable)]
    bot_environment: Vec<(String, String)>,
}

fn variable(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if name.starts_with("AISHA_") || name == "RUST_LOG" => {
            Ok((name.to_owned(), value.to_owned()))
        }
        _ => Err("expected AISHA_SECTION__KEY=VALUE".to_owned()),
    }
}

/// What the command line asks for.
#[derive(Debug)]
pub enum Asked {
    /// The bot's own command line, with these arguments.
    Bot(Vec<OsString>),
    /// The sandbox.
    Sandbox(CommandLine),
}

impl CommandLine {
    /// Whether the sandbox or the bot is asked for.
    pub fn asked(mut self) -> Asked {
        match self.command.take() {
            Some(Command::Bot { arguments }) => Asked::Bot(arguments),
            command => {
                self.command = command;
                Asked::Sandbox(self)
            }
        }
    }

    /// Runs the sandbox until it is told to stop.
    ///
    /// # Errors
    /// When it can't start.
    pub async fn run(self, make_view: MakeSystemView) -> anyhow::Result<()> {
        match self.command {
            Some(Command::Serve(arguments)) => serve(arguments, make_view).await,
            Some(Command::Load(arguments)) => load_until_told(arguments, make_view).await,
            None | Some(Command::Bot { .. }) => run_all(self.usual, make_view).await,
        }
    }
}

/// Starts everything for a person to look at.
async fn run_all(arguments: UsualArguments, make_view: MakeSystemView) -> anyhow::Result<()> {
    let path = match arguments.data {
        Some(path) => path,
        None => DataDirectory::usual()?,
    };
    let data = DataDirectory::open(&path)?;
    let view = make_view(&data, None);
    let options = SandboxOptions {
        data,
        reach: Reach::ThisMachine,
        page_port: arguments.page_port,
        bot_program: Some(this_program()?),
        bot_environment: Vec::new(),
        people: first_people(),
        chats: Chats::Kept,
    };
    let sandbox = Sandbox::start(options, view).await?;
    start_bot(&sandbox).await?;
    say(&welcome(&sandbox))?;
    let mut stops = Stops::listen()?;
    stops.next().await;
    say("\nStopping … (Ctrl-C again ends it at once)\n")?;
    stop_unless_hurried(sandbox, stops).await
}

/// Starts everything for tests.
async fn serve(arguments: ServeArguments, make_view: MakeSystemView) -> anyhow::Result<()> {
    let data = DataDirectory::open(&arguments.data)?;
    let elsewhere = arguments.bot_environment.iter().find(|(name, _)| name == DATABASE_VARIABLE);
    let view = make_view(&data, elsewhere.map(|(_, url)| url.as_str()));
    let options = SandboxOptions {
        data,
        reach: match arguments.host {
            Some(host) => Reach::Others { host, first_port: arguments.first_port },
            None => Reach::ThisMachine,
        },
        page_port: arguments.page_port,
        bot_program: Some(this_program()?),
        bot_environment: arguments.bot_environment,
        people: Vec::new(),
        chats: Chats::Forgotten,
    };
    let sandbox = Sandbox::start(options, view).await?;
    if !arguments.no_bot {
        start_bot(&sandbox).await?;
    }
    if arguments.json {
        let mut line = json!(sandbox.urls);
        line["driving"] = json!(format!("{}/sandbox", sandbox.urls.page));
        line["token"] = json!(BOT_TOKEN);
        line["data"] = json!(sandbox.data().path());
        line["database"] = json!(sandbox.data().database());
        say(&format!("{line}\n"))?;
    } else {
        say(&welcome(&sandbox))?;
    }
    let mut stops = Stops::listen()?;
    stops.next().await;
    stop_unless_hurried(sandbox, stops).await
}

/// Loads the bot. Told to stop, it ends at once; the bot ends with it, and its temporary directory goes.
async fn load_until_told(arguments: LoadArguments, make_view: MakeSystemView) -> anyhow::Result<()> {
    let mut stops = Stops::listen()?;
    tokio::select! {
        biased;
        () = stops.next() => anyhow::bail!("stopped before everything was measured"),
        loaded = load::run(arguments, make_view) => loaded,
    }
}

/// The bot is this very program, called with `bot` in front of its arguments.
pub(crate) fn this_program() -> anyhow::Result<(PathBuf, Vec<OsString>)> {
    let program = std::env::current_exe().context("the program's own file can't be found")?;
    Ok((program, vec!["bot".into()]))
}

async fn start_bot(sandbox: &Sandbox) -> anyhow::Result<()> {
    match &sandbox.bot {
        Some(bot) => bot.start().await.context("the bot could not be started"),
        None => Ok(()),
    }
}

/// Two people to be: one reads English, one Russian.
fn first_people() -> Vec<NewPerson> {
    let person = |telegram_id, first_name: &str, last_name: &str, username: &str, language: &str| NewPerson {
        telegram_id: Some(telegram_id),
        first_name: first_name.to_owned(),
        last_name: Some(last_name.to_owned()),
        username: Some(username.to_owned()),
        language_code: Some(language.to_owned()),
    };
    vec![
        person(700_000_001, "Anna", "Fox", "anna_fox", "en"),
        person(700_000_002, "Мария", "Белова", "maria_belova", "ru"),
    ]
}

fn welcome(sandbox: &Sandbox) -> String {
    let urls = &sandbox.urls;
    let bot = match sandbox.bot.as_ref().and_then(|bot| bot.status().pid) {
        Some(pid) => format!("process {pid}, its log in bot.log"),
        None => "not started".to_owned(),
    };
    format!(
        "\n  Aisha's sandbox is running. Open this in a browser:\n\n      {page}\n\n  \
         bot        {bot}\n  \
         Telegram   {telegram}\n  \
         Google     {google}\n  \
         FAL        {fal}\n  \
         OpenAI     {openai}\n  \
         data       {data}\n\n  \
         Everything is on this machine; no account or key is needed. Ctrl-C stops all of it, and the data stays.\n\n",
        page = urls.page,
        telegram = urls.telegram,
        google = urls.google,
        fal = urls.fal,
        openai = urls.openai,
        data = sandbox.data().path().display(),
    )
}

/// Stops in order; a second signal ends everything at once, the bot included.
async fn stop_unless_hurried(sandbox: Sandbox, mut stops: Stops) -> anyhow::Result<()> {
    tokio::select! {
        biased;
        stopped = sandbox.stop() => stopped,
        () = stops.next() => anyhow::bail!("ended before everything had stopped in order"),
    }
}

/// The signals that ask for an end: Ctrl-C and SIGTERM.
struct Stops {
    interrupt: Signal,
    terminate: Signal,
}

impl Stops {
    fn listen() -> anyhow::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            biased;
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Prints what a person, or a test, is to read.
fn say(words: &str) -> anyhow::Result<()> {
    let mut output = std::io::stdout().lock();
    output.write_all(words.as_bytes())?;
    output.flush()?;
    Ok(())
}
