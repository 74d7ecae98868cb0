//! A training that goes well: packed, submitted, looked at, copied, verified, paid, told.

use std::sync::Arc;
use std::time::Duration;

use avatar::{
    AvatarState, KindName, News, NextTraining, ParkedTraining, PresetName, StateName, TrainingEnding,
    TrainingStage,
};
use futures::StreamExt as _;
use kernel::{Credits, JobKind, JobState, ObjectKey, ObjectStore as _};
use testkit::fakes::{AvatarNews, FakeCallbackUrls, fake_weights, unpack_fake_archive};

use crate::studio::{PRICE, Studio};

fn stages(studio: &Studio) -> Vec<TrainingStage> {
    let heard = studio.notifier.heard().into_iter();
    heard
        .filter_map(|(_, news)| match news {
            AvatarNews::Stage(stage) => Some(stage),
            _ => None,
        })
        .collect()
}

#[tokio::test]
async fn a_trained_avatar_has_verified_weights_and_is_paid() {
    let studio = Studio::open().await;
    let id = studio.ordered().await;
    let ready = studio.work(id).await;
    assert_eq!((ready.state.clone(), ready.news), (AvatarState::Ready, News::Told));
    let weights = ready.weights.clone().unwrap();
    assert_eq!(weights.key, ObjectKey::weights(studio.account, id, 1));
    assert_eq!((weights.draws_with.as_str(), weights.trigger.as_str()), ("lora", "sks person"));
    let stored = studio.objects.get(&weights.key).await.unwrap().unwrap();
    assert_eq!(stored, fake_weights(200_000));
    assert_eq!(weights.bytes, u64::try_from(stored.len()).unwrap());
    assert!(studio.objects.get(&weights.config.unwrap()).await.unwrap().is_some());
    assert_eq!(studio.credits().await, (20, 0));
    assert_eq!(studio.service.main(studio.account).await.unwrap().map(|main| main.id), Some(id));
    let until = ready.ready_at.unwrap() + studio.service.policy().photo_retention;
    assert_eq!(studio.endings(), [TrainingEnding::Ready { photos_until: until }]);
    assert_eq!(studio.job_state(JobKind::DrawPreviews, id.uuid()), Some(JobState::Ready));
    assert!(studio.keys("trainings").is_empty(), "the pack is not needed any more");
    studio.audit().await;
}

#[tokio::test]
async fn the_trainer_reads_a_pack_of_all_photos_by_a_link() {
    let studio = Studio::open().await;
    let id = studio.at_trainer().await;
    let order = studio.trainer.orders().remove(0);
    let pack = studio.lender.read(&order.archive).unwrap();
    let files = unpack_fake_archive(&pack).unwrap();
    let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        (names.len(), names[0], names[9]),
        (10, "01.jpg", "10.jpg"),
        "names tell nothing of the person"
    );
    assert_eq!((order.trainer.id.as_str(), order.preset.steps), ("portraits", 1_000));
    let policy = studio.service.policy();
    assert_eq!(order.keep_for, policy.lifetime + policy.copy_timeout);
    assert!(order.callback.is_some());
    assert_eq!(studio.look(id).await.state.name(), StateName::Training);
    studio.clock.advance(policy.lifetime + Duration::from_secs(1));
    assert_eq!(studio.lender.read(&order.archive), None, "a link lives no longer than the training");
}

#[tokio::test]
async fn a_set_without_what_was_refused_is_packed() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Portrait).await;
    studio.photo(id, "dark person=anna").await;
    studio.fill(id, 10).await;
    let preset = avatar::DraftChange::Preset(PresetName::Standard);
    studio.service.change_draft(studio.account, id, &preset).await.unwrap();
    studio.order(id).await.unwrap();
    studio.advance(id).await.unwrap();
    let pack = studio.lender.read(&studio.trainer.orders()[0].archive).unwrap();
    assert_eq!(unpack_fake_archive(&pack).unwrap().len(), 10);
}

#[tokio::test]
async fn without_a_public_address_asking_is_enough() {
    let studio =
        Studio::open_with(|ports| ports.callback_urls = Arc::new(FakeCallbackUrls::Unreachable)).await;
    let id = studio.ordered().await;
    assert_eq!(studio.work(id).await.state, AvatarState::Ready);
    assert_eq!(studio.trainer.orders()[0].callback, None);
}

#[tokio::test]
async fn a_callback_alone_is_enough_and_a_repeat_changes_nothing() {
    let studio = Studio::open().await;
    studio.trainer.set_polls(1_000_000);
    let id = studio.at_trainer().await;
    assert_eq!(studio.call_back().await, ParkedTraining::New);
    let ready = studio.work(id).await;
    assert_eq!(ready.state, AvatarState::Ready);
    assert_eq!(studio.credits().await, (20, 0));
    let committed = studio.database.committed();
    assert!(committed.training_callbacks.values().all(|row| row.settled));
    studio.audit().await;
}

#[tokio::test]
async fn a_callback_after_the_end_changes_nothing() {
    let studio = Studio::open().await;
    let id = studio.ordered().await;
    let ready = studio.work(id).await;
    assert_eq!(studio.call_back().await, ParkedTraining::New);
    assert_eq!(studio.work(id).await, ready);
    assert_eq!(studio.endings().len(), 1);
    assert!(studio.database.committed().training_callbacks.values().all(|row| row.settled));
}

#[tokio::test]
async fn progress_is_told_in_stages_with_what_remains() {
    let studio = Studio::open().await;
    studio.trainer.set_polls(6);
    let id = studio.ordered().await;
    studio.work(id).await;
    let stages = stages(&studio);
    assert_eq!(stages.first(), Some(&TrainingStage::Preparing));
    assert_eq!(stages.last(), Some(&TrainingStage::Copying));
    let done: Vec<_> = stages
        .iter()
        .filter_map(|stage| match stage {
            TrainingStage::Training { progress, .. } => progress.done.map(kernel::Percent::get),
            _ => None,
        })
        .collect();
    assert!(done.len() >= 4 && done.is_sorted(), "{done:?}");
    let remaining = stages.iter().filter_map(|stage| match stage {
        TrainingStage::Training { remaining, .. } => *remaining,
        _ => None,
    });
    assert!(remaining.count() > 0, "by its own pace, once some of it is done");
}

#[tokio::test]
async fn what_remains_is_known_from_earlier_trainings() {
    let studio = Studio::open().await;
    studio
        .balances
        .grant_paid(studio.account, &"purchase:more".parse().unwrap(), Credits::of(100), "")
        .await
        .unwrap();
    for _ in 0..3 {
        studio.ready().await;
    }
    let id = studio.prepare(KindName::Portrait).await;
    let offers = studio.service.presets(&studio.look(id).await).await.unwrap();
    assert!(offers[0].usual_duration.is_some());
    studio.order(id).await.unwrap();
    studio.advance(id).await.unwrap();
    studio.clock.advance(Duration::from_secs(5));
    studio.run_due().await;
    let known = stages(&studio).iter().any(|stage| {
        matches!(stage, TrainingStage::Training { progress, remaining: Some(_) } if progress.done.is_none())
    });
    assert!(known, "before anything is done, earlier ones say how long it takes");
}

#[tokio::test]
async fn only_the_first_avatar_becomes_the_main_one_by_itself() {
    let studio = Studio::open().await;
    let (first, second) = (studio.ready().await, studio.ready().await);
    let main = async || studio.service.main(studio.account).await.unwrap().map(|main| main.id);
    assert_eq!(main().await, Some(first));
    assert!(studio.service.make_main(studio.account, second).await.unwrap());
    assert_eq!(main().await, Some(second));
    assert_eq!(studio.credits().await, (0, 0));
    studio.audit().await;
}

#[tokio::test]
async fn large_weights_pass_through_in_pieces() {
    let studio = Studio::open().await;
    studio.trainer.set_weights_bytes(3_000_000);
    let id = studio.ordered().await;
    let ready = studio.work(id).await;
    let key = ready.weights.unwrap().key;
    let object = studio.objects.open(&key).await.unwrap().unwrap();
    let bytes: usize = object.bytes.map(|piece| piece.unwrap().len()).collect::<Vec<_>>().await.iter().sum();
    assert_eq!(bytes, fake_weights(3_000_000).len());
}

#[tokio::test]
async fn a_new_name_in_the_midst_of_a_training_costs_no_second_one() {
    let studio = Studio::open().await;
    let id = studio.ordered().await;
    let renaming = crate::calls::Renaming::over(&studio, id);
    let studio = studio.with_ports(|ports| drop(ports.trainers.insert(crate::studio::fal(), renaming)));
    let ready = studio.work(id).await;
    assert_eq!((ready.state.clone(), ready.title()), (AvatarState::Ready, "Renamed"));
    assert_eq!(studio.trainer.orders().len(), 1, "what is paid to the trainer is paid once");
    assert_eq!(ready.training.unwrap().attempt, 1);
    studio.audit().await;
}

#[tokio::test]
async fn an_end_leaves_the_next_training_to_its_price() {
    let studio = Studio::open().await;
    let id = studio.ready().await;
    let ready = studio.look(id).await;
    assert_eq!(ready.next_training, NextTraining::Paid);
    assert_eq!(ready.training.unwrap().price, PRICE);
}
