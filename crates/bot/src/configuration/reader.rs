//! Reads settings one by one.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Display;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use figment::value::{Num, Value};
use figment::{Figment, Profile, Provider as _, Source};
use secrecy::SecretString;

use super::setting::variable;
use super::{ConfigurationError, Environment, Setting, Sources};

/// The merged sources. Remembers what was asked for, so that what nobody asks for can be refused.
pub(super) struct Reader {
    figment: Figment,
    settings: Value,
    asked: RefCell<BTreeSet<String>>,
}

impl Reader {
    pub(super) fn new(sources: &Sources) -> Result<Self, ConfigurationError> {
        let figment = sources.figment()?;
        let mut profiles = figment.data().map_err(|error| ConfigurationError::Unreadable(Box::new(error)))?;
        let settings = Value::from(profiles.remove(&Profile::Default).unwrap_or_default());
        let reader = Self { figment, settings, asked: RefCell::default() };
        reader.refuse_single_values()?;
        Ok(reader)
    }

    /// A value that has a default or must be set.
    pub(super) fn required<T>(&self, setting: &Setting) -> Result<T, ConfigurationError>
    where
        T: FromStr,
        T::Err: Display,
    {
        self.optional(setting)?.ok_or(ConfigurationError::Missing { setting: *setting })
    }

    /// A value that need not be set.
    pub(super) fn optional<T>(&self, setting: &Setting) -> Result<Option<T>, ConfigurationError>
    where
        T: FromStr,
        T::Err: Display,
    {
        let Some(value) = self.find(&setting.path()) else {
            return Ok(None);
        };
        let text = text_of(&value).ok_or_else(|| self.wrong(setting, &value, "it is no single value"))?;
        text.parse().map(Some).map_err(|error| {
            let problem = format!("{text:?}: {error}");
            self.wrong(setting, &value, problem)
        })
    }

    /// A whole number of seconds, at least one.
    pub(super) fn seconds(&self, setting: &Setting) -> Result<Duration, ConfigurationError> {
        Ok(Duration::from_secs(self.required::<std::num::NonZeroU64>(setting)?.get()))
    }

    /// A whole number of milliseconds, at least one.
    pub(super) fn milliseconds(&self, setting: &Setting) -> Result<Duration, ConfigurationError> {
        Ok(Duration::from_millis(self.required::<std::num::NonZeroU64>(setting)?.get()))
    }

    /// Several values: an array, or a text in which commas part them.
    pub(super) fn list<T>(&self, setting: &Setting) -> Result<Vec<T>, ConfigurationError>
    where
        T: FromStr,
        T::Err: Display,
    {
        let Some(value) = self.find(&setting.path()) else {
            return Ok(Vec::new());
        };
        let texts: Option<Vec<String>> = match &value {
            Value::Array(_, values) => values.iter().map(text_of).collect(),
            single => text_of(single).map(|text| {
                text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
            }),
        };
        let texts = texts.ok_or_else(|| self.wrong(setting, &value, "it is no list of single values"))?;
        texts
            .into_iter()
            .map(|text| {
                text.parse().map_err(|error| {
                    let problem = format!("{text:?}: {error}");
                    self.wrong(setting, &value, problem)
                })
            })
            .collect()
    }

    /// A secret that need not be set: its value, or the contents of the file that `…_FILE` names, without the line end.
    /// `problem` says what is wrong with a value, without repeating it.
    pub(super) fn secret(
        &self,
        setting: &Setting,
        problem: impl Fn(&str) -> Option<&'static str>,
    ) -> Result<Option<SecretString>, ConfigurationError> {
        let by_value = self.find(&setting.path());
        let by_file = self.find(&setting.file_path());
        // Whoever names a file does not mean the default.
        let by_value = by_value.filter(|value| by_file.is_none() || !self.is_default(value));
        let (value, text) = match (by_value, by_file) {
            (None, None) => return Ok(None),
            (Some(_), Some(_)) => return Err(ConfigurationError::Twice { setting: *setting }),
            (Some(value), None) => {
                let text = text_of(&value).ok_or_else(|| self.wrong(setting, &value, "it is no text"))?;
                (value, text)
            }
            (None, Some(file)) => {
                let text = self.contents(setting, &file)?;
                (file, text)
            }
        };
        match problem(&text) {
            Some(problem) => Err(self.wrong(setting, &value, problem)),
            None => Ok(Some(SecretString::from(text))),
        }
    }

    /// Refuses a value that was read and turned out not to do.
    pub(super) fn refuse(&self, setting: &Setting, problem: impl Into<String>) -> ConfigurationError {
        match self.find(&setting.path()) {
            Some(value) => self.wrong(setting, &value, problem),
            None => ConfigurationError::Missing { setting: *setting },
        }
    }

    /// Refuses everything that was set and that nobody asked for, such as a misspelt name.
    pub(super) fn refuse_unknown(&self) -> Result<(), ConfigurationError> {
        let asked = self.asked.borrow();
        for (section, values) in self.settings.as_dict().into_iter().flatten() {
            for (key, value) in values.as_dict().into_iter().flatten() {
                let path = format!("{section}.{key}");
                if !asked.contains(&path) {
                    return Err(ConfigurationError::Unknown {
                        name: variable(&path),
                        origin: self.origin(&path, value),
                        known: known(&asked, section),
                    });
                }
            }
        }
        Ok(())
    }

    fn refuse_single_values(&self) -> Result<(), ConfigurationError> {
        for (name, value) in self.settings.as_dict().into_iter().flatten() {
            if value.as_dict().is_none() {
                return Err(ConfigurationError::NoSection {
                    name: name.clone(),
                    origin: self.origin(name, value),
                });
            }
        }
        Ok(())
    }

    fn find(&self, path: &str) -> Option<Value> {
        self.asked.borrow_mut().insert(path.to_owned());
        self.settings.find_ref(path).cloned()
    }

    fn contents(&self, setting: &Setting, file: &Value) -> Result<String, ConfigurationError> {
        let path = text_of(file).ok_or_else(|| self.wrong(setting, file, "the file's name is no text"))?;
        let path = PathBuf::from(path);
        let contents = std::fs::read_to_string(&path).map_err(|cause| ConfigurationError::SecretFile {
            variable: variable(&setting.file_path()),
            origin: self.origin(&setting.file_path(), file),
            path,
            cause,
        })?;
        Ok(contents.trim_end_matches(['\r', '\n']).to_owned())
    }

    fn wrong(&self, setting: &Setting, value: &Value, problem: impl Into<String>) -> ConfigurationError {
        ConfigurationError::Wrong {
            setting: *setting,
            origin: self.origin(&setting.path(), value),
            problem: problem.into(),
        }
    }

    /// Whether nobody has set a value.
    fn is_default(&self, value: &Value) -> bool {
        self.figment.get_metadata(value.tag()).is_none_or(|metadata| {
            !matches!(metadata.source, Some(Source::File(_))) && metadata.name != Environment::NAME
        })
    }

    /// Where a value came from.
    fn origin(&self, path: &str, value: &Value) -> String {
        match self.figment.get_metadata(value.tag()) {
            Some(metadata) => match &metadata.source {
                Some(Source::File(file)) => format!("the file {}", file.display()),
                _ if metadata.name == Environment::NAME => format!("{} ({})", metadata.name, variable(path)),
                _ => "the built-in defaults".to_owned(),
            },
            None => "an unknown place".to_owned(),
        }
    }
}

/// A single value as it would be written in the environment.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(_, text) => Some(text.clone()),
        Value::Char(_, character) => Some(character.to_string()),
        Value::Bool(_, truth) => Some(truth.to_string()),
        Value::Num(_, Num::F32(number)) => Some(number.to_string()),
        Value::Num(_, Num::F64(number)) => Some(number.to_string()),
        Value::Num(_, number) => number
            .to_i128()
            .map(|number| number.to_string())
            .or_else(|| number.to_u128().map(|number| number.to_string())),
        Value::Empty(..) | Value::Dict(..) | Value::Array(..) => None,
    }
}

/// The settings of a section, or the sections when there is no such one.
fn known(asked: &BTreeSet<String>, section: &str) -> String {
    let prefix = format!("{section}.");
    let keys: Vec<&str> = asked.iter().filter_map(|path| path.strip_prefix(&prefix)).collect();
    if keys.is_empty() {
        let sections: BTreeSet<&str> =
            asked.iter().filter_map(|path| path.split_once('.')).map(|(section, _)| section).collect();
        sections.into_iter().map(|section| format!("[{section}]")).collect::<Vec<_>>().join(", ")
    } else {
        keys.join(", ")
    }
}

/// What is wrong with a secret of which nothing else is known.
pub(super) fn not_blank(text: &str) -> Option<&'static str> {
    (text.trim() != text || text.is_empty()).then_some("it is empty, or has spaces around it")
}
