//! What every [`TrainingCallbacks`](avatar::TrainingCallbacks) must do.

use avatar::{ParkedTraining, TrainingCallback};
use futures::future::join_all;
use kernel::{AccountId, AvatarId, ProviderEvent, ProviderName};

use super::DatabaseSubject;
use super::avatars_samples::{avatar, avatar_id, insert_avatar};
use super::samples::{ACCOUNT, OTHER_ACCOUNT};

database_suite! { $ avatars_callbacks as avatars_callbacks_tests:
    park_of_a_callback_with_the_provider_and_request_id_of_an_earlier_one_must_be_repeat_and_change_nothing,
    park_of_one_callback_by_many_at_once_must_be_new_once,
    parked_must_give_the_unused_callbacks_of_an_avatar_in_the_order_in_which_they_came,
    settle_must_keep_the_callback_from_being_given_again,
}

/// `park` of a callback with the provider and request id of an earlier one MUST be `Repeat` and change nothing.
pub async fn park_of_a_callback_with_the_provider_and_request_id_of_an_earlier_one_must_be_repeat_and_change_nothing(
    subject: &DatabaseSubject,
) {
    insert_avatar(subject, &avatar(ACCOUNT, 1)).await;
    let first = callback("request", 1);
    assert_eq!(park(subject, &first).await, ParkedTraining::New);
    let other_body = TrainingCallback {
        event: ProviderEvent { body: "{\"other\": true}".to_owned(), ..first.event.clone() },
        attempt: 2,
        ..first.clone()
    };
    for repeat in [&first, &other_body] {
        assert_eq!(park(subject, repeat).await, ParkedTraining::Repeat);
        assert_eq!(parked(subject, ACCOUNT, avatar_id(1)).await, std::slice::from_ref(&first));
    }
    let other_provider = TrainingCallback { provider: ProviderName::new("another"), ..first.clone() };
    assert_eq!(park(subject, &other_provider).await, ParkedTraining::New, "request ids are a provider's own");
    assert_eq!(parked(subject, ACCOUNT, avatar_id(1)).await, [first.clone(), other_provider]);

    // Within one unit of work too, which goes on.
    let second = callback("second request", 1);
    let mut unit = subject.avatar_units.begin().await.expect("begin");
    assert_eq!(unit.callbacks().park(&second).await.expect("park"), ParkedTraining::New);
    assert_eq!(unit.callbacks().park(&second).await.expect("park"), ParkedTraining::Repeat);
    unit.commit().await.expect("commit");
    assert_eq!(parked(subject, ACCOUNT, avatar_id(1)).await.len(), 3);
}

/// `park` of one callback MUST be `New` once, also when it comes ten times at once.
pub async fn park_of_one_callback_by_many_at_once_must_be_new_once(subject: &DatabaseSubject) {
    insert_avatar(subject, &avatar(ACCOUNT, 1)).await;
    let callback = callback("request", 1);
    let outcomes = join_all((0..10).map(|_| park(subject, &callback))).await;
    let new = outcomes.iter().filter(|outcome| **outcome == ParkedTraining::New).count();
    assert_eq!(new, 1, "{outcomes:?}");
    assert_eq!(parked(subject, ACCOUNT, avatar_id(1)).await, [callback]);
}

/// `parked` MUST give the unused callbacks of an avatar in the order in which they came.
pub async fn parked_must_give_the_unused_callbacks_of_an_avatar_in_the_order_in_which_they_came(
    subject: &DatabaseSubject,
) {
    for number in 1..=2 {
        insert_avatar(subject, &avatar(ACCOUNT, number)).await;
    }
    let names = ["m", "z", "a", "k"];
    for (name, attempt) in names.into_iter().zip([2, 1, 3, 1]) {
        park(subject, &callback(name, attempt)).await;
    }
    park(subject, &TrainingCallback { avatar: avatar_id(2), ..callback("another", 1) }).await;
    let listed: Vec<(String, u32)> = parked(subject, ACCOUNT, avatar_id(1))
        .await
        .into_iter()
        .map(|callback| (callback.event.request_id, callback.attempt))
        .collect();
    let expected = [("m", 2), ("z", 1), ("a", 3), ("k", 1)];
    assert_eq!(listed, expected.map(|(name, attempt)| (name.to_owned(), attempt)));
    assert_eq!(parked(subject, OTHER_ACCOUNT, avatar_id(1)).await, [], "another account");
}

/// `settle` MUST keep the callback from being given again.
pub async fn settle_must_keep_the_callback_from_being_given_again(subject: &DatabaseSubject) {
    insert_avatar(subject, &avatar(ACCOUNT, 1)).await;
    let (used, unused) = (callback("used", 1), callback("unused", 1));
    park(subject, &used).await;
    park(subject, &unused).await;
    for commits in [false, true] {
        let mut unit = subject.avatar_units.begin().await.expect("begin");
        unit.callbacks().settle(&used).await.expect("settle");
        if commits {
            unit.commit().await.expect("commit");
        } else {
            drop(unit);
            let both = [used.clone(), unused.clone()];
            assert_eq!(parked(subject, ACCOUNT, avatar_id(1)).await, both, "the unit was dropped");
        }
    }
    assert_eq!(parked(subject, ACCOUNT, avatar_id(1)).await, std::slice::from_ref(&unused));
    assert_eq!(park(subject, &used).await, ParkedTraining::Repeat, "it came before");
    assert_eq!(parked(subject, ACCOUNT, avatar_id(1)).await, [unused]);
    // One that is not there is not given either.
    let mut unit = subject.avatar_units.begin().await.expect("begin");
    unit.callbacks().settle(&callback("never came", 1)).await.expect("settle");
    unit.commit().await.expect("commit");
}

fn callback(request_id: &str, attempt: u32) -> TrainingCallback {
    TrainingCallback {
        provider: ProviderName::new("sample-provider"),
        account: ACCOUNT,
        avatar: avatar_id(1),
        attempt,
        event: ProviderEvent {
            request_id: request_id.to_owned(),
            body: format!("{{\"request_id\": \"{request_id}\", \"text\": \"'лиса' \u{1f98a}\"}}"),
        },
    }
}

async fn park(subject: &DatabaseSubject, callback: &TrainingCallback) -> ParkedTraining {
    let mut unit = subject.avatar_units.begin().await.expect("begin");
    let parked = unit.callbacks().park(callback).await.expect("park");
    unit.commit().await.expect("commit");
    parked
}

async fn parked(subject: &DatabaseSubject, account: AccountId, avatar: AvatarId) -> Vec<TrainingCallback> {
    subject.avatars.parked(account, avatar).await.expect("parked")
}
