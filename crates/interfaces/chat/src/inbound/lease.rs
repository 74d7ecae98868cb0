//! Doing something while a lease is held.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use futures::future::{Either, select};
use kernel::{Lease, LeaseName, Leases, StoreError};
use tokio_util::sync::CancellationToken;

/// How long a lease is taken for, and how often it is extended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LeaseTimes {
    pub(super) span: Duration,
    pub(super) extension: Duration,
}

/// Chats and the poller: short enough that a process that died is soon replaced, long enough for a slow database.
pub(super) const LEASE_TIMES: LeaseTimes =
    LeaseTimes { span: Duration::from_secs(10), extension: Duration::from_secs(3) };

/// The wait before asking again for a lease that somebody else holds.
const RETRY: Duration = Duration::from_secs(1);

/// Does the work, which has no end of its own, whenever this process holds the lease, until `stop`.
pub(super) async fn whenever_leased<Work: Future<Output = ()>>(
    leases: &dyn Leases,
    name: LeaseName,
    what: &str,
    stop: &CancellationToken,
    work: impl Fn() -> Work,
) {
    while !stop.is_cancelled() {
        match leases.acquire(name, LEASE_TIMES.span).await {
            Ok(Some(lease)) => {
                tracing::info!("{what} begins");
                let until_stop = async {
                    tokio::select! {
                        biased;
                        () = stop.cancelled() => {}
                        () = work() => {}
                    }
                };
                let _lost = while_leased(leases, &lease, LEASE_TIMES, until_stop).await;
                tracing::info!("{what} ends");
                give_up(leases, &lease).await;
            }
            Ok(None) => pause(RETRY, stop).await,
            Err(error) => {
                tracing::warn!(%error, %name, "a lease cannot be asked for");
                pause(RETRY, stop).await;
            }
        }
    }
}

async fn pause(span: Duration, stop: &CancellationToken) {
    tokio::select! {
        biased;
        () = stop.cancelled() => {}
        () = tokio::time::sleep(span) => {}
    }
}

/// Does the work while extending the lease. `None` when the lease passed to somebody else: the work is dropped.
pub(super) async fn while_leased<T>(
    leases: &dyn Leases,
    lease: &Lease,
    times: LeaseTimes,
    work: impl Future<Output = T>,
) -> Option<T> {
    let work = pin!(work);
    let lost = pin!(until_lost(leases, lease, times));
    // `select` polls the first one first: what is done is done, whoever holds the lease by now.
    match select(work, lost).await {
        Either::Left((done, _)) => Some(done),
        Either::Right(((), _)) => None,
    }
}

async fn until_lost(leases: &dyn Leases, lease: &Lease, times: LeaseTimes) {
    loop {
        tokio::time::sleep(times.extension).await;
        match leases.extend(lease, times.span).await {
            Ok(()) => {}
            Err(StoreError::Superseded { .. }) => {
                tracing::warn!(lease = %lease.name, "a lease passed to another process");
                return;
            }
            // It may still be ours; every write under it finds out.
            Err(error) => tracing::warn!(lease = %lease.name, %error, "a lease could not be extended"),
        }
    }
}

/// Gives a lease up, so that nobody has to wait for its end.
pub(super) async fn give_up(leases: &dyn Leases, lease: &Lease) {
    match leases.release(lease).await {
        Ok(()) | Err(StoreError::Superseded { .. }) => {}
        Err(error) => tracing::warn!(lease = %lease.name, %error, "a lease could not be given up"),
    }
}
