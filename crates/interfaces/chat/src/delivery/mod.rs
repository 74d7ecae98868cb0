//! Bringing results, answers, files and news to their person: the notifiers of the domains over Telegram.

mod avatar_notifier;
mod endings;
mod help_notifier;
mod images;
mod notifier;
mod privacy_notifier;
mod progress;

pub use avatar_notifier::TelegramAvatarNotifier;
pub use help_notifier::TelegramHelpNotifier;
pub use notifier::{NotifierPorts, TelegramNotifier};
pub use privacy_notifier::TelegramPrivacyNotifier;
