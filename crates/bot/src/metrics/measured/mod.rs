//! Ports that are watched: each passes every call on, and records what came of it. The domain and the adapters know
//! nothing of it.

mod generator;
mod helpers;
mod jobs;
mod objects;
mod provider_calls;
mod queue;
mod telegram;
mod trainer;
mod units;

pub(crate) use generator::MeasuredGenerator;
pub(crate) use helpers::{MeasuredAnalyst, MeasuredAssistant, MeasuredModerator, MeasuredTranscriber};
pub(crate) use jobs::MeasuredJobs;
pub(crate) use objects::MeasuredObjects;
pub(crate) use queue::MeasuredQueue;
pub(crate) use telegram::MeasuredTelegram;
pub(crate) use trainer::MeasuredTrainer;
pub(crate) use units::{MeasuredUnits, UnitBook};

/// How a call ended, where more is not told apart.
const fn outcome<T, E>(result: &Result<T, E>) -> &'static str {
    match result {
        Ok(_) => "ok",
        Err(_) => "failed",
    }
}

/// The label of a class of failure.
pub(crate) const fn class_label(class: kernel::FailureClass) -> &'static str {
    use kernel::FailureClass;

    match class {
        FailureClass::Invalid => "invalid",
        FailureClass::Refused => "refused",
        FailureClass::NotFound => "not-found",
        FailureClass::Conflict => "conflict",
        FailureClass::Limited { .. } => "limited",
        FailureClass::Unavailable => "unavailable",
        FailureClass::Misconfigured => "misconfigured",
        FailureClass::Bug => "bug",
    }
}
