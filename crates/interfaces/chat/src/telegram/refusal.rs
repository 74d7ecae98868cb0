//! What Telegram's refusals mean.
//!
//! The Bot API tells causes apart by its descriptions alone, so that they are matched here, and nowhere else.

use kernel::{FailureClass, ProviderError};
use teloxide_core::{ApiError, RequestError};

use super::TelegramError;

/// What an edit failed with, unless it would have changed nothing: then it succeeded.
pub(super) fn unless_unmodified<T>(result: Result<T, RequestError>) -> Result<Option<T>, TelegramError> {
    match result {
        Ok(answer) => Ok(Some(answer)),
        Err(RequestError::Api(ApiError::MessageNotModified)) => Ok(None),
        Err(error) => Err(meaning(&error)),
    }
}

/// What a failed call means.
pub(super) fn meaning(error: &RequestError) -> TelegramError {
    match error {
        RequestError::Api(error) => refusal(error),
        RequestError::MigrateToChatId(_) => TelegramError::Unreachable,
        RequestError::RetryAfter(wait) => ProviderError::new(
            FailureClass::Limited { retry_after: Some(wait.duration()) },
            "limited",
            "too many requests",
        )
        .into(),
        RequestError::Network(cause) => {
            let (code, detail) = if cause.is_connect() {
                ("not-reached", "telegram could not be reached")
            } else if cause.is_timeout() {
                ("timeout", "telegram did not answer in time")
            } else {
                ("connection-lost", "the connection to telegram was lost")
            };
            let failure = ProviderError::new(FailureClass::Unavailable, code, detail);
            // teloxide has taken the token out of it.
            let failure = failure.caused_by(RequestError::Network(cause.clone()));
            if cause.is_connect() { failure.into() } else { failure.with_unknown_outcome().into() }
        }
        RequestError::InvalidJson { source, .. } => ProviderError::new(
            FailureClass::Unavailable,
            "unreadable-answer",
            "telegram's answer cannot be read",
        )
        .with_unknown_outcome()
        .caused_by(source.to_string())
        .into(),
        RequestError::Io(_) => {
            ProviderError::new(FailureClass::Bug, "file", "a file to be sent cannot be read").into()
        }
    }
}

fn refusal(error: &ApiError) -> TelegramError {
    match error {
        ApiError::BotBlocked
        | ApiError::UserDeactivated
        | ApiError::ChatNotFound
        | ApiError::UserNotFound
        | ApiError::GroupDeactivated
        | ApiError::BotKicked
        | ApiError::BotKickedFromSupergroup
        | ApiError::BotKickedFromChannel
        | ApiError::CantInitiateConversation
        | ApiError::CantTalkWithBots => TelegramError::Unreachable,
        ApiError::MessageToEditNotFound
        | ApiError::MessageCantBeEdited
        | ApiError::MessageToDeleteNotFound
        | ApiError::MessageCantBeDeleted
        | ApiError::MessageIdInvalid
        | ApiError::MessageIdentifierNotSpecified => TelegramError::MessageGone,
        ApiError::InvalidQueryId => TelegramError::PressExpired,
        ApiError::WrongFileId | ApiError::WrongFileIdOrUrl | ApiError::FileIdInvalid => {
            TelegramError::UnknownFile
        }
        ApiError::ImageProcessFailed
        | ApiError::PhotoAsInputFileRequired
        | ApiError::RequestEntityTooLarge => TelegramError::UnusablePhoto,
        ApiError::TerminatedByOtherGetUpdates => TelegramError::OtherPoller,
        ApiError::CantGetUpdates => TelegramError::WebhookActive,
        ApiError::InvalidToken => ProviderError::new(
            FailureClass::Misconfigured,
            "unauthorized",
            "telegram does not accept the token",
        )
        .into(),
        ApiError::MessageIsTooLong
        | ApiError::EditedMessageIsTooLong
        | ApiError::MessageTextIsEmpty
        | ApiError::CantParseEntities(_)
        | ApiError::ButtonDataInvalid
        | ApiError::ButtonUrlInvalid => {
            ProviderError::new(FailureClass::Bug, "unsendable", "telegram cannot read what we sent").into()
        }
        ApiError::Unknown(description) => unknown_refusal(description),
        other => ProviderError::new(FailureClass::Invalid, "refused", other.to_string()).into(),
    }
}

/// Descriptions that teloxide has no name for.
fn unknown_refusal(description: &str) -> TelegramError {
    let says = |words: &str| description.contains(words);
    if description.starts_with("Forbidden:") || says("PEER_ID_INVALID") {
        TelegramError::Unreachable
    } else if says("there is no text in the message")
        || says("there is no caption in the message")
        || says("message can't be")
    {
        TelegramError::MessageGone
    } else if says("query is too old") {
        TelegramError::PressExpired
    } else if says("file is too big") {
        TelegramError::FileTooLarge
    } else if says("wrong remote file") || says("wrong file") || says("FILE_REFERENCE") {
        TelegramError::UnknownFile
    } else if says("PHOTO_") || says("IMAGE_PROCESS_FAILED") || says("too big for a photo") {
        TelegramError::UnusablePhoto
    } else if says("other getUpdates") || says("terminated by setWebhook") {
        TelegramError::OtherPoller
    } else if says("webhook is active") {
        TelegramError::WebhookActive
    } else if description.starts_with("Too Many Requests") {
        ProviderError::new(FailureClass::Limited { retry_after: None }, "limited", "too many requests").into()
    } else if description.starts_with("Bad Request") {
        ProviderError::new(FailureClass::Invalid, "bad-request", description).into()
    } else {
        // A server error: what came of the call is not known.
        ProviderError::new(FailureClass::Unavailable, "server-error", description)
            .with_unknown_outcome()
            .into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::CallOutcome;
    use std::time::Duration;
    use teloxide_core::types::Seconds;

    fn said(description: &str) -> TelegramError {
        let json = serde_json::to_string(description).unwrap();
        meaning(&RequestError::Api(serde_json::from_str(&json).unwrap()))
    }

    #[test]
    fn people_who_are_gone_are_unreachable() {
        for description in [
            "Forbidden: bot was blocked by the user",
            "Forbidden: user is deactivated",
            "Forbidden: bot was kicked from the group chat",
            "Bad Request: chat not found",
        ] {
            assert!(matches!(said(description), TelegramError::Unreachable), "{description}");
        }
    }

    #[test]
    fn messages_that_cannot_be_edited_are_gone() {
        for description in [
            "Bad Request: message to edit not found",
            "Bad Request: message can't be edited",
            "Bad Request: message to delete not found",
            "Bad Request: message can't be deleted for everyone",
            "Bad Request: there is no text in the message to edit",
        ] {
            assert!(matches!(said(description), TelegramError::MessageGone), "{description}");
        }
    }

    #[test]
    fn an_unmodified_message_is_a_success() {
        let unmodified = Err::<(), _>(RequestError::Api(ApiError::MessageNotModified));
        assert!(matches!(unless_unmodified(unmodified), Ok(None)));
        assert!(matches!(unless_unmodified(Ok(())), Ok(Some(()))));
    }

    #[test]
    fn files_and_photos_have_their_own_answers() {
        assert!(matches!(
            said("Bad Request: wrong file identifier/HTTP URL specified"),
            TelegramError::UnknownFile
        ));
        assert!(matches!(said("Bad Request: IMAGE_PROCESS_FAILED"), TelegramError::UnusablePhoto));
        assert!(matches!(said("Bad Request: PHOTO_INVALID_DIMENSIONS"), TelegramError::UnusablePhoto));
        assert!(matches!(said("Request Entity Too Large"), TelegramError::UnusablePhoto));
    }

    #[test]
    fn what_is_too_large_for_bots_is_told_apart() {
        assert!(matches!(said("Bad Request: file is too big"), TelegramError::FileTooLarge));
        assert!(matches!(
            said("Bad Request: wrong file_id or the file is temporarily unavailable"),
            TelegramError::UnknownFile
        ));
    }

    #[test]
    fn too_many_requests_have_no_effect_and_say_how_long_to_wait() {
        let error = meaning(&RequestError::RetryAfter(Seconds::from_seconds(17)));
        let retry_after = Some(Duration::from_secs(17));
        assert_eq!(error.class(), FailureClass::Limited { retry_after });
        assert_eq!(error.outcome(), CallOutcome::NotDone);
    }

    #[test]
    fn of_a_server_error_nothing_is_known() {
        for error in [said("Internal Server Error"), said("Bad Gateway")] {
            assert_eq!(error.class(), FailureClass::Unavailable);
            assert_eq!(error.outcome(), CallOutcome::Unknown);
        }
        let source = serde_json::from_str::<u8>("<html>").unwrap_err();
        let garbage = RequestError::InvalidJson { source: source.into(), raw: "<html>".into() };
        assert_eq!(meaning(&garbage).outcome(), CallOutcome::Unknown);
    }

    #[test]
    fn a_refused_token_is_for_operators() {
        assert_eq!(said("Unauthorized").class(), FailureClass::Misconfigured);
        assert!(matches!(
            said(
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            ),
            TelegramError::WebhookActive
        ));
        assert!(matches!(
            said(
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
            ),
            TelegramError::OtherPoller
        ));
    }
}
