//! What every [`Auditor`](kernel::Auditor) must find in avatars.

use std::time::Duration;

use avatar::{Avatar, AvatarState, TrainingFailure};
use balance::{Operation, OperationKey};
use kernel::{Credits, HoldId, Invariant, Timestamp};

use super::auditor_scene::{Scene, assert_clean};
use super::avatars_samples::{
    TRAINING_PRICE, avatar, begun, insert_avatar, instant, make_main, trained, training, update_avatar,
    weights,
};
use super::samples::LONG;
use super::{DatabaseSubject, Tampering};

database_suite! { $ avatars_auditor as avatars_auditor_tests:
    avatars_in_order_trainings_under_way_included_must_give_a_clean_report,
    an_avatar_that_was_ready_after_its_holds_own_deadline_must_be_free_and_in_order,
    a_violation_of_training_is_held_must_be_found,
    a_violation_of_training_is_settled_must_be_found,
    a_violation_of_ready_has_weights_must_be_found,
    a_violation_of_one_main_avatar_must_be_found,
}

/// Something of everything that can be there when all is well with avatars.
pub(super) async fn fill_avatars_in_order(scene: &Scene<'_>) {
    let subject = scene.subject;
    insert_avatar(subject, &begun(scene.account, scene.base + 1)).await;
    insert_avatar(subject, &avatar(scene.account, scene.base + 2)).await;
    scene.order_training(3).await;
    scene.finish_training(4).await;
    let main = scene.finish_training(5).await;
    make_main(subject, scene.account, main.id).await;
    insert_avatar(subject, &instant(scene.account, scene.base + 6)).await;
    for (number, end) in (7..).zip([AvatarState::Failed(TrainingFailure::NoWeights), AvatarState::Cancelled])
    {
        let ordered = scene.order_training(number).await;
        scene.release_training(&ordered).await;
        let ended = update_avatar(subject, &Avatar { state: end, ..ordered }).await;
        // A free second try, beside which the first one's credits stay returned.
        if number == 7 {
            let collecting = Avatar { state: AvatarState::Collecting, ..ended };
            let collecting = update_avatar(subject, &collecting).await;
            scene.order_free_training(collecting).await;
        }
    }
    // Trained again for free, with the former weights in use, and then ready again.
    let again = scene.finish_training(9).await;
    let again = scene.order_free_training(again).await;
    update_avatar(subject, &Avatar { state: AvatarState::Ready, ..again }).await;
    // Deleted: while it was trained, and when it was ready; what is left of it too.
    let ordered = scene.order_training(10).await;
    scene.release_training(&ordered).await;
    update_avatar(subject, &Avatar { state: AvatarState::Deleted, ..ordered }).await;
    let ready = scene.finish_training(11).await;
    update_avatar(subject, &Avatar { state: AvatarState::Deleted, ..ready.clone() }).await;
    let mut unit = subject.avatar_units.begin().await.expect("begin");
    unit.avatars().erase(scene.account, ready.id).await.expect("erase");
    unit.commit().await.expect("commit");
}

impl Scene<'_> {
    /// An avatar whose paid training has just been ordered, with credits that were given before.
    pub(super) async fn order_training(&self, number: u128) -> Avatar {
        let new = insert_avatar(self.subject, &avatar(self.account, self.base + number)).await;
        self.gift(1_000 + number, TRAINING_PRICE.get()).await;
        let hold = Operation::Hold { hold: hold_of(&new), amount: TRAINING_PRICE, time_to_live: LONG };
        self.record(OperationKey::hold(new.id.uuid()).as_str(), &hold).await;
        let state = AvatarState::Queued { not_before: Timestamp::EPOCH };
        update_avatar(self.subject, &Avatar { state, training: Some(training(&new)), ..new }).await
    }

    /// An avatar whose next training costs nothing and has just been ordered.
    async fn order_free_training(&self, avatar: Avatar) -> Avatar {
        let hold = HoldId::new(uuid::Uuid::from_u128(avatar.id.uuid().as_u128() + 1));
        let free = avatar::Training { price: Credits::ZERO, round: 2, hold, ..training(&avatar) };
        let state = AvatarState::Submitting { since: Timestamp::EPOCH };
        update_avatar(self.subject, &Avatar { state, training: Some(free), ..avatar }).await
    }

    /// An avatar whose training was paid for and ended well.
    pub(super) async fn finish_training(&self, number: u128) -> Avatar {
        let ordered = self.order_training(number).await;
        let capture = Operation::Capture { hold: hold_of(&ordered), amount: TRAINING_PRICE };
        self.record(OperationKey::capture(hold_of(&ordered)).as_str(), &capture).await;
        update_avatar(self.subject, &trained(ordered)).await
    }

    async fn release_training(&self, avatar: &Avatar) {
        let release = Operation::Release { hold: hold_of(avatar) };
        self.record(OperationKey::release(hold_of(avatar)).as_str(), &release).await;
    }

    async fn set_avatar(&self, avatar: &Avatar, state: AvatarState) {
        let (account, avatar) = (avatar.account, avatar.id);
        self.tamper(Tampering::AvatarState { account, avatar, state }).await;
    }
}

fn hold_of(avatar: &Avatar) -> HoldId {
    training(avatar).hold
}

/// Avatars in order, trainings under way included, MUST give a clean report.
pub async fn avatars_in_order_trainings_under_way_included_must_give_a_clean_report(
    subject: &DatabaseSubject,
) {
    fill_avatars_in_order(&Scene::new(subject, 1)).await;
    assert_clean(subject, "avatars in order").await;
    subject.time.elapse(Duration::from_mins(30)).await;
    assert_clean(subject, "avatars in order, half an hour later").await;
}

/// An avatar that was ready after its hold's own deadline is free, and in order.
pub async fn an_avatar_that_was_ready_after_its_holds_own_deadline_must_be_free_and_in_order(
    subject: &DatabaseSubject,
) {
    let scene = Scene::new(subject, 100);
    let ordered = scene.order_training(1).await;
    subject.time.elapse(LONG).await;
    scene.release_training(&ordered).await;
    update_avatar(subject, &trained(ordered)).await;
    assert_clean(subject, "a free one").await;
}

/// A training under way that costs something has an open hold.
pub async fn a_violation_of_training_is_held_must_be_found(subject: &DatabaseSubject) {
    let scene = Scene::among_others(subject).await;
    let ordered = scene.order_training(1).await;
    assert_clean(subject, "a training that has just been ordered").await;
    scene.release_training(&ordered).await;
    scene.assert_found(Invariant::TrainingIsHeld).await;

    let scene = Scene::new(subject, 101);
    let never_held = insert_avatar(subject, &avatar(scene.account, scene.base + 1)).await;
    let state = AvatarState::Submitting { since: Timestamp::EPOCH };
    update_avatar(subject, &Avatar { state, training: Some(training(&never_held)), ..never_held }).await;
    scene.assert_found(Invariant::TrainingIsHeld).await;
}

/// The hold of a training that is not under way has ended, in the way in which the training ended.
pub async fn a_violation_of_training_is_settled_must_be_found(subject: &DatabaseSubject) {
    let mut scene = Scene::among_others(subject).await;
    let ends = [
        AvatarState::Failed(TrainingFailure::Unavailable),
        AvatarState::Cancelled,
        AvatarState::Deleted,
        AvatarState::Collecting,
    ];
    for (number, end) in (0..).zip(ends) {
        let ordered = scene.order_training(1).await;
        scene.set_avatar(&ordered, end).await;
        scene.assert_found(Invariant::TrainingIsSettled).await;
        scene = Scene::new(subject, 101 + number);
    }
    // Ready, and the credits were returned, or are still set aside.
    let ordered = scene.order_training(1).await;
    scene.release_training(&ordered).await;
    update_avatar(subject, &trained(ordered)).await;
    scene.assert_found(Invariant::TrainingIsSettled).await;

    let scene = Scene::new(subject, 120);
    let ordered = scene.order_training(1).await;
    update_avatar(subject, &trained(ordered)).await;
    scene.assert_found(Invariant::TrainingIsSettled).await;

    // Failed, and paid all the same.
    let scene = Scene::new(subject, 121);
    let ready = scene.finish_training(1).await;
    scene.set_avatar(&ready, AvatarState::Failed(TrainingFailure::NoWeights)).await;
    scene.assert_found(Invariant::TrainingIsSettled).await;
}

/// A ready avatar that was trained has weights.
pub async fn a_violation_of_ready_has_weights_must_be_found(subject: &DatabaseSubject) {
    let scene = Scene::among_others(subject).await;
    let ready = scene.finish_training(1).await;
    assert_eq!(ready.weights, Some(weights(&ready)));
    let (account, avatar) = (ready.account, ready.id);
    scene.tamper(Tampering::NoWeights { account, avatar }).await;
    scene.assert_found(Invariant::ReadyHasWeights).await;

    let scene = Scene::new(subject, 101);
    let new = insert_avatar(subject, &begun(scene.account, scene.base + 1)).await;
    scene.set_avatar(&new, AvatarState::Ready).await;
    scene.assert_found(Invariant::ReadyHasWeights).await;
}

/// An account has at most one main avatar.
pub async fn a_violation_of_one_main_avatar_must_be_found(subject: &DatabaseSubject) {
    let scene = Scene::among_others(subject).await;
    for number in 1..=2 {
        let ready = insert_avatar(subject, &instant(scene.account, scene.base + number)).await;
        let (account, avatar) = (ready.account, ready.id);
        scene.tamper(Tampering::MainAvatar { account, avatar }).await;
        if number == 1 {
            assert_clean(subject, "one main avatar").await;
        }
    }
    scene.assert_found(Invariant::OneMainAvatar).await;
}
