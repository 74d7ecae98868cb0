//! Which models can be used, and what happens when a provider says that an operator must act.

use kernel::{
    FailureClass, Feature, OperatorNotice, Pausable, PauseCause, PauseNews, ProviderError, StoreError,
    shutdown_notice,
};

use super::{GenerationService, MODERATION_PROVIDER};
use crate::{Generation, Likeness, ModelEntry, ModelId, ModelKind, ProviderName};

impl GenerationService {
    /// The models of the chain that are neither retired nor paused and whose provider is configured.
    pub(super) async fn usable_chain(&self, kind: ModelKind) -> Result<Vec<ModelEntry>, StoreError> {
        let Ok(chain) = self.registry.chain(kind, self.ports.clock.now()) else {
            return Ok(Vec::new());
        };
        self.usable(chain).await
    }

    /// The one model that draws with certain weights, if it can be used.
    pub(super) async fn usable_model(&self, id: &ModelId) -> Result<Vec<ModelEntry>, StoreError> {
        let now = self.ports.clock.now();
        let living = self.registry.get(id).filter(|model| model.shutdown.is_none_or(|at| at > now));
        self.usable(living.into_iter().collect()).await
    }

    /// The models that can go on with a generation, first to last.
    pub(super) async fn chain_of(&self, generation: &Generation) -> Result<Vec<ModelEntry>, StoreError> {
        if generation.request.likeness == Likeness::Nobody {
            return self.usable_chain(ModelKind::TextToImage).await;
        }
        let present = self.registry.get(&generation.plan.model);
        if present.is_some_and(|model| model.does(ModelKind::ReferenceLikeness)) {
            return self.usable_chain(ModelKind::ReferenceLikeness).await;
        }
        // Weights are of use to the model alone that they were trained for.
        self.usable_model(&generation.plan.model).await
    }

    async fn usable(&self, chain: Vec<&ModelEntry>) -> Result<Vec<ModelEntry>, StoreError> {
        let in_force = self.ports.pauses.active().await?;
        let paused = |subject: Pausable| in_force.iter().any(|pause| pause.subject == subject);
        Ok(chain
            .into_iter()
            .filter(|model| self.ports.generators.contains_key(&model.provider))
            .filter(|model| !paused(Pausable::Provider(model.provider.to_string())))
            .filter(|model| !paused(Pausable::Model(model.id.to_string())))
            .cloned()
            .collect())
    }

    /// Whether operators have paused a feature.
    pub(super) async fn is_paused(&self, feature: Feature) -> Result<bool, StoreError> {
        let in_force = self.ports.pauses.active().await?;
        Ok(in_force.iter().any(|pause| pause.subject == Pausable::Feature(feature)))
    }

    /// Pauses what a provider's answer is about, when it says that an operator must act, and tells the operators.
    pub(super) async fn heed(&self, model: &ModelEntry, error: &ProviderError) -> Result<(), StoreError> {
        if error.class != FailureClass::Misconfigured {
            return Ok(());
        }
        let about_model = self
            .ports
            .generators
            .get(&model.provider)
            .is_some_and(|generator| generator.concerns_model(error));
        let subject = if about_model {
            Pausable::Model(model.id.to_string())
        } else {
            Pausable::Provider(model.provider.to_string())
        };
        self.pause(subject, error).await
    }

    /// Tells the operators that the safety check cannot be used; work goes on without it.
    pub(super) async fn heed_moderation(&self, error: &ProviderError) -> Result<(), StoreError> {
        if error.class != FailureClass::Misconfigured {
            return Ok(());
        }
        self.pause(Pausable::Provider(MODERATION_PROVIDER.to_owned()), error).await
    }

    /// Tries every paused provider and model with a free call, and lifts the pause of those that work again; how many
    /// were lifted.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn probe_paused(&self) -> Result<u32, StoreError> {
        let mut lifted = 0;
        for pause in self.ports.pauses.active().await? {
            if pause.cause.is_by_operator() || !self.works_again(&pause.subject).await {
                continue;
            }
            if self.ports.pauses.lift(&pause.subject).await? {
                lifted += 1;
                tracing::info!(subject = %pause.subject, "a pause was lifted");
                self.tell_operators(&OperatorNotice::Resumed { subject: pause.subject }).await;
            }
        }
        Ok(lifted)
    }

    /// Tells the operators of models that will be shut down: 60, 30 and 7 days ahead, once each.
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

    /// Tries a model with a free call.
    ///
    /// # Errors
    /// What the provider answered; `Misconfigured` also when no such provider is set up.
    pub async fn probe(&self, model: &ModelEntry) -> Result<(), ProviderError> {
        match self.ports.generators.get(&model.provider) {
            Some(generator) => generator.probe(model).await,
            None => Err(ProviderError::new(
                FailureClass::Misconfigured,
                "provider-not-configured",
                format!("no adapter is set up for the provider {}", model.provider),
            )),
        }
    }

    async fn works_again(&self, subject: &Pausable) -> bool {
        let outcome = match subject {
            Pausable::Model(id) => match self.registry.all().find(|model| model.id.as_str() == id.as_str()) {
                Some(model) => self.probe(model).await,
                None => return false,
            },
            Pausable::Provider(name) if name == MODERATION_PROVIDER => match &self.ports.moderator {
                Some(moderator) => moderator.probe().await,
                None => return false,
            },
            Pausable::Provider(name) => match self.a_living_model_of(&ProviderName::new(name.as_str())) {
                Some(model) => self.probe(&model).await,
                None => return false,
            },
            // Nothing but a person lifts these.
            Pausable::Feature(_) | Pausable::Maintenance => return false,
        };
        outcome.inspect_err(|error| tracing::debug!(%subject, %error, "still paused")).is_ok()
    }

    fn a_living_model_of(&self, provider: &ProviderName) -> Option<ModelEntry> {
        let now = self.ports.clock.now();
        self.registry
            .all()
            .find(|model| model.provider == *provider && model.shutdown.is_none_or(|at| at > now))
            .cloned()
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
