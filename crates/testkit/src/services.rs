//! Services over the fakes, for tests that need one to be there and not to do much.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use account::{PrivacyPolicy, PrivacyPorts, PrivacyService};
use avatar::{AvatarPolicy, AvatarPorts, AvatarService, TrainerRegistry};
use gallery::GalleryService;
use generation::{HelpPolicy, HelpPorts, HelpService};
use kernel::{CallbackUrls, Clock, IdSource};

use crate::fakes::{
    FakeArchiver, FakeImaging, FakeIncomingFiles, FakeLender, MemoryDatabase, MemoryObjects,
    MemoryProfileCache, MemoryQueue, RecordingAvatarNotifier, RecordingHelpNotifier, RecordingOperators,
    RecordingPrivacyNotifier,
};

/// What the services stand on.
#[derive(Clone)]
pub struct Ground {
    /// Rows.
    pub database: MemoryDatabase,
    /// Bytes.
    pub objects: MemoryObjects,
    /// Wake-ups.
    pub queue: MemoryQueue,
    /// Addresses for callbacks.
    pub callback_urls: Arc<dyn CallbackUrls>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Ids and chance.
    pub ids: Arc<dyn IdSource>,
}

impl Ground {
    /// Avatars, with nobody who trains them.
    ///
    /// # Panics
    /// Never: the usual policy fits together.
    pub fn avatars(&self) -> AvatarService {
        let ports = AvatarPorts {
            units: Arc::new(self.database.clone()),
            reader: Arc::new(self.database.clone()),
            trainers: BTreeMap::new(),
            analyst: None,
            moderator: None,
            incoming: Arc::new(FakeIncomingFiles::default()),
            objects: Arc::new(self.objects.clone()),
            imaging: Arc::new(FakeImaging),
            archiver: Arc::new(FakeArchiver::new(Arc::new(self.objects.clone()))),
            lender: Arc::new(FakeLender::new(Arc::new(self.objects.clone()), Arc::clone(&self.clock))),
            notifier: Arc::new(RecordingAvatarNotifier::new(Arc::clone(&self.clock))),
            gallery: Arc::new(self.database.clone()),
            callback_urls: Arc::clone(&self.callback_urls),
            queue: Arc::new(self.queue.clone()),
            pauses: Arc::new(self.database.clone()),
            spend_book: Arc::new(self.database.clone()),
            operators: Arc::new(RecordingOperators::default()),
            clock: Arc::clone(&self.clock),
            ids: Arc::clone(&self.ids),
        };
        AvatarService::new(ports, TrainerRegistry::default(), AvatarPolicy::default())
            .expect("the usual policy")
    }

    /// Help, with nobody who gives it.
    pub fn help(&self) -> HelpService {
        let ports = HelpPorts {
            requests: Arc::new(self.database.clone()),
            assistant: None,
            transcriber: None,
            analyst: None,
            moderator: None,
            incoming: Arc::new(FakeIncomingFiles::default()),
            imaging: Arc::new(FakeImaging),
            avatars: Arc::new(self.database.clone()),
            refusals: Arc::new(self.database.clone()),
            notifier: Arc::new(RecordingHelpNotifier::default()),
            queue: Arc::new(self.queue.clone()),
            pauses: Arc::new(self.database.clone()),
            operators: Arc::new(RecordingOperators::default()),
            ids: Arc::clone(&self.ids),
        };
        HelpService::new(ports, HelpPolicy::default())
    }

    /// Privacy, over the images alone.
    pub fn privacy(&self) -> PrivacyService {
        let gallery = Arc::new(GalleryService::new(
            Arc::new(self.database.clone()),
            Arc::new(self.database.clone()),
            Arc::new(self.objects.clone()),
            Arc::new(self.queue.clone()),
            Duration::from_hours(24),
        ));
        let ports = PrivacyPorts {
            requests: Arc::new(self.database.clone()),
            parts: vec![Arc::clone(&gallery) as _],
            images: gallery,
            accounts: Arc::new(self.database.clone()),
            cache: Arc::new(MemoryProfileCache::new(Arc::clone(&self.clock))),
            archiver: Arc::new(FakeArchiver::new(Arc::new(self.objects.clone()))),
            objects: Arc::new(self.objects.clone()),
            notifier: Arc::new(RecordingPrivacyNotifier::default()),
            queue: Arc::new(self.queue.clone()),
            ids: Arc::clone(&self.ids),
        };
        PrivacyService::new(ports, PrivacyPolicy::default())
    }
}
