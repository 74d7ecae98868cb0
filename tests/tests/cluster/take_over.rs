//! What only one process does at a time is taken over by another when that one is killed.

use std::time::Duration;

use tokio::time::Instant;

use tests::cluster::{Cluster, NodeId, Role, Updates};

use crate::world::{balance, draw};

/// Within this time of a death somebody else has taken over.
const WITHIN: Duration = Duration::from_secs(15);
/// What the poller says.
const POLLING: &str = "polling for updates begins";
/// What the sweeper says.
const SWEEPING: &str = "sweeping begins";

/// Kills whoever said this last, and waits until another process that plays the role says it; how long that took.
async fn killed_and_replaced(cluster: &mut Cluster, holder: NodeId, says: &str) -> Duration {
    let role = cluster.node(holder).role();
    cluster.kill(holder).await;
    let killed_at = Instant::now();
    let successor = cluster.playing(role)[0];
    cluster.node(successor).log().wait_for(says).await;
    killed_at.elapsed()
}

#[tokio::test(flavor = "multi_thread")]
async fn another_process_polls_within_15_seconds_of_a_pollers_death() {
    let mut cluster = Cluster::open(Updates::ByPolling, &[]).await;
    cluster.start_each(&[Role::Chat, Role::Chat, Role::Worker]).await;
    let holder = cluster.wait_for_any_to_say(POLLING).await;
    let person = cluster.person().await;
    for chat in cluster.playing(Role::Chat) {
        let polls = cluster.node(chat).log().when_last(POLLING).is_some();
        assert_eq!(polls, chat == holder, "one at a time");
    }

    let took = killed_and_replaced(&mut cluster, holder, POLLING).await;
    println!("another process polls {took:?} after the poller's death");
    assert!(took < WITHIN, "{took:?}");
    draw(&person, "a red fox in snow").await;
    cluster.wait_until_quiet().await;
    assert_eq!(balance(&cluster, &person).await, (35, 0, 0));
    cluster.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_process_sweeps_within_15_seconds_of_a_sweepers_death() {
    let settings = [("AISHA_WORKER__LEASE_SECONDS", "3")];
    let mut cluster = Cluster::open(Updates::ByPolling, &settings).await;
    cluster.start_each(&[Role::Chat, Role::Worker, Role::Worker]).await;
    let holder = cluster.wait_for_any_to_say(SWEEPING).await;
    let person = cluster.person().await;
    let took = killed_and_replaced(&mut cluster, holder, SWEEPING).await;
    println!("another process sweeps {took:?} after the sweeper's death");
    assert!(took < WITHIN, "{took:?}");
    draw(&person, "a red fox in snow").await;
    cluster.wait_until_quiet().await;
    assert_eq!(balance(&cluster, &person).await, (35, 0, 0));
    cluster.close().await;
}
