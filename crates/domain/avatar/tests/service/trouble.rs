//! What trainers, links and answers do wrong, and what becomes of it: credits back, a reason told, a second try free.

use std::sync::Arc;
use std::time::Duration;

use avatar::{
    AvatarState, KindName, NextTraining, ParkedTraining, StateName, TrainingEnding, TrainingFailure,
};
use kernel::{FailureClass, Jobs as _, OperatorNotice, Pausable, Pauses as _, ProviderError};
use testkit::fakes::WeightsFate;
use testkit::weather::Fate;

use crate::failing::Failing;
use crate::studio::{PRICE, Studio, fal};

fn error(class: FailureClass, code: &str) -> ProviderError {
    ProviderError::new(class, code, "the trainer says so")
}

/// Everything that a training that came to nothing leaves.
async fn assert_came_to_nothing(studio: &Studio, id: kernel::AvatarId, reason: TrainingFailure) {
    let failed = studio.look(id).await;
    assert_eq!(failed.state, AvatarState::Failed(reason.clone()));
    assert_eq!((failed.next_training, failed.weights.as_ref()), (NextTraining::FreeSecondTry, None));
    assert_eq!(studio.credits().await, (40, 0), "the credits are back");
    assert_eq!(studio.endings(), [TrainingEnding::Failed { reason, returned: PRICE }]);
    assert_eq!(studio.keys("photos").len(), 10, "the photos are kept");
    assert!(studio.keys("weights").is_empty());
    studio.audit().await;
}

#[tokio::test]
async fn too_few_photos_for_the_trainer_are_told_as_such() {
    for at_once in [true, false] {
        let studio = Studio::open().await;
        let code = "archive_file_count_below_minimum";
        if at_once {
            studio.trainer.fail_next(error(FailureClass::Invalid, code));
        } else {
            studio.trainer.fail_next_training(FailureClass::Invalid, code);
        }
        let id = studio.ordered().await;
        let failed = studio.work(id).await;
        assert_came_to_nothing(&studio, id, TrainingFailure::PhotosRefused).await;
        assert_eq!(failed.training.unwrap().attempts_of_round, 1, "trying again would change nothing");
    }
}

#[tokio::test]
async fn a_training_that_was_completed_with_an_error_is_tried_again() {
    let studio = Studio::open().await;
    studio.trainer.fail_next_training(FailureClass::Unavailable, "internal_server_error");
    let id = studio.ordered().await;
    let ready = studio.work(id).await;
    assert_eq!(ready.state, AvatarState::Ready);
    assert_eq!(ready.training.unwrap().attempt, 2);
    assert_eq!(studio.trainer.orders().len(), 2);
    assert_eq!(studio.credits().await, (20, 0));
    studio.audit().await;
}

#[tokio::test]
async fn a_trainer_that_fails_again_and_again_is_given_up() {
    let studio = Studio::open().await;
    for _ in 0..10 {
        studio.trainer.fail_next_training(FailureClass::Unavailable, "internal_server_error");
    }
    let id = studio.ordered().await;
    let failed = studio.work(id).await;
    assert_came_to_nothing(&studio, id, TrainingFailure::Unavailable).await;
    let training = failed.training.unwrap();
    assert_eq!(training.attempts_of_round, studio.service.policy().max_attempts);
    assert_eq!(training.last_failure.as_deref(), Some("internal_server_error"));
}

#[tokio::test]
async fn a_safety_refusal_ends_it_and_costs_nothing() {
    let studio = Studio::open().await;
    studio.trainer.fail_next_training(FailureClass::Refused, "content_policy_violation");
    let id = studio.ordered().await;
    studio.work(id).await;
    assert_came_to_nothing(&studio, id, TrainingFailure::Refused).await;
}

#[tokio::test]
async fn completed_without_weights_is_no_success() {
    let studio = Studio::open().await;
    studio.trainer.next_weights(WeightsFate::Unnamed);
    let id = studio.ordered().await;
    studio.work(id).await;
    assert_came_to_nothing(&studio, id, TrainingFailure::NoWeights).await;
}

#[tokio::test]
async fn weights_that_are_gone_cut_off_or_nonsense_are_no_success() {
    for fate in [WeightsFate::Lost, WeightsFate::CutOff, WeightsFate::Nonsense] {
        let studio = Studio::open().await;
        studio.trainer.next_weights(fate);
        let id = studio.ordered().await;
        studio.work(id).await;
        assert_came_to_nothing(&studio, id, TrainingFailure::NoWeights).await;
    }
}

#[tokio::test]
async fn a_copy_that_breaks_off_is_begun_again() {
    for (port, fate) in [
        ("trainer.open", Fate::FailsBefore),
        ("trainer.open", Fate::FailsAfter),
        ("trainer.fetch", Fate::FailsBefore),
    ] {
        let studio = Studio::open().await;
        let stormy = Arc::new(studio.trainer.with_weather(Failing::first(2, port, fate)));
        let studio = studio.with_ports(|ports| drop(ports.trainers.insert(fal(), stormy)));
        let id = studio.ordered().await;
        let ready = studio.work(id).await;
        assert_eq!(ready.state, AvatarState::Ready, "{port} {fate:?}");
        assert_eq!(studio.trainer.orders().len(), 1);
        let has_config = ready.weights.unwrap().config.is_some();
        assert_eq!(has_config, port != "trainer.fetch", "weights can be used without their description");
        studio.audit().await;
    }
}

#[tokio::test]
async fn an_object_store_that_is_away_is_waited_for() {
    let studio = Studio::open().await;
    let weather = Failing::first(1, "objects.put_stream", Fate::FailsAfter);
    let stormy = Arc::new(studio.objects.with_weather(weather));
    let studio = studio.with_ports(|ports| ports.objects = stormy);
    let id = studio.ordered().await;
    assert_eq!(studio.work(id).await.state, AvatarState::Ready);
    studio.audit().await;
}

#[tokio::test]
async fn a_locked_account_says_nothing_of_a_training_under_way() {
    let studio = Studio::open().await;
    let id = studio.at_trainer().await;
    for _ in 0..3 {
        studio.trainer.fail_next_question(error(FailureClass::Misconfigured, "locked"));
    }
    assert_eq!(studio.work(id).await.state, AvatarState::Ready);
    assert!(studio.database.active().await.unwrap().is_empty(), "nothing is paused for it");
    assert_eq!(studio.credits().await, (20, 0));
}

#[tokio::test]
async fn a_locked_account_at_the_beginning_pauses_the_provider_until_a_probe_lifts_it() {
    let studio = Studio::open().await;
    studio.trainer.fail_next(error(FailureClass::Misconfigured, "locked"));
    let id = studio.ordered().await;
    studio.work(id).await;
    assert_came_to_nothing(&studio, id, TrainingFailure::NoTrainer).await;
    let paused: Vec<_> =
        studio.database.active().await.unwrap().into_iter().map(|pause| pause.subject).collect();
    assert_eq!(paused, [Pausable::Provider("fal".to_owned())]);
    assert!(matches!(&studio.operators.notices()[..], [OperatorNotice::Paused { .. }]));
}

#[tokio::test]
async fn a_retired_trainer_gives_way_to_the_next() {
    let studio = Studio::open().await;
    studio.trainer.fail_next(error(FailureClass::Misconfigured, "retired"));
    let id = studio.ordered().await;
    let ready = studio.work(id).await;
    assert_eq!(ready.state, AvatarState::Ready);
    assert_eq!(ready.training.unwrap().trainer.as_str(), "portraits-too");
    assert_eq!(studio.credits().await, (20, 0), "at the price that was agreed");
    studio.trainer.fail_next_probe(error(FailureClass::Misconfigured, "retired"));
    assert_eq!(studio.service.probe_paused().await.unwrap(), 0);
    assert_eq!(studio.service.probe_paused().await.unwrap(), 1);
    assert!(matches!(studio.operators.notices().last(), Some(OperatorNotice::Resumed { .. })));
}

#[tokio::test]
async fn a_lost_answer_is_found_again_by_its_callback() {
    let studio = Studio::open().await;
    studio.trainer.fail_next(error(FailureClass::Unavailable, "timeout").with_unknown_outcome());
    let id = studio.ordered().await;
    studio.advance(id).await.unwrap();
    assert_eq!(studio.look(id).await.state.name(), StateName::Submitting);
    assert_eq!(studio.call_back().await, ParkedTraining::New);
    let ready = studio.work(id).await;
    assert_eq!(ready.state, AvatarState::Ready);
    assert_eq!((studio.trainer.orders().len(), ready.training.unwrap().attempt), (1, 1));
    studio.audit().await;
}

#[tokio::test]
async fn a_lost_answer_without_a_callback_is_ordered_again_once() {
    for lost in [1, 2] {
        let studio = Studio::open().await;
        for _ in 0..lost {
            studio.trainer.fail_next(error(FailureClass::Unavailable, "timeout").with_unknown_outcome());
        }
        let id = studio.ordered().await;
        let ended = studio.work(id).await;
        assert_eq!(studio.trainer.orders().len(), 2);
        if lost == 1 {
            assert_eq!((ended.state, studio.credits().await), (AvatarState::Ready, (20, 0)));
        } else {
            assert_came_to_nothing(&studio, id, TrainingFailure::Unavailable).await;
        }
        studio.audit().await;
    }
}

#[tokio::test]
async fn a_process_that_died_while_it_submitted_is_taken_over() {
    let studio = Studio::open().await;
    let id = studio.ordered().await;
    let dying = Arc::new(studio.trainer.with_weather(Failing::first(1, "trainer.submit", Fate::DiesAfter)));
    let studio = studio.with_ports(|ports| drop(ports.trainers.insert(fal(), dying)));
    {
        let job = studio.claim(kernel::JobKind::AdvanceTraining, id.uuid()).await.unwrap();
        let mut run = Box::pin(studio.run(&job));
        assert!(futures::poll!(&mut run).is_pending(), "it is dead");
    }
    assert_eq!(studio.look(id).await.state.name(), StateName::Submitting);
    studio.call_back().await;
    assert_eq!(studio.work(id).await.state, AvatarState::Ready);
    assert_eq!(studio.trainer.orders().len(), 1);
    studio.audit().await;
}

#[tokio::test]
async fn a_training_that_the_trainer_forgot_is_ordered_again() {
    let studio = Studio::open().await;
    let id = studio.at_trainer().await;
    studio.trainer.forget_all();
    let ready = studio.work(id).await;
    assert_eq!((ready.state, studio.trainer.orders().len()), (AvatarState::Ready, 2));
}

#[tokio::test]
async fn what_never_ends_is_given_up_at_its_deadline_and_stopped_at_the_trainer() {
    let studio = Studio::open().await;
    studio.trainer.set_polls(1_000_000);
    let id = studio.at_trainer().await;
    studio.clock.advance(studio.service.policy().lifetime);
    studio.work(id).await;
    assert_came_to_nothing(&studio, id, TrainingFailure::Unavailable).await;
    assert_eq!(studio.trainer.cancelled().len(), 1);
}

#[tokio::test]
async fn what_nobody_began_within_its_time_comes_to_nothing() {
    let studio = Studio::open().await;
    let id = studio.ordered().await;
    studio.clock.advance(studio.service.policy().lifetime);
    studio.work(id).await;
    assert_came_to_nothing(&studio, id, TrainingFailure::Unavailable).await;
    assert!(studio.trainer.orders().is_empty());
}

#[tokio::test]
async fn weights_that_came_after_the_hold_was_released_are_free() {
    let studio = Studio::open().await;
    studio.trainer.set_polls(0);
    let id = studio.at_trainer().await;
    studio.clock.advance(studio.service.policy().hold_time_to_live + Duration::from_secs(1));
    assert_eq!(studio.balances.release_expired(10).await.unwrap(), 1);
    let ready = studio.work(id).await;
    assert_eq!(ready.state, AvatarState::Ready);
    assert_eq!(studio.credits().await, (40, 0));
    studio.audit().await;
}

#[tokio::test]
async fn failures_on_the_way_to_the_trainer_are_no_attempts() {
    for port in ["archiver.pack", "lender.lend"] {
        let studio = Studio::open().await;
        let weather = Failing::first(2, port, Fate::FailsBefore);
        let objects = Arc::new(studio.objects.clone());
        let archiver = Arc::new(testkit::fakes::FakeArchiver::under(objects.clone(), weather.clone()));
        let lender = Arc::new(studio.lender.with_weather(objects, weather));
        let studio = studio.with_ports(|ports| {
            ports.archiver = archiver;
            ports.lender = lender;
        });
        let id = studio.ordered().await;
        let ready = studio.work(id).await;
        assert_eq!(ready.state, AvatarState::Ready, "{port}");
        assert_eq!(ready.training.unwrap().attempt, 1, "{port}");
    }
}

#[tokio::test]
async fn a_worker_whose_claim_was_taken_over_changes_nothing() {
    let studio = Studio::open().await;
    let id = studio.ordered().await;
    let frozen = studio.claim(kernel::JobKind::AdvanceTraining, id.uuid()).await.unwrap();
    studio.clock.advance(Duration::from_secs(61));
    let awake = studio.claim(kernel::JobKind::AdvanceTraining, id.uuid()).await.unwrap();
    let refused = studio.run(&frozen).await.unwrap_err();
    assert!(refused.is_superseded(), "{refused}");
    assert_eq!(studio.look(id).await.state.name(), StateName::Queued);
    assert!(studio.trainer.orders().is_empty());
    studio.run(&awake).await.unwrap();
    assert_eq!(studio.look(id).await.state.name(), StateName::Training);
}

#[tokio::test]
async fn the_news_of_an_end_is_repeated_until_it_gets_through() {
    let studio = Studio::open().await;
    let weather = Failing::first(3, "avatar_notifier.tell_ending", Fate::FailsBefore);
    let stormy = Arc::new(studio.notifier.with_weather(weather));
    let studio = studio.with_ports(|ports| ports.notifier = stormy);
    let id = studio.ready().await;
    assert_eq!(studio.endings().len(), 1);
    assert_eq!(studio.look(id).await.news, avatar::News::Told);
}

#[tokio::test]
async fn whoever_has_blocked_the_bot_has_their_avatar_all_the_same() {
    let studio = Studio::open().await;
    let id = studio.ordered().await;
    studio.notifier.block();
    let ready = studio.work(id).await;
    assert_eq!((ready.state, ready.news), (AvatarState::Ready, avatar::News::Told));
    assert!(studio.endings().is_empty());
}

#[tokio::test]
async fn a_callback_that_makes_no_sense_is_passed_over() {
    let studio = Studio::open().await;
    let id = studio.at_trainer().await;
    let event = kernel::ProviderEvent { request_id: "training-1".to_owned(), body: "a riddle".to_owned() };
    let callback =
        avatar::TrainingCallback { provider: fal(), account: studio.account, avatar: id, attempt: 1, event };
    studio.service.park_callback(&callback).await.unwrap();
    assert_eq!(studio.work(id).await.state, AvatarState::Ready);
}

#[tokio::test]
async fn of_a_person_who_was_erased_nothing_is_left_to_do() {
    let studio = Studio::open().await;
    let id = studio.ordered().await;
    studio.database.tamper(|tables| tables.avatars.clear());
    studio.run_due().await;
    let job = studio.job_state(kernel::JobKind::AdvanceTraining, id.uuid());
    assert_eq!(job, Some(kernel::JobState::Done));
    let gone = studio.database.list(kernel::JobState::Buried, 10).await.unwrap();
    assert!(gone.is_empty());
}

#[tokio::test]
async fn a_provider_that_an_operator_removed_is_no_trainer() {
    let studio = Studio::open().await;
    let id = studio.ordered().await;
    let studio = studio.with_ports(|ports| ports.trainers.clear());
    studio.work(id).await;
    assert_came_to_nothing(&studio, id, TrainingFailure::NoTrainer).await;

    let studio = Studio::open().await;
    let id = studio.at_trainer().await;
    let studio = studio.with_ports(|ports| ports.trainers.clear());
    studio.pass(Duration::from_mins(5)).await;
    assert_eq!(studio.look(id).await.state.name(), StateName::Training, "its return is waited for");
    let trainer = Arc::new(studio.trainer.clone());
    let studio = studio.with_ports(|ports| drop(ports.trainers.insert(fal(), trainer)));
    assert_eq!(studio.work(id).await.state, AvatarState::Ready);
}

#[tokio::test]
async fn a_style_is_trained_by_a_trainer_of_styles() {
    let studio = Studio::open().await;
    let id = studio.prepare(KindName::Style).await;
    studio.order(id).await.unwrap();
    let ready = studio.work(id).await;
    assert_eq!(ready.state, AvatarState::Ready);
    assert_eq!(studio.trainer.orders()[0].trainer.id.as_str(), "styles");
}
