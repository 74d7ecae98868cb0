//! Taking a request: generation, held credits and first job in one unit of work.

use avatar::Avatar;
use balance::{LedgerError, Operation, OperationKey, Refusal};
use kernel::{
    AccountId, AspectRatio, CapReached, Contended, Credits, CreditsError, Feature, GalleryItemId,
    GenerationId, HoldId, ImageCount, JobKind, LedgerEntryId, NewJob, SpendOutcome, StoreError, Timestamp,
    repeat_contended,
};
use thiserror::Error;

use super::GenerationService;
use crate::{
    Audience, Delivery, Generation, ImageRequest, Inserted, Intent, Likeness, ModelEntry, ModelKind, Plan,
    Prompt, Slot, State,
};

/// A request as it comes from the person.
#[derive(Debug, Clone)]
pub struct NewRequest {
    /// Whose.
    pub account: AccountId,
    /// The wish that it answers.
    pub intent: Intent,
    /// The description.
    pub prompt: Prompt,
    /// The shape.
    pub aspect_ratio: AspectRatio,
    /// How many.
    pub count: ImageCount,
    /// Who is to be in the picture.
    pub likeness: Likeness,
    /// The seed of an earlier picture; another one is drawn when there is none.
    pub seed: Option<u64>,
    /// Where the person waits.
    pub audience: Audience,
    /// The price of one image that the person was shown; a request at another price is refused.
    pub agreed_unit_price: Credits,
}

/// What a request would cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// The price of one image.
    pub unit_price: Credits,
    /// The price of all.
    pub total: Credits,
    /// The title of the model that will most likely draw.
    pub model: String,
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestOutcome {
    /// It is under way.
    Started(Generation),
    /// The same wish was taken before; nothing was done.
    Repeated(Generation),
}

/// Why a request is not taken. Nothing was changed.
#[derive(Debug, Error)]
pub enum RequestError {
    /// There are not enough credits.
    #[error("{missing} credits are missing")]
    Insufficient {
        /// How many more would be enough.
        missing: Credits,
        /// What it would have cost.
        price: Credits,
    },
    /// Every model is paused or retired.
    #[error("no model can do this now")]
    NoModel,
    /// The avatar is not there, or cannot be drawn.
    #[error("there is no such avatar to be drawn")]
    NoAvatar,
    /// The safety policy refused this person's requests so often that they are paused.
    #[error("paused until {until:?}")]
    Paused {
        /// Until when.
        until: Timestamp,
    },
    /// The price is no longer the one that the person was shown.
    #[error("the price has changed to {0} for one image")]
    PriceChanged(Credits),
    /// This person has enough work under way.
    #[error("{0} generations are under way")]
    TooManyUnderWay(u16),
    /// As much was spent at providers today as may be.
    #[error("a daily spend cap is reached: {0:?}")]
    SpendCap(CapReached),
    /// The description is longer than any model takes.
    #[error("no model takes a description of {characters} characters")]
    PromptTooLong {
        /// How long it is.
        characters: usize,
    },
    /// A sum is out of range.
    #[error(transparent)]
    Credits(#[from] CreditsError),
    /// The ledger failed.
    #[error(transparent)]
    Ledger(LedgerError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Contended for RequestError {
    fn is_contended(&self) -> bool {
        match self {
            Self::Store(error) => error.is_contended(),
            Self::Ledger(error) => error.is_contended(),
            _ => false,
        }
    }
}

/// The job that moves a generation on.
fn job_of(generation: &Generation) -> NewJob {
    NewJob::now(generation.account, JobKind::AdvanceGeneration, generation.id.uuid())
}

impl GenerationService {
    /// What `count` images cost now.
    ///
    /// # Errors
    /// [`RequestError::NoModel`] when nothing can be drawn now, [`RequestError::NoAvatar`] when the avatar cannot.
    pub async fn quote(
        &self,
        account: AccountId,
        likeness: Likeness,
        count: ImageCount,
    ) -> Result<Quote, RequestError> {
        let chain = self.chain_for(account, likeness).await?;
        let first = chain.first().ok_or(RequestError::NoModel)?;
        Ok(Quote {
            unit_price: first.price,
            total: first.price.times(u32::from(count.get()))?,
            model: first.title.clone(),
        })
    }

    /// Takes a request. Asking again for the same wish changes nothing and costs nothing.
    ///
    /// # Errors
    /// A [`RequestError`]; nothing was changed then.
    pub async fn request(&self, new: &NewRequest) -> Result<RequestOutcome, RequestError> {
        if let Some(earlier) = self.ports.reader.find_by_intent(new.account, &new.intent).await? {
            return Ok(RequestOutcome::Repeated(earlier));
        }
        if let Some(until) = self.ports.refusals.standing(new.account).await?.paused_until {
            return Err(RequestError::Paused { until });
        }
        let model = self.model_for(new).await?;
        if model.price != new.agreed_unit_price {
            return Err(RequestError::PriceChanged(model.price));
        }
        let generation = self.new_generation(new, &model);
        let taken = repeat_contended(|| self.take_request(&generation)).await;
        match &taken {
            Ok(RequestOutcome::Started(generation)) => {
                self.wake(&job_of(generation)).await;
                tracing::info!(generation = %generation.id, images = %new.count, "a generation was requested");
            }
            Err(RequestError::SpendCap(reached)) => self.heed_cap(new.account, *reached).await?,
            Ok(RequestOutcome::Repeated(_)) | Err(_) => {}
        }
        taken
    }

    /// The unit of work of a new request. What it costs at a provider is counted last.
    async fn take_request(&self, generation: &Generation) -> Result<RequestOutcome, RequestError> {
        let account = generation.account;
        let price = generation.full_price()?;
        let mut unit = self.ports.units.begin().await?;
        let generation = match unit.generations().insert(generation, self.policy.lifetime).await? {
            Inserted::New(generation) => generation,
            Inserted::Existing(earlier) => return Ok(RequestOutcome::Repeated(earlier)),
        };
        let hold = Operation::Hold {
            hold: generation.hold,
            amount: price,
            time_to_live: self.policy.hold_time_to_live,
        };
        let entry = LedgerEntryId::new(self.ports.ids.uuid());
        let key = OperationKey::hold(generation.id.uuid());
        match unit.ledger().record(account, entry, &key, &hold, "").await {
            Ok(_) => {}
            Err(LedgerError::Refused(Refusal::Insufficient { missing })) => {
                return Err(RequestError::Insufficient { missing, price });
            }
            Err(error) => return Err(RequestError::Ledger(error)),
        }
        // The lock on the balance keeps other requests of this person waiting, so that none is overlooked.
        if unit.generations().under_way(account).await? > self.policy.max_under_way {
            return Err(RequestError::TooManyUnderWay(self.policy.max_under_way));
        }
        unit.jobs().schedule(&job_of(&generation)).await?;
        if let SpendOutcome::Refused(reached) = self.count_cost(unit.as_mut(), &generation).await? {
            return Err(RequestError::SpendCap(reached));
        }
        unit.commit().await?;
        Ok(RequestOutcome::Started(generation))
    }

    /// The generation that answers a wish already, if any.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn answer_to(
        &self,
        account: AccountId,
        intent: &Intent,
    ) -> Result<Option<Generation>, StoreError> {
        self.ports.reader.find_by_intent(account, intent).await
    }

    /// A generation of this account.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find(&self, account: AccountId, id: GenerationId) -> Result<Option<Generation>, StoreError> {
        Ok(self.ports.reader.find(account, id).await?.map(|(generation, _)| generation))
    }

    /// The generations of this account that are under way, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn under_way(&self, account: AccountId) -> Result<Vec<GenerationId>, StoreError> {
        self.ports.reader.under_way(account, self.policy.max_under_way.saturating_add(1)).await
    }

    /// What can draw this for this person, first to last.
    pub(super) async fn chain_for(
        &self,
        account: AccountId,
        likeness: Likeness,
    ) -> Result<Vec<ModelEntry>, RequestError> {
        if self.is_paused(Feature::Images).await? {
            return Ok(Vec::new());
        }
        let Likeness::Avatar { avatar } = likeness else {
            return Ok(self.usable_chain(ModelKind::TextToImage).await?);
        };
        let found = self.ports.avatars.find(account, avatar).await?.map(|(avatar, _)| avatar);
        let avatar = found.filter(Avatar::can_be_drawn).ok_or(RequestError::NoAvatar)?;
        Ok(match &avatar.weights {
            Some(weights) => self.usable_model(&weights.draws_with).await?,
            None => self.usable_chain(ModelKind::ReferenceLikeness).await?,
        })
    }

    async fn model_for(&self, new: &NewRequest) -> Result<ModelEntry, RequestError> {
        let chain = self.chain_for(new.account, new.likeness).await?;
        if chain.is_empty() {
            return Err(RequestError::NoModel);
        }
        let characters = new.prompt.as_str().chars().count();
        chain
            .into_iter()
            .find(|model| characters <= model.max_prompt_characters)
            .ok_or(RequestError::PromptTooLong { characters })
    }

    pub(super) fn new_generation(&self, new: &NewRequest, model: &ModelEntry) -> Generation {
        let id = GenerationId::new(self.ports.ids.uuid());
        let slots =
            (0..new.count.get()).map(|_| Slot::open(GalleryItemId::new(self.ports.ids.uuid()))).collect();
        Generation {
            id,
            account: new.account,
            intent: new.intent.clone(),
            request: ImageRequest {
                prompt: new.prompt.clone(),
                aspect_ratio: new.aspect_ratio,
                count: new.count,
                // Models take seeds of 31 bits and more.
                seed: new.seed.unwrap_or_else(|| self.ports.ids.random()) & 0x7fff_ffff,
                likeness: new.likeness,
            },
            unit_price: model.price,
            hold: HoldId::new(id.uuid()),
            plan: Plan {
                model: model.id.clone(),
                attempt: 0,
                attempts_at_model: 0,
                unknown_outcomes: 0,
                last_failure: None,
            },
            slots,
            state: State::Held { not_before: Timestamp::EPOCH },
            audience: new.audience,
            delivery: Delivery::NotStarted,
            // The database sets its own times and version.
            created_at: Timestamp::EPOCH,
            deadline: Timestamp::EPOCH,
            version: 0,
        }
    }
}
