//! Ordering a training: avatar, held credits and first job in one unit of work.

use std::time::Duration;

use balance::{LedgerError, Operation, OperationKey, Refusal};
use kernel::{
    AccountId, AvatarId, CapReached, Contended, Credits, HoldId, JobKind, LedgerEntryId, NewJob, PhotoId,
    SpendOutcome, StoreError, Timestamp, repeat_contended,
};
use thiserror::Error;

use super::AvatarService;
use super::review::accepted_ids;
use crate::{
    Avatar, AvatarKind, AvatarState, KindName, News, NextTraining, Photo, PhotoState, PresetName,
    TrainerEntry, Training, TrainingPreset, UnitOfWork,
};

/// A preset as it is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresetOffer {
    /// Which one.
    pub preset: PresetName,
    /// What it costs; nothing when the next training is free.
    pub price: Credits,
    /// How many steps it trains.
    pub steps: u32,
    /// How long trainings usually take; unknown before there are any.
    pub usual_duration: Option<Duration>,
    /// The trainer's title.
    pub trainer: String,
}

/// Why a training is not ordered. Nothing was changed.
#[derive(Debug, Error)]
pub enum OrderError {
    /// There are not enough credits.
    #[error("{missing} credits are missing")]
    Insufficient {
        /// How many more would be enough.
        missing: Credits,
        /// What it would have cost.
        price: Credits,
    },
    /// Every trainer is paused or retired.
    #[error("no trainer can do this now")]
    NoTrainer,
    /// The price is no longer the one that the person was shown.
    #[error("the price has changed to {0}")]
    PriceChanged(Credits),
    /// There are not enough photos.
    #[error("{have} photos of at least {need}")]
    TooFewPhotos {
        /// How many can be used.
        have: u8,
        /// How many are needed.
        need: u8,
    },
    /// Photos are still being looked at.
    #[error("{0} photos are still being looked at")]
    PhotosWaiting(u8),
    /// It is no draft with a name, a kind and a preset (any more).
    #[error("there is nothing to order")]
    NotADraft,
    /// This person has enough trainings under way.
    #[error("{0} trainings are under way")]
    TooManyUnderWay(u16),
    /// As much was spent at providers today as may be.
    #[error("a daily spend cap is reached: {0:?}")]
    SpendCap(CapReached),
    /// The ledger failed.
    #[error(transparent)]
    Ledger(LedgerError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Contended for OrderError {
    fn is_contended(&self) -> bool {
        match self {
            Self::Store(error) => error.is_contended(),
            Self::Ledger(error) => error.is_contended(),
            _ => false,
        }
    }
}

/// What became of an order.
enum Ordered {
    /// It is taken, with the job that moves it on.
    New(Box<Avatar>, NewJob),
    /// It was taken before.
    Before(Box<Avatar>),
}

impl AvatarService {
    /// What a training of this avatar costs now, by preset.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn presets(&self, avatar: &Avatar) -> Result<Vec<PresetOffer>, StoreError> {
        let kind = avatar.kind.as_ref().map_or(KindName::Portrait, AvatarKind::name);
        let usable = self.trainers_to_order(kind).await?;
        let Some(trainer) = usable.first() else {
            return Ok(Vec::new());
        };
        let usual_duration = self.ports.reader.usual_duration(&trainer.id).await?;
        let offer = |(preset, terms): (&PresetName, &TrainingPreset)| PresetOffer {
            preset: *preset,
            price: price_of(avatar, terms),
            steps: terms.steps,
            usual_duration,
            trainer: trainer.title.clone(),
        };
        Ok(trainer.presets.iter().map(offer).collect())
    }

    /// Orders the training of a draft. Asking again while it is under way changes nothing and costs nothing.
    ///
    /// # Errors
    /// An [`OrderError`]; nothing was changed then.
    pub async fn order_training(
        &self,
        account: AccountId,
        id: AvatarId,
        agreed_price: Credits,
    ) -> Result<Avatar, OrderError> {
        let Some((seen, _)) = self.ports.reader.find(account, id).await? else {
            return Err(OrderError::NotADraft);
        };
        let kind = seen.kind.as_ref().map(AvatarKind::name).ok_or(OrderError::NotADraft)?;
        let usable = self.trainers_to_order(kind).await?;
        match repeat_contended(|| self.take_order(account, id, kind, &usable, agreed_price)).await {
            Ok(Ordered::New(queued, job)) => {
                self.wake(&job).await;
                tracing::info!(avatar = %id, price = %agreed_price, "a training was ordered");
                Ok(*queued)
            }
            Ok(Ordered::Before(avatar)) => Ok(*avatar),
            Err(OrderError::SpendCap(reached)) => {
                self.heed_cap(account, reached).await?;
                Err(OrderError::SpendCap(reached))
            }
            Err(error) => Err(error),
        }
    }

    /// The unit of work of an order. What it costs at the trainer is counted last.
    async fn take_order(
        &self,
        account: AccountId,
        id: AvatarId,
        kind: KindName,
        usable: &[TrainerEntry],
        agreed_price: Credits,
    ) -> Result<Ordered, OrderError> {
        let mut unit = self.ports.units.begin().await?;
        let avatar = unit.avatars().load(account, id).await?.ok_or(OrderError::NotADraft)?;
        if avatar.state.name().is_under_way() {
            return Ok(Ordered::Before(Box::new(avatar)));
        }
        if avatar.state != AvatarState::Collecting || avatar.name.is_none() || !kind.is_trained() {
            return Err(OrderError::NotADraft);
        }
        let photos = unit.avatars().photos(account, id).await?;
        check_photos(&avatar, kind, &photos)?;
        let preset = avatar.preset.ok_or(OrderError::NotADraft)?;
        let trainer = usable.first().ok_or(OrderError::NoTrainer)?;
        let terms = trainer.presets.get(&preset).ok_or(OrderError::NoTrainer)?;
        let price = price_of(&avatar, terms);
        if price != agreed_price {
            return Err(OrderError::PriceChanged(price));
        }
        let now = unit.now().await?;
        let training = self.new_training(&avatar, trainer, preset, price, now);
        self.hold(unit.as_mut(), account, &training).await?;
        let ordered = training.clone();
        let queued = Avatar {
            state: AvatarState::Queued { not_before: Timestamp::EPOCH },
            training: Some(training),
            news: News::None,
            leafing_message: None,
            ..avatar
        };
        let queued = unit.avatars().update(&queued).await?;
        let job = NewJob::now(account, JobKind::AdvanceTraining, id.uuid());
        if unit.avatars().under_way(account).await? > self.policy.max_under_way {
            return Err(OrderError::TooManyUnderWay(self.policy.max_under_way));
        }
        unit.jobs().schedule(&job).await?;
        if let SpendOutcome::Refused(reached) = self.count_cost(unit.as_mut(), account, &ordered).await? {
            return Err(OrderError::SpendCap(reached));
        }
        unit.commit().await?;
        Ok(Ordered::New(Box::new(queued), job))
    }

    /// Makes an instant avatar ready with its photos. It costs nothing until it is drawn.
    ///
    /// # Errors
    /// An [`OrderError`]; nothing was changed then.
    pub async fn finish_instant(&self, account: AccountId, id: AvatarId) -> Result<Avatar, OrderError> {
        let has_main = self.ports.reader.main(account).await?.is_some();
        let mut unit = self.ports.units.begin().await?;
        let avatar = unit.avatars().load(account, id).await?.ok_or(OrderError::NotADraft)?;
        let kind = avatar.kind.as_ref().map(AvatarKind::name).ok_or(OrderError::NotADraft)?;
        if avatar.state == AvatarState::Ready && kind == KindName::Instant {
            return Ok(avatar);
        }
        if avatar.state != AvatarState::Collecting || avatar.name.is_none() || kind != KindName::Instant {
            return Err(OrderError::NotADraft);
        }
        let photos = unit.avatars().photos(account, id).await?;
        check_photos(&avatar, kind, &photos)?;
        let now = unit.now().await?;
        let ready =
            Avatar { state: AvatarState::Ready, ready_at: Some(now), leafing_message: None, ..avatar };
        let ready = unit.avatars().update(&ready).await?;
        if !has_main {
            unit.avatars().make_main(account, id).await?;
        }
        unit.commit().await?;
        tracing::info!(avatar = %id, photos = photos.len(), "an instant avatar is ready");
        Ok(ready)
    }

    async fn hold(
        &self,
        unit: &mut dyn UnitOfWork,
        account: AccountId,
        training: &Training,
    ) -> Result<(), OrderError> {
        if training.price.is_zero() {
            return Ok(());
        }
        let entry = LedgerEntryId::new(self.ports.ids.uuid());
        let hold = Operation::Hold {
            hold: training.hold,
            amount: training.price,
            time_to_live: self.policy.hold_time_to_live,
        };
        let key = OperationKey::hold(training.hold.uuid());
        match unit.ledger().record(account, entry, &key, &hold, "").await {
            Ok(_) => Ok(()),
            Err(LedgerError::Refused(Refusal::Insufficient { missing })) => {
                Err(OrderError::Insufficient { missing, price: training.price })
            }
            Err(error) => Err(OrderError::Ledger(error)),
        }
    }

    fn new_training(
        &self,
        avatar: &Avatar,
        trainer: &TrainerEntry,
        preset: PresetName,
        price: Credits,
        now: Timestamp,
    ) -> Training {
        let former = avatar.training.as_ref();
        Training {
            round: former.map_or(0, |former| former.round) + 1,
            trainer: trainer.id.clone(),
            preset,
            price,
            hold: HoldId::new(self.ports.ids.uuid()),
            ordered_at: now,
            deadline: now + self.policy.lifetime,
            attempt: former.map_or(0, |former| former.attempt),
            attempts_of_round: 0,
            unknown_outcomes: 0,
            last_failure: None,
            unwanted: None,
        }
    }
}

fn price_of(avatar: &Avatar, terms: &TrainingPreset) -> Credits {
    match avatar.next_training {
        NextTraining::Paid => terms.price,
        NextTraining::FreeSecondTry | NextTraining::FreeRetraining => Credits::ZERO,
    }
}

/// Whether the photos are enough, looked at, and of one person.
fn check_photos(avatar: &Avatar, kind: KindName, photos: &[Photo]) -> Result<(), OrderError> {
    let waiting = photos.iter().filter(|photo| photo.state == PhotoState::Received).count();
    if waiting > 0 {
        return Err(OrderError::PhotosWaiting(u8::try_from(waiting).unwrap_or(u8::MAX)));
    }
    let accepted: std::collections::BTreeSet<PhotoId> = accepted_ids(photos);
    let have = u8::try_from(accepted.len()).unwrap_or(u8::MAX);
    if have < kind.min_photos() {
        return Err(OrderError::TooFewPhotos { have, need: kind.min_photos() });
    }
    if kind.shows_a_person() && accepted.len() > 1 && !accepted.is_subset(&avatar.compared) {
        return Err(OrderError::PhotosWaiting(have));
    }
    Ok(())
}
