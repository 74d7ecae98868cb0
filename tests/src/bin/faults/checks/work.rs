//! Requests, trainings, jobs and updates: all have ended.

use super::{Findings, Scene};

pub(super) async fn look(scene: &Scene<'_>, findings: &mut Findings) -> Result<(), sqlx::Error> {
    let rows = scene.rows;
    for (state, count) in
        rows.counts("SELECT state, count(*) FROM generations GROUP BY state ORDER BY state").await?
    {
        findings.count(format!("generations {state}"), count);
    }
    if rows.number("SELECT count(*) FROM generations WHERE state = 'delivered'").await? == 0 {
        findings.violations.push("nothing was drawn: this run proves nothing".to_owned());
    }
    findings.none_of(
        "generations that have not ended",
        rows.lines(
            "SELECT id || ' is ' || state FROM generations
            WHERE state NOT IN ('delivered', 'failed', 'cancelled', 'expired') OR NOT told",
        )
        .await?,
    );
    for (state, count) in
        rows.counts("SELECT state, count(*) FROM avatars GROUP BY state ORDER BY state").await?
    {
        findings.count(format!("avatars {state}"), count);
    }
    findings.none_of(
        "trainings that have not ended",
        rows.lines(
            "SELECT id || ' is ' || state FROM avatars
            WHERE state IN ('queued', 'submitting', 'training', 'copying')",
        )
        .await?,
    );
    let buried =
        "SELECT kind || ' after ' || attempt || ' attempts: ' || coalesce(reason, 'no reason') FROM jobs
        WHERE state = 'buried'";
    let buried = rows.lines(buried).await?;
    findings.count("jobs buried", i64::try_from(buried.len()).unwrap_or(i64::MAX));
    for job in buried {
        println!("  buried: {job}");
    }
    findings.count("jobs done", rows.number("SELECT count(*) FROM jobs WHERE state = 'done'").await?);
    findings
        .count("updates handled", rows.number("SELECT count(*) FROM inbox WHERE state = 'handled'").await?);
    findings.none_of(
        "updates that nobody could handle",
        rows.lines(
            "SELECT update_id || ' of ' || chat_id || ' is ' || state || ': ' || coalesce(reason, 'no reason')
            FROM inbox WHERE state <> 'handled'",
        )
        .await?,
    );
    Ok(())
}
