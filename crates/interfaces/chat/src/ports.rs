//! What conversations need.

use std::sync::Arc;

use account::{AccountService, PrivacyService};
use avatar::AvatarService;
use balance::BalanceService;
use gallery::GalleryService;
use generation::{GenerationService, HelpService};
use kernel::{Clock, DialogueStore, IdSource, Imaging, RateLimiter};

use crate::styles::StyleCatalogue;
use crate::telegram::TelegramApi;

/// What conversations need.
#[derive(Clone)]
pub struct ChatPorts {
    /// Telegram, at its pace.
    pub telegram: Arc<dyn TelegramApi>,
    /// People.
    pub accounts: Arc<AccountService>,
    /// Their credits.
    pub balance: Arc<BalanceService>,
    /// Their images.
    pub gallery: Arc<GalleryService>,
    /// Their requests.
    pub generation: Arc<GenerationService>,
    /// Their avatars.
    pub avatars: Arc<AvatarService>,
    /// Styles that they can be drawn in.
    pub styles: Arc<StyleCatalogue>,
    /// Help with words, voice and photos.
    pub help: Arc<HelpService>,
    /// What is kept of them.
    pub privacy: Arc<PrivacyService>,
    /// Where a conversation stands.
    pub dialogues: Arc<dyn DialogueStore>,
    /// How often a person may do things.
    pub limiter: Arc<dyn RateLimiter>,
    /// Pictures, to make large ones fit.
    pub imaging: Arc<dyn Imaging>,
    /// The time of this process, for display.
    pub clock: Arc<dyn Clock>,
    /// Nonces and references.
    pub ids: Arc<dyn IdSource>,
}
