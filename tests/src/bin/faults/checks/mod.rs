//! What must be so when all is quiet again, and how much of everything there was.

mod deliveries;
mod money;
mod objects;
mod work;

use std::sync::Arc;

use kernel::ObjectStore;
use serde_json::Value;

use crate::rows::Rows;

/// What was counted, and what is wrong.
#[derive(Debug, Default)]
pub struct Findings {
    /// How much there is of what, in the order of the report.
    pub counts: Vec<(String, i64)>,
    /// What must not be.
    pub violations: Vec<String>,
}

impl Findings {
    /// Counts something.
    pub fn count(&mut self, what: impl Into<String>, count: i64) {
        self.counts.push((what.into(), count));
    }

    /// Counts something that there must be none of.
    pub fn none(&mut self, what: &str, count: i64) {
        self.count(what, count);
        if count != 0 {
            self.violations.push(format!("{what}: {count}"));
        }
    }

    /// Counts things that there must be none of, each with a line that says which.
    pub fn none_of(&mut self, what: &str, lines: Vec<String>) {
        self.count(what, i64::try_from(lines.len()).unwrap_or(i64::MAX));
        self.violations.extend(lines.into_iter().map(|line| format!("{what}: {line}")));
    }
}

/// What is looked at.
pub struct Scene<'scene> {
    /// The database.
    pub rows: &'scene Rows,
    /// Everything that ever reached a person, as the sandbox tells it.
    pub saw: &'scene Value,
    /// Where the objects are.
    pub objects: Arc<dyn ObjectStore>,
}

/// Looks at everything.
///
/// # Errors
/// When the database or the objects cannot be read.
pub async fn look(scene: &Scene<'_>) -> anyhow::Result<Findings> {
    let mut findings = Findings::default();
    work::look(scene, &mut findings).await?;
    money::look(scene, &mut findings).await?;
    let kept = objects::look(scene, &mut findings).await?;
    deliveries::look(scene, &kept, &mut findings).await?;
    Ok(findings)
}
