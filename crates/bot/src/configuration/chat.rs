//! `[chat]`

use std::path::PathBuf;
use std::str::FromStr;

use chat::{ActionLimits, ChatSettings};
use kernel::Credits;

use super::reader::Reader;
use super::{ConfigurationError, Setting, limits};

const WELCOME_CREDITS: Setting =
    Setting::new("chat", "welcome_credits", "a whole number of credits, zero or more, such as 40");
const ACTION_LIMITS: Setting = Setting::new("chat", "action_limits", "usual or none");

const STYLES_DIRECTORY: Setting =
    Setting::new("chat", "styles_directory", "a directory with packs of styles (*.yaml)");

/// Conversations.
#[derive(Debug, Clone)]
pub struct ChatSection {
    /// What is set.
    pub settings: ChatSettings,
    /// Where further packs of styles lie.
    pub styles_directory: Option<PathBuf>,
}

impl ChatSection {
    pub(super) fn read(reader: &Reader) -> Result<Self, ConfigurationError> {
        let welcome_credits = Credits::new(reader.required(&WELCOME_CREDITS)?)
            .map_err(|error| reader.refuse(&WELCOME_CREDITS, error.to_string()))?;
        let table = limits::read(reader)?;
        let limits = match reader.required(&ACTION_LIMITS)? {
            Limits::Usual => table,
            Limits::None => ActionLimits::NONE,
        };
        Ok(Self {
            settings: ChatSettings { welcome_credits, limits },
            styles_directory: reader.optional(&STYLES_DIRECTORY)?,
        })
    }
}

enum Limits {
    Usual,
    None,
}

impl FromStr for Limits {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "usual" => Ok(Self::Usual),
            "none" => Ok(Self::None),
            _ => Err("no such limits"),
        }
    }
}
