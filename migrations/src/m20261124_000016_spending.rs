//! What is spent at providers, in millionths of a US dollar by the day (whole days since the Unix epoch, in UTC): by each
//! person on the latest day on which they spent, and by everybody on each day, with whether operators were told that the
//! cap was reached.

use crate::Change;

pub(crate) const CHANGE: Change = Change {
    name: "m20261124_000016_spending",
    statements: &[
        "CREATE TABLE spend_days (
            account_id uuid NOT NULL PRIMARY KEY,
            day bigint NOT NULL,
            micro_usd bigint NOT NULL CONSTRAINT spend_days_amount CHECK (micro_usd >= 0)
        )",
        "CREATE TABLE spend_totals (
            day bigint NOT NULL PRIMARY KEY,
            micro_usd bigint NOT NULL CONSTRAINT spend_totals_amount CHECK (micro_usd >= 0),
            told boolean NOT NULL
        )",
    ],
};
