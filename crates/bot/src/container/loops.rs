//! The loops that a process may run, over the container's ports.

use std::sync::Arc;

use chat::{
    Dispatcher, DispatcherPorts, DispatcherSettings, InboxIntake, Poller, PollerPorts, PollerSettings,
    Webhook, WebhookKeeper, WebhookKeeperPorts,
};
use generation::ProviderName;
use tokio_util::sync::CancellationToken;
use web::{MetricsPage, ObjectLinks, ProviderWebhook, TelegramWebhook, WebPorts};
use worker::{
    AvatarJobs, GalleryJobs, GenerationJobs, HelpJobs, JobHandler, JobHandlers, OrphanSweep, PrivacyJobs,
    Sweeper, SweeperPorts, SweeperSettings, Worker, WorkerPorts,
};

use super::Container;
use crate::intake::TelegramIntake;
use crate::metrics::{MeasuredJobs, MeasuredSweeps, ProcessFigures};

/// How updates come from Telegram.
pub(crate) enum UpdateSource {
    /// They are asked for.
    Poller(Poller),
    /// Telegram brings them to the web side.
    Webhook(WebhookKeeper),
}

impl UpdateSource {
    /// Sees to it that updates come, until `stop`.
    pub(crate) async fn run(&self, stop: &CancellationToken) {
        match self {
            Self::Poller(poller) => poller.run(stop).await,
            Self::Webhook(keeper) => keeper.run(stop).await,
        }
    }
}

impl Container {
    fn measured(&self, handler: impl JobHandler + 'static) -> Arc<dyn JobHandler> {
        Arc::new(MeasuredJobs::new(Arc::new(handler), self.foundation.metrics.clone()))
    }

    /// The figures of this process, which plays these roles.
    pub(crate) fn figures(&self, roles: String) -> Arc<dyn MetricsPage> {
        let (metrics, database) = (self.foundation.metrics.clone(), Arc::clone(&self.foundation.database));
        Arc::new(ProcessFigures::new(metrics, database, roles))
    }

    /// Runs jobs.
    pub fn worker(&self) -> Worker {
        let ports = WorkerPorts {
            jobs: Arc::clone(&self.foundation.database) as _,
            queue: Arc::clone(&self.queue),
            handlers: JobHandlers {
                generation: self.measured(GenerationJobs::new(Arc::clone(&self.generations))),
                gallery: self.measured(GalleryJobs::new(Arc::clone(&self.galleries))),
                avatar: self.measured(AvatarJobs::new(Arc::clone(&self.avatars))),
                help: self.measured(HelpJobs::new(Arc::clone(&self.help))),
                privacy: self.measured(PrivacyJobs::new(Arc::clone(&self.privacy))),
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
        let (metrics, database) = (self.foundation.metrics.clone(), Arc::clone(&self.foundation.database));
        let orphans = OrphanSweep {
            objects: Arc::clone(&self.objects),
            references: Arc::clone(&self.foundation.database) as _,
            marks: Arc::clone(&self.foundation.database) as _,
            clock: Arc::clone(&self.foundation.clock),
        };
        Sweeper::new(ports, SweeperSettings::default())
            .cleaning(orphans)
            .watched_by(Arc::new(MeasuredSweeps::new(metrics, database)))
    }

    /// Whoever sees to it that updates come from Telegram.
    pub(crate) fn update_source(&self) -> UpdateSource {
        match &self.foundation.configuration.telegram.webhook {
            Some(webhook) => UpdateSource::Webhook(self.webhook_keeper(webhook)),
            None => UpdateSource::Poller(self.poller()),
        }
    }

    fn webhook_keeper(&self, webhook: &Webhook) -> WebhookKeeper {
        let ports = WebhookKeeperPorts {
            telegram: Arc::clone(&self.telegram),
            leases: Arc::clone(&self.foundation.database) as _,
        };
        WebhookKeeper::new(ports, Arc::clone(&self.chat), webhook.clone())
    }

    fn poller(&self) -> Poller {
        let ports = PollerPorts {
            telegram: Arc::clone(&self.telegram),
            inbox: Arc::clone(&self.foundation.database) as _,
            leases: Arc::clone(&self.foundation.database) as _,
            bell: self.bell.clone(),
        };
        Poller::new(ports, Arc::clone(&self.chat), PollerSettings::default())
    }

    /// Handles updates.
    pub fn dispatcher(&self) -> Dispatcher {
        let ports = DispatcherPorts {
            inbox: Arc::clone(&self.foundation.database) as _,
            leases: Arc::clone(&self.foundation.database) as _,
            bell: self.bell.clone(),
            failures: Arc::clone(&self.foundation.database) as _,
            operators: Arc::clone(&self.operators),
            ids: Arc::clone(&self.foundation.ids),
        };
        Dispatcher::new(ports, Arc::clone(&self.chat), DispatcherSettings::default())
    }

    fn telegram_webhook(&self) -> Option<TelegramWebhook> {
        let section = &self.foundation.configuration.telegram;
        let inbox = Arc::clone(&self.foundation.database) as _;
        section.webhook.as_ref().map(|webhook| TelegramWebhook {
            secret: webhook.secret.clone(),
            intake: Arc::new(TelegramIntake(InboxIntake::new(
                inbox,
                self.bell.clone(),
                section.most_waiting.get(),
            ))),
        })
    }

    /// What the web side serves.
    pub fn web_ports(&self) -> WebPorts {
        let public_url = self.foundation.configuration.web.public_url.clone();
        WebPorts {
            telegram: self.telegram_webhook(),
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
