//! The loops that a process may run, over the container's ports.

use std::sync::Arc;

use chat::{Dispatcher, DispatcherPorts, DispatcherSettings, Poller, PollerPorts, PollerSettings};
use generation::ProviderName;
use web::{ObjectLinks, ProviderWebhook, WebPorts};
use worker::{
    AvatarJobs, GalleryJobs, GenerationJobs, HelpJobs, JobHandlers, PrivacyJobs, Sweeper, SweeperPorts,
    SweeperSettings, Worker, WorkerPorts,
};

use super::Container;

impl Container {
    /// Runs jobs.
    pub fn worker(&self) -> Worker {
        let ports = WorkerPorts {
            jobs: Arc::clone(&self.foundation.database) as _,
            queue: Arc::clone(&self.queue),
            handlers: JobHandlers {
                generation: Arc::new(GenerationJobs::new(Arc::clone(&self.generations))),
                gallery: Arc::new(GalleryJobs::new(Arc::clone(&self.galleries))),
                avatar: Arc::new(AvatarJobs::new(Arc::clone(&self.avatars))),
                help: Arc::new(HelpJobs::new(Arc::clone(&self.help))),
                privacy: Arc::new(PrivacyJobs::new(Arc::clone(&self.privacy))),
            },
            failures: Arc::clone(&self.foundation.database) as _,
            operators: Arc::clone(&self.operators),
            ids: Arc::clone(&self.foundation.ids),
        };
        Worker::new(ports, self.foundation.configuration.worker.settings)
    }

    /// Sweeps, when no other process does.
    pub fn sweeper(&self) -> Sweeper {
        let ports = SweeperPorts {
            leases: Arc::clone(&self.foundation.database) as _,
            jobs: Arc::clone(&self.foundation.database) as _,
            queue: Arc::clone(&self.queue),
            inbox: Arc::clone(&self.foundation.database) as _,
            balances: Arc::clone(&self.foundation.balances),
            generations: Arc::clone(&self.generations),
            avatars: Arc::clone(&self.avatars),
            help: Arc::clone(&self.help),
            privacy: Arc::clone(&self.privacy),
            ids: Arc::clone(&self.foundation.ids),
        };
        Sweeper::new(ports, SweeperSettings::default())
    }

    /// Asks Telegram for updates, and handles them.
    pub fn conversations(&self) -> (Poller, Dispatcher) {
        let poller_ports = PollerPorts {
            telegram: Arc::clone(&self.telegram),
            inbox: Arc::clone(&self.foundation.database) as _,
            leases: Arc::clone(&self.foundation.database) as _,
            bell: self.bell.clone(),
        };
        let dispatcher_ports = DispatcherPorts {
            inbox: Arc::clone(&self.foundation.database) as _,
            leases: Arc::clone(&self.foundation.database) as _,
            bell: self.bell.clone(),
            failures: Arc::clone(&self.foundation.database) as _,
            operators: Arc::clone(&self.operators),
            ids: Arc::clone(&self.foundation.ids),
        };
        (
            Poller::new(poller_ports, Arc::clone(&self.chat), PollerSettings::default()),
            Dispatcher::new(dispatcher_ports, Arc::clone(&self.chat), DispatcherSettings::default()),
        )
    }

    /// What the web side serves.
    pub fn web_ports(&self) -> WebPorts {
        let public_url = self.foundation.configuration.web.public_url.clone();
        WebPorts {
            fal: self.fal_callbacks.clone().map(|callbacks| ProviderWebhook {
                provider: ProviderName::new(fal_adapter::PROVIDER),
                callbacks,
            }),
            generations: Arc::clone(&self.generations),
            avatars: Arc::clone(&self.avatars),
            callback_urls: Arc::clone(&self.callback_urls),
            objects: Arc::clone(&self.objects),
            links: ObjectLinks::new(
                public_url,
                Arc::clone(&self.foundation.digests),
                Arc::clone(&self.foundation.clock),
            ),
            readiness: self.readiness.clone(),
        }
    }
}
