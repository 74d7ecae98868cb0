//! What operators are told.

use std::sync::Arc;

use chat::{TelegramError, TelegramOperators};
use kernel::{
    ChatId, FailureReference, OperatorChannel as _, OperatorNotice, Pausable, PauseCause, Timestamp,
};

use crate::studio::Studio;

fn operators(studio: &Studio, chats: &[i64]) -> TelegramOperators {
    let chats = chats.iter().map(|chat| ChatId::new(*chat)).collect();
    TelegramOperators::new(Arc::new(studio.telegram.clone()), studio.accounts.clone(), chats)
}

#[tokio::test]
async fn every_operator_is_told_in_their_language() {
    let studio = Studio::new();
    studio.boris().comes_in().await;
    let cause = PauseCause { code: "API_KEY_INVALID".to_owned(), detail: "the key <is> refused".to_owned() };
    let notice = OperatorNotice::Paused { subject: Pausable::Provider("google".to_owned()), cause };
    operators(&studio, &[42, 43]).tell(&notice).await.unwrap();
    let english = studio.ann().sees().words;
    assert!(english.contains("Paused: provider:google\nAPI_KEY_INVALID: the key <is> refused"), "{english}");
    assert!(studio.boris().sees().words.contains("Приостановлено: provider:google"));
}

#[tokio::test]
async fn every_notice_has_words() {
    let studio = Studio::new();
    let operators = operators(&studio, &[42]);
    for (notice, words) in [
        (
            OperatorNotice::Resumed { subject: Pausable::Model("gemini".to_owned()) },
            "Works again: model:gemini",
        ),
        (
            OperatorNotice::NewFailure {
                fingerprint: "chat.panic".to_owned(),
                reference: FailureReference::from_stored("K7QM-2F9X"),
            },
            "The person was told K7QM-2F9X.",
        ),
        (
            OperatorNotice::ShutdownAhead {
                model: "imagen-4".to_owned(),
                at: Timestamp::from_seconds(1_795_478_700),
            },
            "imagen-4 will be shut down on 24 November 2026",
        ),
    ] {
        operators.tell(&notice).await.unwrap();
        assert!(studio.ann().sees().words.contains(words), "{}", studio.ann().sees().words);
    }
}

#[tokio::test]
async fn one_who_cannot_be_reached_keeps_nobody_from_hearing() {
    let studio = Studio::new();
    studio.telegram.fail_next("send_message", TelegramError::Unreachable);
    let notice = OperatorNotice::Resumed { subject: Pausable::Model("gemini".to_owned()) };
    let error = operators(&studio, &[42, 43]).tell(&notice).await.unwrap_err();
    assert_eq!(error.code, "operator-unreachable");
    assert_eq!(studio.boris().sees_all().len(), 1);
    assert!(operators(&studio, &[]).tell(&notice).await.is_ok(), "nobody is configured");
}
