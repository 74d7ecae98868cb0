//! What a process does: conversations, jobs, the web side, or all of it; and how it stops.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use clap::{Args, ValueEnum};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use web::MetricsPage;

use crate::Container;
use crate::configuration::{Configuration, MetricsSection};

/// How long a stopping process may take.
const STOP_WITHIN: Duration = Duration::from_secs(20);
/// The exit code of a process that is told twice to stop.
const ENDED_AT_ONCE: i32 = 130;

/// How often recorded figures are put where they take no more room.
const TIDY_METRICS_EVERY: Duration = Duration::from_secs(5);

/// What a process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Role {
    /// Everything
    All,
    /// Take Telegram's updates and answer them
    Chat,
    /// Run jobs, and sweep
    Worker,
    /// Serve callbacks, links and health over HTTP
    Web,
}

/// How the bot is run.
#[derive(Debug, Clone, Args)]
pub struct RunArguments {
    /// What this process does; may be given several times
    #[arg(long = "role", value_enum, value_delimiter = ',', default_values_t = [Role::All])]
    roles: Vec<Role>,
}

/// Runs the bot until it is told to stop.
///
/// # Errors
/// When it cannot start, or when a part of it ended by itself.
pub(crate) async fn run(configuration: Configuration, arguments: &RunArguments) -> anyhow::Result<ExitCode> {
    // Before anything else, so that no signal is missed.
    let mut signals = StopSignals::listen()?;
    let container = Container::configured(configuration).await?;
    let stop = CancellationToken::new();
    let mut parts = Parts::start(&container, &arguments.roles, &stop).await?;

    let first_end = tokio::select! {
        biased;
        ended = parts.tasks.join_next() => Some(ended),
        () = signals.next() => None,
    };
    stop.cancel();
    let outcome = match first_end {
        None => {
            tracing::info!("stopping: what runs is finished or handed back");
            Ok(())
        }
        Some(ended) => {
            let failure = ended_by_itself(ended);
            tracing::error!(error = format!("{failure:#}"), "a part of the bot ended by itself: stopping");
            Err(failure)
        }
    };
    tokio::select! {
        biased;
        () = signals.next() => {
            tracing::warn!("told twice to stop: ending at once");
            std::process::exit(ENDED_AT_ONCE);
        }
        ended = timeout(STOP_WITHIN, parts.wind_down()) => {
            if ended.is_err() {
                tracing::warn!("not everything stopped in time; leases and claims run out by themselves");
            }
        }
    }
    container.foundation.database.close().await.context("the database could not be closed in good order")?;
    outcome.map(|()| ExitCode::SUCCESS)
}

/// The names of roles, as a figure's label has them.
fn names(roles: &BTreeSet<Role>) -> String {
    let names = roles.iter().filter_map(ValueEnum::to_possible_value);
    names.map(|value| value.get_name().to_owned()).collect::<Vec<_>>().join(",")
}

/// The running parts of a process.
struct Parts {
    tasks: JoinSet<(&'static str, anyhow::Result<()>)>,
}

impl Parts {
    async fn start(container: &Container, roles: &[Role], stop: &CancellationToken) -> anyhow::Result<Self> {
        let roles: BTreeSet<Role> = roles.iter().copied().collect();
        let plays = |role: Role| roles.contains(&role) || roles.contains(&Role::All);
        let mut parts = Self { tasks: JoinSet::new() };
        let figures = container.figures(names(&roles));
        if plays(Role::Web) {
            parts.start_web(container, &figures, stop).await?;
        }
        parts.start_metrics(container, figures, stop).await?;
        if plays(Role::Worker) {
            let (worker, sweeper) = (container.worker(), container.sweeper());
            let (worker_stop, sweeper_stop) = (stop.clone(), stop.clone());
            parts.spawn("worker", async move { worker.run(worker_stop).await });
            parts.spawn("sweeper", async move { sweeper.run(sweeper_stop).await });
        }
        if plays(Role::Chat) {
            let (source, dispatcher) = (container.update_source(), container.dispatcher());
            let (source_stop, dispatcher_stop) = (stop.clone(), stop.clone());
            parts.spawn("source of updates", async move { source.run(&source_stop).await });
            parts.spawn("dispatcher", async move { dispatcher.run(&dispatcher_stop).await });
        }
        tracing::info!(?roles, "the bot runs");
        Ok(parts)
    }

    async fn start_web(
        &mut self,
        container: &Container,
        figures: &Arc<dyn MetricsPage>,
        stop: &CancellationToken,
    ) -> anyhow::Result<()> {
        let address = container.foundation.configuration.web.listen;
        let listener = TcpListener::bind(address)
            .await
            .with_context(|| format!("AISHA_WEB__LISTEN: nobody can listen at {address}"))?;
        tracing::info!(address = %listener.local_addr()?, "the web server listens");
        let router =
            web::router(container.web_ports(), stop.clone()).merge(web::metrics_router(Arc::clone(figures)));
        let serving = web::serve(listener, router, stop.clone());
        self.tasks.spawn(async move { ("web", serving.await.context("the web server failed")) });
        Ok(())
    }

    /// Serves the figures where the configuration says, and keeps them small.
    async fn start_metrics(
        &mut self,
        container: &Container,
        figures: Arc<dyn MetricsPage>,
        stop: &CancellationToken,
    ) -> anyhow::Result<()> {
        if let Some(address) = container.foundation.configuration.metrics.listen {
            let variable = MetricsSection::listen_variable();
            let listener = TcpListener::bind(address)
                .await
                .with_context(|| format!("{variable}: nobody can listen at {address}"))?;
            tracing::info!(address = %listener.local_addr()?, "metrics are served");
            let serving = web::serve(listener, web::metrics_router(figures), stop.clone());
            self.tasks.spawn(async move { ("metrics", serving.await.context("serving metrics failed")) });
        }
        let (metrics, tidying_stop) = (container.foundation.metrics.clone(), stop.clone());
        self.spawn("tidying of metrics", async move {
            while tidying_stop.run_until_cancelled(sleep(TIDY_METRICS_EVERY)).await.is_some() {
                metrics.tidy();
            }
        });
        Ok(())
    }

    fn spawn(&mut self, name: &'static str, part: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(async move {
            part.await;
            (name, Ok(()))
        });
    }

    async fn wind_down(&mut self) {
        while let Some(ended) = self.tasks.join_next().await {
            match ended {
                Ok((name, Ok(()))) => tracing::debug!(part = name, "stopped"),
                Ok((name, Err(error))) => {
                    tracing::error!(part = name, error = format!("{error:#}"), "failed while stopping");
                }
                Err(error) => tracing::error!(%error, "a part died while stopping"),
            }
        }
    }
}

fn ended_by_itself(ended: Option<Result<(&'static str, anyhow::Result<()>), JoinError>>) -> anyhow::Error {
    match ended {
        Some(Ok((name, Ok(())))) => anyhow!("the {name} ended although nobody told it to"),
        Some(Ok((name, Err(error)))) => error.context(format!("the {name} ended")),
        Some(Err(error)) => anyhow!(error).context("a part of the bot died"),
        None => anyhow!("there was nothing to do"),
    }
}

/// The signals that tell a process to stop.
struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    fn listen() -> anyhow::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            biased;
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_part_that_ends_by_itself_is_a_failure_however_it_ends() {
        let mut parts = Parts { tasks: JoinSet::new() };
        parts.spawn("worker", async {});
        assert!(ended_by_itself(parts.tasks.join_next().await).to_string().contains("the worker ended"));
        parts.tasks.spawn(async { ("web", Err(anyhow!("no more sockets"))) });
        let failed = format!("{:#}", ended_by_itself(parts.tasks.join_next().await));
        assert_eq!(failed, "the web ended: no more sockets");
        parts.spawn("sweeper", async { panic!("a mistake") });
        let died = format!("{:#}", ended_by_itself(parts.tasks.join_next().await));
        assert!(died.contains("died") && died.contains("panic"), "{died}");
    }
}
