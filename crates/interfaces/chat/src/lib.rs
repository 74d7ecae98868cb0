//! Telegram: the durable intake of updates, the conversations, and the delivery of results.
//!
//! # How the parts go together
//!
//! ```text
//! TelegramBot ── PacedTelegram ──┬── Poller or webhook ── Inbox ── Dispatcher ── Chat ── services of the domain
//!                                ├── TelegramNotifier   (the port `generation::Notifier`)
//!                                └── TelegramOperators  (the port `kernel::OperatorChannel`)
//! ```
//!
//! A program builds them in this order:
//!
//! 1. [`TelegramBot`] from the token and the address of the Bot API, and [`PacedTelegram`] around it: **one** for the whole
//!    process, because it keeps Telegram's limits. Everything below takes it as `Arc<dyn TelegramApi>`.
//! 2. [`TelegramOperators`] and [`TelegramNotifier`]; they go into the ports of `generation::GenerationService`.
//! 3. [`Chat`] over [`ChatPorts`], with that service among them.
//! 4. [`InboxBell`]: whoever writes to the inbox rings it. [`Poller`] and [`Dispatcher`] share one. With a webhook, a
//!    [`WebhookKeeper`] takes the poller's place, and the webhook's route gives what it receives to an [`InboxIntake`].
//! 5. Both loops run as tasks until their `CancellationToken` is cancelled: `poller.run(&stop)`, `dispatcher.run(&stop)`.
//!    They spawn nothing, wait in tokio's time and draw nothing by chance, so that a simulation can run them on one thread
//!    with paused time.
//!
//! **Architecture invariants:** an update is confirmed to Telegram after it is kept, and marked handled after its effects.
//! A handler writes and enqueues; none waits for a provider of images. Text of people enters markup only through
//! [`Html::escaped`].

mod callback;
mod captions;
mod delivery;
mod door;
mod error;
mod features;
mod handlers;
mod inbound;
mod keyboards;
mod memory;
mod operators;
mod pictures;
mod ports;
mod prices;
mod screens;
mod settings;
mod styles;
mod telegram;
mod words;

pub use callback::{
    AgainSource, AvatarButton, AvatarTag, CalendarMonth, CallbackData, ErasureStep, GalleryView, HelpStep,
    OfferChoice, Period, PhotoUse, PickStep, PortraitButton, Repeat, Setting, ShownAt, StyleCode, Surface,
    UnreadableButton, WizardButton, WordsHelp,
};
pub use delivery::{
    NotifierPorts, TelegramAvatarNotifier, TelegramHelpNotifier, TelegramNotifier, TelegramPrivacyNotifier,
};
pub use door::{AccessMode, AccessPolicy, Door};
pub use error::HandlerError;
pub use handlers::{Chat, UpdateKind, UpdateWatch};
pub use inbound::{
    Dispatcher, DispatcherPorts, DispatcherSettings, InboxBell, InboxIntake, IntakeError, NotAnUpdate,
    Poller, PollerPorts, PollerSettings, WebhookKeeper, WebhookKeeperPorts, inbound_update,
};
pub use operators::TelegramOperators;
pub use ports::ChatPorts;
pub use settings::{ActionLimits, ChatSettings};
pub use styles::{StyleCatalogue, StyleError};
pub use telegram::{
    Activity, AlbumPhoto, BotIdentity, Button, ButtonAction, CommandEntry, DocumentMessage, FileId,
    FileSource, Keyboard, PacedTelegram, Pacing, PhotoMessage, PressAnswer, PressId, RawUpdate, SentMessage,
    TelegramApi, TelegramBot, TelegramBotError, TelegramError, TelegramFiles, TelegramTimeouts, TextMessage,
    Upload, Webhook,
};
pub use words::{Html, ZoneCode};
