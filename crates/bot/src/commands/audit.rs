//! `audit`

use std::process::ExitCode;

use kernel::Auditor as _;

use crate::Foundation;
use crate::configuration::Configuration;
use crate::output::say;

pub(crate) async fn run(configuration: Configuration) -> anyhow::Result<ExitCode> {
    let foundation = Foundation::build(configuration).await?;
    let report = foundation.database.audit().await?;
    say(report.to_string().trim_end())?;
    Ok(if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
