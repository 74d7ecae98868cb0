//! The invariants of avatars as questions to the database.

use avatar::{KindName, StateName};

use crate::auditor::Check;

/// Names of states, as a list in a query.
fn states(wanted: impl Fn(StateName) -> bool) -> String {
    let names: Vec<_> =
        StateName::ALL.into_iter().filter(|state| wanted(*state)).map(|state| format!("'{state}'")).collect();
    names.join(", ")
}

/// A training under way that costs something has an open hold.
pub(crate) fn training_is_held() -> Check {
    let under_way = states(StateName::is_under_way);
    Check {
        query: format!(
            "SELECT account_id, id AS subject, price AS first FROM avatars
            WHERE state IN ({under_way}) AND price > 0 AND NOT EXISTS (
                SELECT 1 FROM holds
                WHERE holds.account_id = avatars.account_id AND holds.id = avatars.hold_id
                    AND holds.state = 'open'
            )"
        ),
        subject: "avatar",
        numbers: &["price of its training"],
    }
}

/// The hold of a training that is not under way has ended, in the way in which the training ended. One that was ready
/// after the hold's own deadline is free.
pub(crate) fn training_is_settled() -> Check {
    let under_way = states(StateName::is_under_way);
    Check {
        query: format!(
            "SELECT account_id, id AS subject, price AS first
            FROM (
                SELECT account_id, id, state, price, coalesce(
                    (SELECT holds.state FROM holds
                        WHERE holds.account_id = avatars.account_id AND holds.id = avatars.hold_id),
                    'missing') AS hold_state,
                    EXISTS (SELECT 1 FROM holds JOIN ledger_entries
                        ON ledger_entries.account_id = holds.account_id AND ledger_entries.hold_id = holds.id
                        AND ledger_entries.kind = 'release' AND ledger_entries.created_at >= holds.expires_at
                        WHERE holds.account_id = avatars.account_id AND holds.id = avatars.hold_id) AS expired
                FROM avatars WHERE price > 0 AND state NOT IN ({under_way})
            ) AS ended
            WHERE hold_state NOT IN ('captured', 'released')
                OR (state = 'ready' AND hold_state <> 'captured' AND NOT expired)
                OR (state IN ('failed', 'cancelled') AND hold_state <> 'released')"
        ),
        subject: "avatar",
        numbers: &["price of its training"],
    }
}

/// A ready avatar that was trained has weights.
pub(crate) fn ready_has_weights() -> Check {
    let instant = KindName::Instant.as_str();
    Check {
        query: format!(
            "SELECT account_id, id AS subject FROM avatars
            WHERE state = 'ready' AND NOT has_weights AND coalesce(kind, '') <> '{instant}'"
        ),
        subject: "avatar",
        numbers: &[],
    }
}

/// An account has at most one main avatar.
pub(crate) fn one_main_avatar() -> Check {
    Check {
        query: "
            SELECT account_id, CAST(NULL AS uuid) AS subject, count(*) AS first FROM avatars
            WHERE is_main GROUP BY account_id HAVING count(*) > 1"
            .to_owned(),
        subject: "",
        numbers: &["main avatars"],
    }
}
