//! Which trainers can be used, and what happens when somebody says that an operator must act.

use std::sync::Arc;

use kernel::{
    FailureClass, Feature, OperatorNotice, Pausable, PauseCause, PauseNews, ProviderError, StoreError,
    shutdown_notice,
};

use super::AvatarService;
use crate::{Avatar, AvatarTrainer, KindName, TrainerEntry, TrainerId};

/// The name under which the pauses of whoever looks at photos are kept.
const PHOTO_PROVIDER: &str = "openai";

impl AvatarService {
    /// The trainers of a kind that are neither retired nor paused and whose provider is configured.
    pub(super) async fn usable_trainers(&self, kind: KindName) -> Result<Vec<TrainerEntry>, StoreError> {
        let in_force = self.ports.pauses.active().await?;
        let paused = |subject: Pausable| in_force.iter().any(|pause| pause.subject == subject);
        Ok(self
            .registry
            .living(kind, self.ports.clock.now())
            .filter(|trainer| self.ports.trainers.contains_key(&trainer.provider))
            .filter(|trainer| !paused(Pausable::Provider(trainer.provider.to_string())))
            .filter(|trainer| !paused(Pausable::Model(trainer.id.to_string())))
            .cloned()
            .collect())
    }

    /// The trainers that a new training can be ordered from: none while operators have paused trainings.
    pub(super) async fn trainers_to_order(&self, kind: KindName) -> Result<Vec<TrainerEntry>, StoreError> {
        let in_force = self.ports.pauses.active().await?;
        let paused = Pausable::Feature(Feature::Trainings);
        if in_force.iter().any(|pause| pause.subject == paused) {
            return Ok(Vec::new());
        }
        self.usable_trainers(kind).await
    }

    /// The trainers that can go on with an avatar's training at the price that was agreed.
    pub(super) async fn trainers_for(&self, avatar: &Avatar) -> Result<Vec<TrainerId>, StoreError> {
        let Some((training, kind)) = avatar.training.as_ref().zip(avatar.kind.as_ref()) else {
            return Ok(Vec::new());
        };
        let has_preset = |trainer: &TrainerEntry| trainer.presets.contains_key(&training.preset);
        let usable = self.usable_trainers(kind.name()).await?;
        Ok(usable.into_iter().filter(has_preset).map(|trainer| trainer.id).collect())
    }

    /// The trainer of an avatar's latest attempt.
    pub(super) fn trainer_of(&self, avatar: &Avatar) -> Option<(TrainerEntry, Arc<dyn AvatarTrainer>)> {
        let entry = self.registry.get(&avatar.training.as_ref()?.trainer)?;
        let trainer = self.ports.trainers.get(&entry.provider)?;
        Some((entry.clone(), Arc::clone(trainer)))
    }

    /// Pauses what a trainer's answer is about, when it says that an operator must act, and tells the operators.
    pub(super) async fn heed(&self, entry: &TrainerEntry, error: &ProviderError) -> Result<(), StoreError> {
        if error.class != FailureClass::Misconfigured {
            return Ok(());
        }
        let trainer = self.ports.trainers.get(&entry.provider);
        let subject = if trainer.is_some_and(|trainer| trainer.concerns_trainer(error)) {
            Pausable::Model(entry.id.to_string())
        } else {
            Pausable::Provider(entry.provider.to_string())
        };
        self.pause(subject, error).await
    }

    /// Tells the operators that whoever looks at photos cannot be used.
    pub(super) async fn heed_helper(&self, error: &ProviderError) -> Result<(), StoreError> {
        if error.class != FailureClass::Misconfigured {
            return Ok(());
        }
        self.pause(Pausable::Provider(PHOTO_PROVIDER.to_owned()), error).await
    }

    /// Tells the operators of trainers that will be shut down: 60, 30 and 7 days ahead, once each.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn announce_shutdowns(&self) -> Result<(), StoreError> {
        let now = self.ports.clock.now();
        for entry in self.registry.all() {
            let Some((at, days)) = entry.shutdown.and_then(|at| Some((at, shutdown_notice(at, now)?))) else {
                continue;
            };
            let (model, news) = (entry.id.to_string(), format!("shutdown-{days}"));
            let subject = Pausable::Model(model.clone());
            if self.ports.pauses.first_news(&subject, &news).await? == PauseNews::Tell {
                self.tell_operators(&OperatorNotice::ShutdownAhead { model, at }).await;
            }
        }
        Ok(())
    }

    /// Tries a trainer with a free call.
    ///
    /// # Errors
    /// What the provider answered; `Misconfigured` also when no such provider is set up.
    pub async fn probe(&self, entry: &TrainerEntry) -> Result<(), ProviderError> {
        match self.ports.trainers.get(&entry.provider) {
            Some(trainer) => trainer.probe(entry).await,
            None => Err(ProviderError::new(
                FailureClass::Misconfigured,
                "provider-not-configured",
                format!("no adapter is set up for the provider {}", entry.provider),
            )),
        }
    }

    /// Tries every paused trainer with a free call, and lifts the pause of those that work again; how many were lifted.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn probe_paused(&self) -> Result<u32, StoreError> {
        let mut lifted = 0;
        for pause in self.ports.pauses.active().await? {
            let Pausable::Model(id) = &pause.subject else {
                continue;
            };
            if pause.cause.is_by_operator() {
                continue;
            }
            let Some(entry) = self.registry.all().find(|trainer| trainer.id.as_str() == id.as_str()) else {
                continue;
            };
            if let Err(error) = self.probe(entry).await {
                tracing::debug!(subject = %pause.subject, %error, "still paused");
                continue;
            }
            if self.ports.pauses.lift(&pause.subject).await? {
                lifted += 1;
                self.tell_operators(&OperatorNotice::Resumed { subject: pause.subject }).await;
            }
        }
        Ok(lifted)
    }

    async fn pause(&self, subject: Pausable, error: &ProviderError) -> Result<(), StoreError> {
        let cause = PauseCause { code: error.code.clone(), detail: error.detail.clone() };
        tracing::error!(%subject, code = %cause.code, detail = %cause.detail, "paused until an operator acts");
        if self.ports.pauses.pause(&subject, &cause).await? == PauseNews::Tell {
            self.tell_operators(&OperatorNotice::Paused { subject, cause }).await;
        }
        Ok(())
    }

    pub(super) async fn tell_operators(&self, notice: &OperatorNotice) {
        if let Err(error) = self.ports.operators.tell(notice).await {
            tracing::error!(%error, ?notice, "the operators could not be told");
        }
    }
}
