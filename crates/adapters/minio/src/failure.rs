//! What an answer that is no success means.

use kernel::{BoxError, ObjectStoreError};
use s3::error::S3Error;
use thiserror::Error;

/// How long a code of an error may be. Longer ones are no codes.
const LONGEST_CODE: usize = 64;

/// Why a call did not succeed.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    /// There is no such object, upload or rule.
    #[error("there is no such thing: {code}")]
    Missing {
        /// The server's code, such as `NoSuchKey`; empty when it said none.
        code: String,
    },
    /// There is no such bucket.
    #[error("there is no such bucket")]
    NoBucket,
    /// The server does not know how to do this.
    #[error("the server cannot do this: {0}")]
    Unknown(String),
    /// The server refuses.
    #[error("{0}")]
    Refused(String),
    /// It may work when it is tried again at once.
    #[error("the server cannot do it now")]
    Passing(#[source] BoxError),
    /// The time is over. Another try would take as long.
    #[error("the server took too long")]
    TimedOut(#[source] BoxError),
}

impl Failure {
    /// Whether trying again at once may help.
    pub(crate) const fn is_passing(&self) -> bool {
        matches!(self, Self::Passing(_))
    }

    /// Whether the call may have had its effect all the same.
    pub(crate) const fn is_ambiguous(&self) -> bool {
        matches!(self, Self::Passing(_) | Self::TimedOut(_))
    }
}

impl From<S3Error> for Failure {
    fn from(error: S3Error) -> Self {
        match error {
            S3Error::HttpFailWithBody(status, body) => of_answer(status, &body),
            S3Error::Reqwest(error) if error.is_timeout() => Self::TimedOut(Box::new(error)),
            // Everything else is a connection that came to nothing, or an answer that cannot be understood.
            error => Self::Passing(Box::new(error)),
        }
    }
}

impl From<Failure> for ObjectStoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Passing(cause) | Failure::TimedOut(cause) => Self::Unavailable(cause),
            failure @ (Failure::Missing { .. }
            | Failure::NoBucket
            | Failure::Unknown(_)
            | Failure::Refused(_)) => Self::Misconfigured { detail: failure.to_string() },
        }
    }
}

/// "Error Responses" of the Amazon S3 API reference, and what MinIO, SeaweedFS and servers in between answer beside them.
fn of_answer(status: u16, body: &str) -> Failure {
    let code = code(body).unwrap_or_default();
    match (status, code) {
        (_, "NoSuchBucket") => Failure::NoBucket,
        (507, _)
        | (
            _,
            "InsufficientStorage" | "XMinioStorageFull" | "QuotaExceeded" | "XMinioAdminBucketQuotaExceeded",
        ) => refused(status, code, "there is no room left"),
        (404, _) => Failure::Missing { code: code.to_owned() },
        (_, "NotImplemented") | (405 | 501, _) => Failure::Unknown(spoken(status, code)),
        (_, "InvalidAccessKeyId") => refused(status, code, "access_key is unknown there"),
        (_, "SignatureDoesNotMatch") => refused(
            status,
            code,
            "secret_key does not belong to access_key, or something in between changes the Host header",
        ),
        (_, "RequestTimeTooSkewed") => refused(status, code, "the clock of this machine is off"),
        (_, "AccessDenied") => refused(status, code, "access_key may not do this in the bucket"),
        (301 | 307, _)
        | (
            _,
            "PermanentRedirect"
            | "AuthorizationHeaderMalformed"
            | "IllegalLocationConstraintException"
            | "InvalidLocationConstraint",
        ) => refused(status, code, "the bucket is in another region: correct region and endpoint"),
        (413, _) => refused(
            status,
            code,
            "something in front takes no large bodies (for nginx, client_max_body_size)",
        ),
        // A slow or busy server, a conflict with another request, and an error inside an answer that began as a success.
        (200..=299 | 408 | 409 | 425 | 429 | 500.., _)
        | (_, "RequestTimeout" | "SlowDown" | "OperationAborted") => {
            Failure::Passing(spoken(status, code).into())
        }
        _ => refused(status, code, "see what the server logged"),
    }
}

fn refused(status: u16, code: &str, advice: &str) -> Failure {
    Failure::Refused(format!("{} ({advice})", spoken(status, code)))
}

fn spoken(status: u16, code: &str) -> String {
    if code.is_empty() { format!("HTTP {status}") } else { format!("HTTP {status} {code}") }
}

/// The code in an error document. Free text beside it may repeat what was signed, and stays out.
fn code(body: &str) -> Option<&str> {
    let (_, rest) = body.split_once("<Code>")?;
    let (code, _) = rest.split_once("</Code>")?;
    (code.len() <= LONGEST_CODE && code.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(code)
}

#[cfg(test)]
mod tests {
    use kernel::FailureClass;

    use super::*;

    fn answer(status: u16, code: &str) -> Failure {
        let body = format!(
            "<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>AKIA and more</Message></Error>"
        );
        S3Error::HttpFailWithBody(status, body).into()
    }

    #[test]
    fn what_passes_is_tried_again_and_what_does_not_is_for_the_operator() {
        for (status, code) in [
            (500, "InternalError"),
            (503, "SlowDown"),
            (409, "OperationAborted"),
            (429, ""),
            (200, "InternalError"),
        ] {
            let failure = answer(status, code);
            assert!(failure.is_passing(), "{failure:?}");
            assert_eq!(ObjectStoreError::from(failure).class(), FailureClass::Unavailable);
        }
        for (status, code, told) in [
            (403, "InvalidAccessKeyId", "access_key"),
            (403, "SignatureDoesNotMatch", "secret_key"),
            (403, "AccessDenied", "may not do this"),
            (403, "RequestTimeTooSkewed", "clock"),
            (404, "NoSuchBucket", "bucket"),
            (301, "PermanentRedirect", "region"),
            (400, "AuthorizationHeaderMalformed", "region"),
            (507, "", "no room"),
            (507, "XMinioStorageFull", "no room"),
            (413, "", "client_max_body_size"),
            (400, "InvalidRequest", "HTTP 400 InvalidRequest"),
            (501, "NotImplemented", "cannot do this"),
        ] {
            let failure = answer(status, code);
            assert!(!failure.is_passing(), "{failure:?}");
            let error = ObjectStoreError::from(failure);
            assert_eq!(error.class(), FailureClass::Misconfigured);
            assert!(error.to_string().contains(told), "{error}");
            assert!(!error.to_string().contains("AKIA"), "{error}");
        }
    }

    #[test]
    fn what_is_not_there_is_told_from_a_bucket_that_is_not_there() {
        assert!(matches!(answer(404, "NoSuchKey"), Failure::Missing { .. }));
        // The answer to HEAD has no body.
        let bare = Failure::from(S3Error::HttpFailWithBody(404, String::new()));
        assert!(matches!(bare, Failure::Missing { code } if code.is_empty()));
        assert!(matches!(answer(404, "NoSuchBucket"), Failure::NoBucket));
    }

    #[test]
    fn only_a_word_is_a_code() {
        assert_eq!(code("<Code>SlowDown</Code>"), Some("SlowDown"));
        for none in ["", "<html>busy</html>", "<Code>two words</Code>", "<Code>"] {
            assert_eq!(code(none), None, "{none}");
        }
    }
}
