//! What may go wrong at a service.

use serde_json::{Value, json};

/// What may go wrong at a service.
#[derive(Clone)]
pub struct Fault {
    pub(crate) service: &'static str,
    pub(crate) operation: Option<&'static str>,
    pub(crate) fault: Value,
    pub(crate) times: Value,
}

impl Fault {
    /// A fault of `service` (`telegram`, `google`, `fal`, `openai`), once: its kind, and what belongs to the kind.
    pub fn once(service: &'static str, fault: Value) -> Self {
        Self { service, operation: None, fault, times: json!("once") }
    }

    /// The same fault for so many calls.
    pub fn times(self, count: u32) -> Self {
        Self { times: json!({ "count": count }), ..self }
    }

    /// The same fault until it is taken away.
    pub fn always(self) -> Self {
        Self { times: json!("always"), ..self }
    }

    /// The same fault for calls whose method and path contain this.
    pub fn of(self, operation: &'static str) -> Self {
        Self { operation: Some(operation), ..self }
    }
}
