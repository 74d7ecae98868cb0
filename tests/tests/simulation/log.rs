//! The program's own log: what it says of what happens to it is counted, and written into the trace when a seed is
//! looked at closely.

use std::fmt::{self, Write as _};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use crate::coverage::Coverage;
use crate::trace::Trace;

/// How closely a seed is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scrutiny {
    /// What the program says is counted.
    Counted,
    /// It stands in the trace, too.
    Read,
}

/// Hears what the program says on this thread.
pub struct Log {
    scrutiny: Scrutiny,
    trace: Trace,
    coverage: Coverage,
}

impl Log {
    /// A log of a simulation.
    pub fn new(scrutiny: Scrutiny, trace: Trace, coverage: Coverage) -> Self {
        Self { scrutiny, trace, coverage }
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && *metadata.level() <= Level::INFO
    }

    fn new_span(&self, _attributes: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _span: &Id, _values: &Record<'_>) {}

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut words = Words { scrutiny: self.scrutiny, message: String::new(), fields: String::new() };
        event.record(&mut words);
        self.coverage.saw(&format!("log: {}", words.message));
        if self.scrutiny == Scrutiny::Read {
            self.trace.note(format!("  {} {}{}", event.metadata().level(), words.message, words.fields));
        }
    }

    fn enter(&self, _span: &Id) {}

    fn exit(&self, _span: &Id) {}
}

/// The words of an event.
struct Words {
    scrutiny: Scrutiny,
    message: String,
    fields: String,
}

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.message = format!("{value:?}");
        } else if self.scrutiny == Scrutiny::Read {
            // Writing to a string cannot fail.
            let _written = write!(self.fields, " {}={value:?}", field.name());
        }
    }
}
