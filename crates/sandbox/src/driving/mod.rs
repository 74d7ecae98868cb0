//! The driving API under `/sandbox/`: with it tests, and the page, are people, and look behind the scenes.

mod answers;
mod behind_the_scenes;
mod bot_control;
mod bot_database;
mod chats;
mod groups;
mod media;
mod people;
mod stream;
mod system_view;
mod telegram_control;
mod test_pictures;
mod uploads;

use std::sync::Arc;

use axum::Router;
use tokio_util::sync::CancellationToken;

use crate::faults;
use crate::faults::FaultBoard;
use crate::journal::Journal;
use crate::page;
use crate::process::BotProcess;
use crate::telegram::TelegramServer;

pub use bot_database::BotDatabase;
pub use system_view::{
    AccountLine, AvatarLine, GenerationLine, JobLine, LedgerLine, NoDatabase, SystemSnapshot, SystemView,
    SystemViewError,
};

/// What the driving API drives.
#[derive(Clone)]
pub struct Driving {
    /// Telegram with its people.
    pub telegram: TelegramServer,
    /// The bot's process; none where a test runs its own bot.
    pub bot: Option<BotProcess>,
    /// What the bot knows.
    pub system: Arc<dyn SystemView>,
    /// Calls of all servers.
    pub journal: Journal,
    /// Fault rules of all servers.
    pub faults: FaultBoard,
    /// Ends streams when the sandbox stops.
    pub stop: CancellationToken,
}

/// The page at `/` and the driving API under `/sandbox/`.
pub fn router(driving: &Driving) -> Router {
    let driven = Router::new()
        .merge(people::router())
        .merge(media::router())
        .merge(test_pictures::router())
        .merge(chats::router())
        .merge(groups::router())
        .merge(telegram_control::router())
        .merge(bot_control::router())
        .merge(behind_the_scenes::router())
        .merge(stream::router())
        .with_state(driving.clone())
        .nest("/faults", faults::router(driving.faults.clone()));
    Router::new().nest("/sandbox", driven).merge(page::router())
}
