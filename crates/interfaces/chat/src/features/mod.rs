//! What a person can do here, one module a feature.

pub(crate) mod avatars;
pub(crate) mod awaited;
pub(crate) mod balance;
pub(crate) mod cancel;
pub(crate) mod draw;
pub(crate) mod elsewhere;
pub(crate) mod gallery;
pub(crate) mod imagine;
pub(crate) mod menu;
pub(crate) mod onboarding;
pub(crate) mod photo;
pub(crate) mod privacy;
pub(crate) mod profile;
pub(crate) mod settings;
pub(crate) mod unsupported;
pub(crate) mod voice;
pub(crate) mod words;
