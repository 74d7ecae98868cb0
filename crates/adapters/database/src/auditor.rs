//! The invariants as questions to the database: one query each, valid on both databases, none of which changes anything.

use async_trait::async_trait;
use generation::StateName;
use kernel::{AccountId, AuditReport, Auditor, Invariant, JobKind, StoreError, Violation};
use uuid::Uuid;

use crate::Database;
use crate::avatars_audit::{one_main_avatar, ready_has_weights, training_is_held, training_is_settled};
use crate::jobs::max_attempts;
use crate::row::Row;
use crate::statement::{fetch_all, values};

/// The most violations that are reported of one invariant.
const MOST_VIOLATIONS: u8 = 100;

/// How one invariant is checked.
pub(crate) struct Check {
    /// A query whose rows are violations: `account_id`, the row's id as `subject` (or null), and numbers as `first`,
    /// `second`, ….
    pub(crate) query: String,
    /// What `subject` is the id of.
    pub(crate) subject: &'static str,
    /// What the numbers are.
    pub(crate) numbers: &'static [&'static str],
}

/// The columns in which a query gives its numbers.
const NUMBER_COLUMNS: [&str; 3] = ["first", "second", "third"];

#[async_trait]
impl Auditor for Database {
    async fn audit(&self) -> Result<AuditReport, StoreError> {
        let mut violations = Vec::new();
        for invariant in Invariant::ALL {
            let check = check(invariant);
            let query = format!(
                "SELECT * FROM ({}) AS violations ORDER BY account_id, subject LIMIT {MOST_VIOLATIONS}",
                check.query
            );
            for row in fetch_all(self.reader(), "audit", &query, values![]).await? {
                violations.push(Violation {
                    invariant,
                    account: row.id("account_id", AccountId::new)?,
                    detail: describe(&check, &row)?,
                });
            }
        }
        Ok(AuditReport { violations })
    }
}

fn describe(check: &Check, row: &Row) -> Result<String, StoreError> {
    let mut parts = Vec::new();
    if let Some(subject) = row.get::<Option<Uuid>>("subject")? {
        parts.push(format!("{} {subject}", check.subject));
    }
    for (name, column) in check.numbers.iter().zip(NUMBER_COLUMNS) {
        parts.push(format!("{name} {}", row.get::<i64>(column)?));
    }
    Ok(parts.join(", "))
}

fn check(invariant: Invariant) -> Check {
    match invariant {
        Invariant::BalanceEqualsEntries => balance_equals_entries(),
        Invariant::BalanceNotNegative => balance_not_negative(),
        Invariant::HeldEqualsOpenHolds => held_equals_open_holds(),
        Invariant::HoldEndedOnce => hold_ended_once(),
        Invariant::FailedCostsNothing => failed_costs_nothing(),
        Invariant::StoredIsPaid => stored_is_paid(),
        Invariant::CaptureEqualsPrices => capture_equals_prices(),
        Invariant::UnderWayIsHeld => under_way_is_held(),
        Invariant::UnfinishedHasJob => unfinished_has_job(),
        Invariant::NothingOverdue => nothing_overdue(),
        Invariant::ExhaustedIsBuried => exhausted_is_buried(),
        Invariant::BuriedHasReason => buried_has_reason(),
        Invariant::OneGenerationPerIntent => one_generation_per_intent(),
        Invariant::OneItemPerSlot => one_item_per_slot(),
        Invariant::WelcomeOnce => welcome_once(),
        Invariant::TrainingIsHeld => training_is_held(),
        Invariant::TrainingIsSettled => training_is_settled(),
        Invariant::ReadyHasWeights => ready_has_weights(),
        Invariant::OneMainAvatar => one_main_avatar(),
    }
}

/// What is free holds nothing, so that nothing of it is captured or released. A row without a price was written by the
/// release before: it costs what it holds.
const COSTS_SOMETHING: &str = "coalesce(price, (
        SELECT holds.bonus + holds.paid FROM holds
        WHERE holds.account_id = generations.account_id AND holds.id = generations.hold_id
    ), 0) > 0";
/// The images of a person who is being erased are gone before the generations that made them.
const NOT_ERASED: &str =
    "NOT EXISTS (SELECT 1 FROM erasures WHERE erasures.account_id = generations.account_id)";

/// Names of states, as a list in a query.
fn states(wanted: impl Fn(StateName) -> bool) -> String {
    let names: Vec<_> =
        StateName::ALL.into_iter().filter(|state| wanted(*state)).map(|state| format!("'{state}'")).collect();
    names.join(", ")
}

fn balance_equals_entries() -> Check {
    Check {
        query: "
            SELECT account_id, CAST(NULL AS uuid) AS subject,
                CAST(sum(bonus) + sum(paid) AS bigint) AS first,
                CAST(sum(held_bonus) + sum(held_paid) AS bigint) AS second,
                CAST(sum(version) AS bigint) AS third
            FROM (
                SELECT account_id, bonus, paid, held_bonus, held_paid, version FROM balances
                UNION ALL
                SELECT account_id, -bonus_delta, -paid_delta, -held_bonus_delta, -held_paid_delta, -1
                FROM ledger_entries
            ) AS differences
            GROUP BY account_id
            HAVING sum(bonus) <> 0 OR sum(paid) <> 0 OR sum(held_bonus) <> 0 OR sum(held_paid) <> 0
                OR sum(version) <> 0"
            .to_owned(),
        subject: "",
        numbers: &["difference of what can be spent", "of what is set aside", "of the version"],
    }
}

fn balance_not_negative() -> Check {
    Check {
        query: "
            SELECT account_id, CAST(NULL AS uuid) AS subject, bonus AS first, paid AS second,
                held_bonus + held_paid AS third
            FROM balances WHERE bonus < 0 OR paid < 0 OR held_bonus < 0 OR held_paid < 0"
            .to_owned(),
        subject: "",
        numbers: &["bonus", "paid", "set aside"],
    }
}

fn held_equals_open_holds() -> Check {
    Check {
        query: "
            SELECT account_id, CAST(NULL AS uuid) AS subject,
                CAST(sum(bonus) AS bigint) AS first, CAST(sum(paid) AS bigint) AS second
            FROM (
                SELECT account_id, held_bonus AS bonus, held_paid AS paid FROM balances
                UNION ALL
                SELECT account_id, -bonus, -paid FROM holds WHERE state = 'open'
            ) AS differences
            GROUP BY account_id HAVING sum(bonus) <> 0 OR sum(paid) <> 0"
            .to_owned(),
        subject: "",
        numbers: &["difference of bonus set aside", "of paid set aside"],
    }
}

fn hold_ended_once() -> Check {
    Check {
        query: "
            SELECT holds.account_id, holds.id AS subject, count(ledger_entries.id) AS first
            FROM holds LEFT JOIN ledger_entries
                ON ledger_entries.account_id = holds.account_id AND ledger_entries.hold_id = holds.id
                AND ledger_entries.kind IN ('capture', 'release')
            GROUP BY holds.account_id, holds.id, holds.state
            HAVING count(ledger_entries.id) <> CASE holds.state WHEN 'open' THEN 0 ELSE 1 END
                OR max(ledger_entries.kind)
                    <> CASE holds.state WHEN 'captured' THEN 'capture' WHEN 'released' THEN 'release' END
            UNION ALL
            SELECT account_id, hold_id, count(*) FROM ledger_entries
            WHERE kind IN ('capture', 'release') AND NOT EXISTS (
                SELECT 1 FROM holds
                WHERE holds.account_id = ledger_entries.account_id AND holds.id = ledger_entries.hold_id
            )
            GROUP BY account_id, hold_id"
            .to_owned(),
        subject: "hold",
        numbers: &["entries that end it"],
    }
}

fn failed_costs_nothing() -> Check {
    let unsuccessful = states(StateName::is_unsuccessful);
    Check {
        query: format!(
            "SELECT generations.account_id, generations.id AS subject, bonus + paid AS first,
                captured_bonus + captured_paid AS second
            FROM generations JOIN holds
                ON holds.account_id = generations.account_id AND holds.id = generations.hold_id
            WHERE generations.state IN ({unsuccessful}) AND holds.state <> 'released'"
        ),
        subject: "generation",
        numbers: &["held", "captured"],
    }
}

/// A released hold is right only when every image is free, as when its deadline was faster than the work.
fn stored_is_paid() -> Check {
    Check {
        query: format!(
            "SELECT account_id, id AS subject, items AS first, paid AS second
            FROM (
                SELECT account_id, id, {COSTS_SOMETHING} AS costs_something,
                    (SELECT holds.state FROM holds
                        WHERE holds.account_id = generations.account_id AND holds.id = generations.hold_id)
                        AS hold_state,
                    (SELECT count(*) FROM gallery_items
                        WHERE gallery_items.account_id = generations.account_id
                            AND gallery_items.generation_id = generations.id) AS items,
                    (SELECT CAST(coalesce(sum(gallery_items.price), 0) AS bigint) FROM gallery_items
                        WHERE gallery_items.account_id = generations.account_id
                            AND gallery_items.generation_id = generations.id) AS paid
                FROM generations WHERE state IN ('stored', 'delivered') AND {NOT_ERASED}
            ) AS stored
            WHERE items = 0 OR hold_state = 'open' OR (hold_state IS NULL AND costs_something)
                OR (coalesce(hold_state, 'released') = 'released' AND paid > 0)"
        ),
        subject: "generation",
        numbers: &["items", "their price"],
    }
}

fn capture_equals_prices() -> Check {
    Check {
        query: format!(
            "SELECT account_id, id AS subject, captured AS first, price AS second
            FROM (
                SELECT account_id, id,
                    (SELECT CAST(coalesce(sum(
                            captured_bonus + captured_paid - refunded_bonus - refunded_paid), 0) AS bigint)
                        FROM holds
                        WHERE holds.account_id = generations.account_id AND holds.id = generations.hold_id)
                        AS captured,
                    (SELECT CAST(coalesce(sum(gallery_items.price), 0) AS bigint) FROM gallery_items
                        WHERE gallery_items.account_id = generations.account_id
                            AND gallery_items.generation_id = generations.id) AS price
                FROM generations WHERE {NOT_ERASED}
            ) AS sums
            WHERE captured <> price"
        ),
        subject: "generation",
        numbers: &["captured", "price of its items"],
    }
}

fn under_way_is_held() -> Check {
    let under_way = states(StateName::is_under_way);
    Check {
        query: format!(
            "SELECT account_id, id AS subject FROM generations
            WHERE state IN ({under_way}) AND {COSTS_SOMETHING} AND NOT EXISTS (
                SELECT 1 FROM holds
                WHERE holds.account_id = generations.account_id AND holds.id = generations.hold_id
                    AND holds.state = 'open'
            )"
        ),
        subject: "generation",
        numbers: &[],
    }
}

fn unfinished_has_job() -> Check {
    let over = states(StateName::is_final);
    let kind = JobKind::AdvanceGeneration.as_str();
    Check {
        query: format!(
            "SELECT account_id, id AS subject FROM generations
            WHERE (state NOT IN ({over}) OR NOT told) AND NOT EXISTS (
                SELECT 1 FROM jobs
                WHERE jobs.account_id = generations.account_id AND jobs.subject = generations.id
                    AND jobs.kind = '{kind}' AND jobs.state IN ('ready', 'running')
            )"
        ),
        subject: "generation",
        numbers: &[],
    }
}

fn nothing_overdue() -> Check {
    let over = states(StateName::is_final);
    Check {
        query: format!(
            "SELECT account_id, id AS subject, (now_micros() - deadline) / 1000000 AS first FROM generations
            WHERE state NOT IN ({over}) AND deadline < now_micros() - 3600000000"
        ),
        subject: "generation",
        numbers: &["seconds past its deadline"],
    }
}

fn exhausted_is_buried() -> Check {
    let max_attempts = max_attempts();
    Check {
        query: format!(
            "SELECT account_id, id AS subject, attempt AS first FROM jobs
            WHERE state IN ('ready', 'running') AND attempt > {max_attempts}
                AND coalesce(exhausted_at, changed_at) < now_micros() - 3600000000"
        ),
        subject: "job",
        numbers: &["attempts"],
    }
}

fn buried_has_reason() -> Check {
    Check {
        query: "
            SELECT account_id, id AS subject FROM jobs
            WHERE state = 'buried' AND (reason IS NULL OR trim(reason) = '')"
            .to_owned(),
        subject: "job",
        numbers: &[],
    }
}

fn one_generation_per_intent() -> Check {
    Check {
        query: "
            SELECT account_id, CAST(NULL AS uuid) AS subject, count(*) AS first FROM generations
            GROUP BY account_id, intent HAVING count(*) > 1"
            .to_owned(),
        subject: "",
        numbers: &["generations of one intent"],
    }
}

fn one_item_per_slot() -> Check {
    Check {
        query: "
            SELECT account_id, generation_id AS subject, slot AS first, count(*) AS second FROM gallery_items
            GROUP BY account_id, generation_id, slot HAVING count(*) > 1"
            .to_owned(),
        subject: "generation",
        numbers: &["slot", "items"],
    }
}

fn welcome_once() -> Check {
    Check {
        query: "
            SELECT account_id, CAST(NULL AS uuid) AS subject, count(*) AS first FROM ledger_entries
            WHERE operation_key = 'welcome' GROUP BY account_id HAVING count(*) > 1"
            .to_owned(),
        subject: "",
        numbers: &["welcome grants"],
    }
}
