//! Taking requests.

use generation::{Intent, Likeness, RequestError, RequestOutcome, StateName};
use kernel::{Credits, FailureClass, OperatorNotice, Pausable, PauseCause, Pauses as _, ProviderError};
use testkit::fakes::{FakeGenerator, Style};

use crate::workshop::{Workshop, both, generators};

async fn workshop() -> Workshop {
    Workshop::open(both()).await
}

#[tokio::test]
async fn a_request_holds_its_full_price() {
    let workshop = workshop().await;
    let RequestOutcome::Started(generation) = workshop.ask("a fox", 3).await.unwrap() else {
        panic!("repeated")
    };
    assert_eq!(generation.state.name(), StateName::Held);
    assert_eq!(workshop.credits().await, (25, 15));
    assert_eq!(workshop.service.under_way(workshop.account).await.unwrap(), [generation.id]);
    workshop.audit().await;
}

#[tokio::test]
async fn the_same_wish_is_taken_once() {
    let workshop = workshop().await;
    let first = workshop.begin("a fox", 3).await;
    let RequestOutcome::Repeated(again) = workshop.ask("another fox", 1).await.unwrap() else {
        panic!("taken twice")
    };
    assert_eq!(again.id, first);
    assert_eq!(workshop.credits().await, (25, 15));
    let answer = workshop.service.answer_to(workshop.account, &Intent::button(1)).await.unwrap();
    assert_eq!(answer.map(|generation| generation.id), Some(first));
}

#[tokio::test]
async fn another_price_than_was_shown_is_refused() {
    let workshop = workshop().await;
    let mut request = workshop.request("a fox", 1);
    request.agreed_unit_price = Credits::of(4);
    let refused = workshop.service.request(&request).await.unwrap_err();
    assert!(matches!(refused, RequestError::PriceChanged(price) if price == Credits::of(5)));
    assert_eq!(workshop.credits().await, (40, 0));
}

#[tokio::test]
async fn a_person_has_only_so_much_under_way() {
    let workshop = workshop().await;
    for nonce in 10..13 {
        let mut request = workshop.request("a fox", 1);
        request.intent = Intent::button(nonce);
        workshop.service.request(&request).await.unwrap();
    }
    let refused = workshop.ask("a fox", 1).await.unwrap_err();
    assert!(matches!(refused, RequestError::TooManyUnderWay(3)));
}

#[tokio::test]
async fn a_quote_is_what_will_be_held() {
    let workshop = workshop().await;
    let quote = workshop
        .service
        .quote(workshop.account, Likeness::Nobody, kernel::ImageCount::new(4).unwrap())
        .await
        .unwrap();
    assert_eq!((quote.unit_price, quote.total), (Credits::of(5), Credits::of(20)));
    assert_eq!(quote.model, "The model banana");
}

#[tokio::test]
async fn with_everything_paused_nothing_is_offered_until_a_probe_lifts_it() {
    let workshop = workshop().await;
    let cause = PauseCause { code: "API_KEY_INVALID".to_owned(), detail: "the key is refused".to_owned() };
    for subject in [Pausable::Provider("google".to_owned()), Pausable::Model("flux".to_owned())] {
        workshop.database.pause(&subject, &cause).await.unwrap();
    }
    let refused = workshop.ask("a fox", 1).await.unwrap_err();
    assert!(matches!(refused, RequestError::NoModel));
    assert_eq!(workshop.service.probe_paused().await.unwrap(), 2);
    assert_eq!(workshop.operators.notices().len(), 2);
    assert!(matches!(&workshop.operators.notices()[0], OperatorNotice::Resumed { .. }));
    workshop.ask("a fox", 1).await.unwrap();
}

#[tokio::test]
async fn a_bad_key_pauses_its_provider_and_a_retired_model_itself() {
    let google = FakeGenerator::new(Style::Inline);
    google.fail_next(ProviderError::new(FailureClass::Misconfigured, "retired", "this model is gone"));
    let fal = FakeGenerator::new(Style::Queued { polls: 0 });
    fal.fail_next(ProviderError::new(FailureClass::Misconfigured, "bad-key", "the key is refused"));
    let workshop = Workshop::open(generators(google, fal)).await;
    let id = workshop.begin("a fox", 1).await;
    let ended = workshop.work(id).await;
    assert_eq!(ended.state.name(), StateName::Failed);
    let paused: Vec<Pausable> =
        workshop.database.active().await.unwrap().into_iter().map(|pause| pause.subject).collect();
    assert_eq!(paused, [Pausable::Provider("fal".to_owned()), Pausable::Model("banana".to_owned())]);
    assert_eq!(workshop.operators.notices().len(), 2);
    assert_eq!(workshop.credits().await, (40, 0));
    workshop.audit().await;
}

#[tokio::test]
async fn nobody_sees_anothers_generation() {
    let workshop = workshop().await;
    let id = workshop.begin("a fox", 1).await;
    assert_eq!(workshop.service.find(Workshop::nobody(), id).await.unwrap(), None);
}
