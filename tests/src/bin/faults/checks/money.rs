//! Money: everybody paid for exactly what they have, and nothing is set aside any more.

use super::{Findings, Scene};

/// People who paid something else than their images and avatars cost.
const WRONG_PAYMENTS: &str = "
    SELECT account_id || ' paid ' || sum(captured) || ' for what costs ' || sum(price)
    FROM (
        SELECT account_id, captured_bonus + captured_paid - refunded_bonus - refunded_paid AS captured, 0 AS price
        FROM holds
        UNION ALL
        SELECT account_id, 0, price FROM gallery_items
        UNION ALL
        SELECT account_id, 0, price FROM avatars WHERE state = 'ready' AND price IS NOT NULL
    ) AS both_sides
    GROUP BY account_id HAVING sum(captured) <> sum(price)";

pub(super) async fn look(scene: &Scene<'_>, findings: &mut Findings) -> Result<(), sqlx::Error> {
    let rows = scene.rows;
    findings.count(
        "credits paid for images",
        rows.number("SELECT CAST(coalesce(sum(price), 0) AS bigint) FROM gallery_items").await?,
    );
    findings.count(
        "credits paid for avatars",
        rows.number("SELECT CAST(coalesce(sum(price), 0) AS bigint) FROM avatars WHERE state = 'ready'")
            .await?,
    );
    findings.count(
        "credits captured",
        rows.number(
            "SELECT CAST(coalesce(sum(amount), 0) AS bigint) FROM ledger_entries WHERE kind = 'capture'",
        )
        .await?,
    );
    findings.none_of("people who paid something else than they have", rows.lines(WRONG_PAYMENTS).await?);
    findings
        .none("holds that are open", rows.number("SELECT count(*) FROM holds WHERE state = 'open'").await?);
    findings.none(
        "credits that are set aside",
        rows.number("SELECT CAST(coalesce(sum(held_bonus + held_paid), 0) AS bigint) FROM balances").await?,
    );
    findings.none(
        "people who were not welcomed with exactly one gift",
        rows.number(
            "SELECT count(*) FROM accounts WHERE (
                SELECT count(*) FROM ledger_entries
                WHERE ledger_entries.account_id = accounts.account_id AND operation_key = 'welcome'
            ) > 1",
        )
        .await?,
    );
    Ok(())
}
