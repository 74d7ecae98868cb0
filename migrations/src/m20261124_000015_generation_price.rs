//! What was agreed to be paid for a generation as a whole: nothing for the free previews of an avatar.
//!
//! The release before does not know the column, so that rows which it writes while this one migrates have none; they are
//! judged by their hold. For those that are there already the hold says it: it was opened over the price, and what is free
//! has none.

use crate::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261124_000015_generation_price",
    statements: &[
        "ALTER TABLE generations ADD COLUMN price bigint CONSTRAINT generations_price CHECK (price >= 0)",
        "UPDATE generations SET price = coalesce((
            SELECT holds.bonus + holds.paid FROM holds
            WHERE holds.account_id = generations.account_id AND holds.id = generations.hold_id
        ), 0)",
    ],
};
