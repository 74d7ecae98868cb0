//! How far the sweeper has got with what takes more than one round.

use crate::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261124_000018_sweeping",
    statements: &["CREATE TABLE sweep_marks (
            sweep text NOT NULL PRIMARY KEY,
            mark text
        )"],
};
