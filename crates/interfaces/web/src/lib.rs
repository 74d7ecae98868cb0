//! The web side: Telegram brings updates here, providers call back, links to objects lead here, and whoever keeps the
//! process alive asks here how it is. Translates between HTTP and the domain, and decides nothing.

mod callback_urls;
mod health;
mod linked_objects;
mod metrics;
mod object_links;
mod objects;
mod provider_callbacks;
mod readiness;
mod server;
mod telegram_updates;

pub use callback_urls::SignedCallbackUrls;
pub use linked_objects::LinkedObjects;
pub use metrics::{MetricsPage, metrics_router};
pub use object_links::{LinkError, ObjectLinks};
pub use readiness::{CheckOutcome, Need, Readiness, ReadinessCheck, ReadinessReport};
pub use server::{ProviderWebhook, WebPorts, router, serve};
pub use telegram_updates::{NotTakenIn, TelegramWebhook, UpdateIntake};
