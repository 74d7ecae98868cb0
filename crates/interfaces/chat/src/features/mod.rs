//! What a person can do here, one module a feature.

pub(crate) mod balance;
pub(crate) mod cancel;
pub(crate) mod elsewhere;
pub(crate) mod gallery;
pub(crate) mod imagine;
pub(crate) mod menu;
pub(crate) mod onboarding;
pub(crate) mod settings;
pub(crate) mod unsupported;
