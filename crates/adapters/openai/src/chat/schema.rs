//! Forms of answers, in the strict kind of JSON schema: nothing but the named fields, and all of them.

use serde_json::{Map, Value, json};

/// The form of an answer.
#[derive(Debug)]
pub(crate) struct Schema {
    /// What OpenAI calls it.
    pub(crate) name: &'static str,
    fields: Vec<(&'static str, Value)>,
}

impl Schema {
    /// A form without fields.
    pub(crate) const fn new(name: &'static str) -> Self {
        Self { name, fields: Vec::new() }
    }

    /// The same form with a whole number.
    pub(crate) fn integer(self, field: &'static str, meaning: &str) -> Self {
        self.with(field, json!({"type": "integer", "description": meaning}))
    }

    /// The same form with a number from 0 to 1.
    pub(crate) fn share(self, field: &'static str, meaning: &str) -> Self {
        let description = format!("{meaning}; from 0 to 1");
        self.with(field, json!({"type": "number", "description": description}))
    }

    /// The same form with a yes or no.
    pub(crate) fn boolean(self, field: &'static str, meaning: &str) -> Self {
        self.with(field, json!({"type": "boolean", "description": meaning}))
    }

    /// The same form with a text.
    pub(crate) fn text(self, field: &'static str, meaning: &str) -> Self {
        self.with(field, json!({"type": "string", "description": meaning}))
    }

    /// The same form with one of these words.
    pub(crate) fn one_of(self, field: &'static str, words: &[&str], meaning: &str) -> Self {
        self.with(field, json!({"type": "string", "enum": words, "description": meaning}))
    }

    /// The same form with a list of whole numbers.
    pub(crate) fn integers(self, field: &'static str, meaning: &str) -> Self {
        self.with(field, json!({"type": "array", "items": {"type": "integer"}, "description": meaning}))
    }

    /// The schema itself.
    pub(crate) fn to_json(&self) -> Value {
        let names: Vec<&str> = self.fields.iter().map(|(name, _)| *name).collect();
        let properties: Map<String, Value> =
            self.fields.iter().map(|(name, field)| ((*name).to_owned(), field.clone())).collect();
        json!({"type": "object", "properties": properties, "required": names, "additionalProperties": false})
    }

    fn with(mut self, field: &'static str, form: Value) -> Self {
        self.fields.push((field, form));
        self
    }
}
