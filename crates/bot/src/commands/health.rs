//! `health`

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;

use crate::configuration::Configuration;
use crate::container::configured_objects;
use crate::foundation::{Foundation, FoundationParts, Schema};
use crate::output::say;
use crate::readiness::readiness;

/// How long the web server may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);

/// How readiness is found out.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct HealthArguments {
    /// Try what a process depends on from here, instead of asking the web server: for processes without that role
    #[arg(long)]
    direct: bool,
}

pub(crate) async fn run(
    configuration: Configuration,
    arguments: HealthArguments,
) -> anyhow::Result<ExitCode> {
    if arguments.direct {
        return direct(configuration).await;
    }
    let address = format!("http://{}/readyz", reachable(configuration.web.listen));
    let client = reqwest::Client::builder().timeout(ANSWER_WITHIN).no_proxy().build()?;
    let answer = client
        .get(&address)
        .send()
        .await
        .with_context(|| format!("the web server does not answer at {address}"))?;
    let ready = answer.status().is_success();
    say(answer.text().await?.trim_end())?;
    Ok(if ready { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Changes nothing: neither the schema nor anything else.
async fn direct(configuration: Configuration) -> anyhow::Result<ExitCode> {
    let foundation =
        Box::pin(Foundation::with(configuration, FoundationParts::default(), Schema::AsItIs)).await?;
    let objects = configured_objects(&foundation)?;
    let report = readiness(foundation.database, objects, foundation.redis).report().await;
    say(&serde_json::to_string(&report)?)?;
    Ok(if report.ready { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Where a server that listens on `address` is reached from this machine.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_listens_everywhere_is_reached_on_this_machine() {
        for (listen, reached) in
            [("0.0.0.0:80", "127.0.0.1:80"), ("[::]:80", "[::1]:80"), ("10.0.0.1:80", "10.0.0.1:80")]
        {
            assert_eq!(reachable(listen.parse().unwrap()).to_string(), reached);
        }
    }
}
