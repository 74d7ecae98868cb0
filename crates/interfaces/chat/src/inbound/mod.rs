//! From the messenger to the handlers: polling or a webhook, the durable inbox, one conversation at a time.

mod bell;
mod dispatcher;
mod event;
mod failures;
mod intake;
mod lease;
mod poller;
mod webhook;
mod wire;

pub use bell::InboxBell;
pub use dispatcher::{Dispatcher, DispatcherPorts, DispatcherSettings};
pub(crate) use event::{
    Conversation, Event, IncomingMessage, MessageContent, OtherKind, Press, PressedBody, PressedMessage,
    Sender, SentFile, Sound, SoundKind, read_event,
};
pub use event::{NotAnUpdate, inbound_update};
pub use intake::{InboxIntake, IntakeError};
pub use poller::{Poller, PollerPorts, PollerSettings};
pub use webhook::{WebhookKeeper, WebhookKeeperPorts};
