//! The routes, and the server that serves them.

use std::io;
use std::sync::Arc;

use avatar::AvatarService;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use generation::{GenerationService, ProviderName};
use kernel::{ObjectStore, ProviderCallbacks};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::callback_urls::FAL_WEBHOOK_PATH;
use crate::telegram_updates::TELEGRAM_WEBHOOK_PATH;
use crate::{
    ObjectLinks, Readiness, SignedCallbackUrls, TelegramWebhook, health, objects, provider_callbacks,
    telegram_updates,
};

/// A provider that calls back.
#[derive(Clone)]
pub struct ProviderWebhook {
    /// Its name in the registry.
    pub provider: ProviderName,
    /// The check of its callbacks.
    pub callbacks: Arc<dyn ProviderCallbacks>,
}

/// Every port that the web side needs.
#[derive(Clone)]
pub struct WebPorts {
    /// Telegram, when it brings updates here.
    pub telegram: Option<TelegramWebhook>,
    /// FAL, when it is set up.
    pub fal: Option<ProviderWebhook>,
    /// Where callbacks are kept.
    pub generations: Arc<GenerationService>,
    /// Whoever keeps callbacks about trainings.
    pub avatars: Arc<AvatarService>,
    /// The addresses of callbacks.
    pub callback_urls: Arc<SignedCallbackUrls>,
    /// Bytes.
    pub objects: Arc<dyn ObjectStore>,
    /// Links to them.
    pub links: ObjectLinks,
    /// What this process depends on.
    pub readiness: Readiness,
}

/// What the handlers share.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) ports: Arc<WebPorts>,
    /// Cancelled when the process is about to stop.
    pub(crate) stop: CancellationToken,
}

/// The routes over these ports. From `stop` on the process says that it is not ready, and still answers.
pub fn router(ports: WebPorts, stop: CancellationToken) -> Router {
    let callbacks = post(provider_callbacks::receive)
        .layer::<_, std::convert::Infallible>(DefaultBodyLimit::max(provider_callbacks::BODY_LIMIT));
    let updates = post(telegram_updates::receive)
        .layer::<_, std::convert::Infallible>(DefaultBodyLimit::max(telegram_updates::BODY_LIMIT));
    Router::new()
        .route(FAL_WEBHOOK_PATH, callbacks)
        .route(TELEGRAM_WEBHOOK_PATH, updates)
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/objects/{*key}", get(objects::get))
        .with_state(Shared { ports: Arc::new(ports), stop })
}

/// Serves until `stop`, then finishes what was begun.
///
/// # Errors
/// When the listener fails.
pub async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) -> io::Result<()> {
    axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()).await
}
