//! Starts and stops all of it.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::data_directory::DataDirectory;
use super::environment::{BOT_TOKEN, Urls, bot_environment};
use super::ports::{Ports, Reach};
use crate::driving::{self, Driving, SystemView};
use crate::faults::{self, FaultBoard};
use crate::http_client::http_client;
use crate::journal::Journal;
use crate::process::{BotProcess, BotProgram, ProcessError};
use crate::providers::{self, Common, Settings};
use crate::telegram::{self, NewPerson, TelegramServer, TelegramSettings};

/// Bytes of files that Telegram keeps in memory.
const TELEGRAM_FILES: usize = 1024 * 1024 * 1024;

/// How a sandbox is set up.
#[derive(Debug)]
pub struct SandboxOptions {
    /// Where everything is kept.
    pub data: DataDirectory,
    /// Who reaches the servers.
    pub reach: Reach,
    /// The page's port; without one last time's, or a free one.
    pub page_port: Option<u16>,
    /// The bot's executable and the arguments before its own; none for a sandbox without a bot of its own.
    pub bot_program: Option<(PathBuf, Vec<OsString>)>,
    /// Variables of the bot that come before what the sandbox sets.
    pub bot_environment: Vec<(String, String)>,
    /// People who are there from the start.
    pub people: Vec<NewPerson>,
    /// What becomes of the chats at the end.
    pub chats: Chats,
}

/// What becomes of the chats at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chats {
    /// They are there again in the next run.
    Kept,
    /// They go.
    Forgotten,
}

/// A running sandbox.
pub struct Sandbox {
    /// Where everything listens.
    pub urls: Urls,
    /// Telegram with its people.
    pub telegram: TelegramServer,
    /// The bot's process, which is not started yet.
    pub bot: Option<BotProcess>,
    /// How the providers' servers behave.
    pub providers: Settings,
    /// Calls of all servers.
    pub journal: Journal,
    /// Fault rules of all servers.
    pub faults: FaultBoard,
    data: DataDirectory,
    stop: CancellationToken,
    servers: TaskTracker,
    background: [JoinHandle<()>; 2],
}

impl Sandbox {
    /// Starts the servers; the bot waits for [`BotProcess::start`].
    ///
    /// # Errors
    /// When a port can't be had or a server can't be set up.
    pub async fn start(options: SandboxOptions, system: Arc<dyn SystemView>) -> anyhow::Result<Self> {
        let data = options.data;
        let mut ports = Ports::remembered_in(data.path(), options.reach.clone())?;
        let page = ports.listen("page", options.page_port).await?;
        let telegram_listener = ports.listen("telegram", None).await?;
        let google = ports.listen("google", None).await?;
        let fal = ports.listen("fal", None).await?;
        let openai = ports.listen("openai", None).await?;
        let bot_web = ports.reserve("bot").await?;
        ports.remember()?;
        let url_of = |listener: &TcpListener| url_of(listener, options.reach.host());
        let urls = Urls {
            page: url_of(&page)?,
            telegram: url_of(&telegram_listener)?,
            google: url_of(&google)?,
            fal: url_of(&fal)?,
            openai: url_of(&openai)?,
            bot_web: format!("http://127.0.0.1:{bot_web}"),
        };

        let journal = Journal::default();
        let faults = FaultBoard::default();
        let telegram = TelegramServer::new(TelegramSettings {
            token: BOT_TOKEN.to_owned(),
            bot_name: "Aisha".to_owned(),
            bot_username: "aisha_sandbox_bot".to_owned(),
            file_capacity: TELEGRAM_FILES,
            journal: journal.clone(),
            faults: faults.clone(),
            http: http_client()?,
            kept_in: match options.chats {
                Chats::Kept => Some(data.path().join("telegram")),
                Chats::Forgotten => None,
            },
        })
        .context("the chats of the last run can't be read")?;
        for person in options.people {
            let is_known = |id| telegram.look(|world| world.people.contains_key(&id));
            if !person.telegram_id.is_some_and(is_known) {
                telegram.add_person(person);
            }
        }
        let bot = options.bot_program.map(|(executable, leading_arguments)| {
            let mut environment = bot_environment(&urls, &data);
            environment.extend(options.bot_environment);
            if environment.contains_key("AISHA_OBJECTS__ENDPOINT") {
                // Objects are in one place.
                environment.remove("AISHA_OBJECTS__DIRECTORY");
            }
            let directory = data.path().to_owned();
            BotProcess::new(BotProgram { executable, leading_arguments, environment, directory })
        });
        let providers = Settings::default();
        let common = Common::new(journal.clone(), faults.clone(), providers.clone())?;
        let stop = CancellationToken::new();
        let driving = Driving {
            telegram: telegram.clone(),
            bot: bot.clone(),
            system,
            journal: journal.clone(),
            faults: faults.clone(),
            stop: stop.clone(),
        };

        let servers = TaskTracker::new();
        let serve = |name: &'static str, listener: TcpListener, router: Router| {
            let stop = stop.clone();
            servers.spawn(async move {
                if let Err(error) = faults::serve(listener, router, stop).await {
                    tracing::error!(%error, server = name, "a server of the sandbox ended");
                }
            });
        };
        serve("telegram", telegram_listener, telegram::router(&telegram));
        serve("google", google, providers::google::router(common.clone()));
        serve("fal", fal, providers::fal::router(common.clone(), &urls.fal));
        let settings = Router::new().nest("/sandbox/providers", common.driving_router());
        serve("openai", openai, providers::openai::router(common));
        serve("page", page, driving::router(&driving).merge(settings));
        let background = [telegram.deliver_to_webhooks(), telegram.write_down_as_it_changes()];
        servers.close();
        Ok(Self { urls, telegram, bot, providers, journal, faults, data, stop, servers, background })
    }

    /// Where everything is kept.
    pub const fn data(&self) -> &DataDirectory {
        &self.data
    }

    /// Stops the bot in order, then the servers.
    ///
    /// # Errors
    /// When the bot can't be stopped or the chats can't be written down.
    pub async fn stop(self) -> anyhow::Result<()> {
        let stopped = match &self.bot {
            Some(bot) => match bot.stop().await {
                Ok(()) | Err(ProcessError::NotRunning) => Ok(()),
                Err(error) => Err(error).context("the bot could not be stopped"),
            },
            None => Ok(()),
        };
        self.stop.cancel();
        self.servers.wait().await;
        for task in &self.background {
            task.abort();
        }
        let telegram = self.telegram.clone();
        spawn_blocking(move || telegram.write_down()).await?.context("the chats can't be written down")?;
        stopped
    }
}

fn url_of(listener: &TcpListener, host: &str) -> anyhow::Result<String> {
    Ok(format!("http://{host}:{}", listener.local_addr()?.port()))
}
