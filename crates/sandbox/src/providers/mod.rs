//! Local servers that speak the wire of FAL, Google's image models and OpenAI.
//!
//! Each server is a router of its own, to be served on a port of its own by [`crate::faults::serve`]. What they
//! have in common is [`Common`].
//!
//! Words in a prompt that act: `forbidden` or `запрещено` is declined by every provider's own filter,
//! `forbidden-picture` only once the picture is made; words that OpenAI's moderation flags are listed in
//! [`openai`]. A key that contains `bad` is a wrong key everywhere.

mod dimensions;
pub mod fal;
pub mod google;
mod identity;
pub mod openai;
mod outside;
mod safety;
mod settings;
mod studio;

use std::sync::Arc;

pub use settings::{
    FalAccount, ImagenService, PictureSource, ProviderSettings, Settings, router as settings_router,
};

use axum::Router;

use crate::faults::FaultBoard;
use crate::journal::Journal;
use identity::Identities;
use outside::Outside;
use studio::Studio;

/// What all servers share. Clones share one state.
#[derive(Clone)]
pub struct Common {
    /// Where calls are noted.
    pub journal: Journal,
    /// The faults to obey.
    pub faults: FaultBoard,
    /// How the servers behave.
    pub settings: Settings,
    /// What FAL's storage holds.
    pub fal_files: fal::FalFiles,
    identities: Arc<Identities>,
    outside: Outside,
    studio: Arc<Studio>,
}

/// Why the servers cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes: {0}")]
    Randomness(#[source] rand::rngs::SysError),
    /// The HTTP client for webhooks and files could not be built.
    #[error("the HTTP client could not be built: {0}")]
    Client(#[from] reqwest::Error),
    /// The encryption library refused its own defaults.
    #[error("encryption could not be set up: {0}")]
    Encryption(#[from] rustls::Error),
}

impl Common {
    /// Sets up what the servers share.
    pub fn new(journal: Journal, faults: FaultBoard, settings: Settings) -> Result<Self, StartError> {
        let identities = Arc::new(Identities::new().map_err(StartError::Randomness)?);
        let studio = Arc::new(Studio::new(settings.clone()));
        let (outside, fal_files) = (Outside::new()?, fal::FalFiles::default());
        Ok(Self { journal, faults, settings, fal_files, identities, outside, studio })
    }

    /// What the driving API sees and does at the providers: the settings at `/` as [`settings_router`] has them,
    /// and under `/fal` the files that FAL's storage holds: `GET /fal/files` lists them,
    /// `DELETE /fal/files/{folder}/{name}` loses one, `POST /fal/files/pass-time?seconds=N` makes all of them
    /// older, so that those go whose lifetime is over.
    pub fn driving_router(&self) -> Router {
        settings_router(self.settings.clone()).nest("/fal", fal::driving_router(self.fal_files.clone()))
    }
}

/// Whether a key is one that the servers call wrong.
fn is_bad_key(key: &str) -> bool {
    key.trim().is_empty() || key.to_lowercase().contains("bad")
}
