//! The environment as a source of settings. Values stay the text that they are: a token of digits is no number.

use std::collections::BTreeMap;

use figment::value::{Dict, Map, Value};
use figment::{Error, Metadata, Profile, Provider};

use super::setting::{PREFIX, SEPARATOR};

/// The variables that set something.
#[derive(Debug, Clone, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// The name under which figment knows this source.
    pub(super) const NAME: &'static str = "the environment";

    /// Of these variables those named `AISHA_SECTION__KEY`. An empty one counts as not set, because that is how
    /// container tools pass on what is missing.
    pub fn of(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(
            variables
                .into_iter()
                .filter(|(name, value)| {
                    !value.is_empty()
                        && name.strip_prefix(PREFIX).is_some_and(|rest| rest.contains(SEPARATOR))
                })
                .collect(),
        )
    }

    /// The variables of this process. One that is not Unicode is left out.
    pub fn of_this_process() -> Self {
        Self::of(
            std::env::vars_os()
                .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))),
        )
    }
}

impl Provider for Environment {
    fn metadata(&self) -> Metadata {
        Metadata::named(Self::NAME)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        let mut sections = BTreeMap::<String, Dict>::new();
        for (name, value) in &self.0 {
            let parts = name.strip_prefix(PREFIX).and_then(|rest| rest.split_once(SEPARATOR));
            if let Some((section, key)) = parts {
                sections
                    .entry(section.to_lowercase())
                    .or_default()
                    .insert(key.to_lowercase(), Value::from(value.as_str()));
            }
        }
        let settings = sections.into_iter().map(|(section, keys)| (section, Value::from(keys))).collect();
        Ok(Map::from([(Profile::Default, settings)]))
    }
}
