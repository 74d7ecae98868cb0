//! Every process is replaced by another, one after the other, while people draw.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tests::Person;
use tests::cluster::{Cluster, Role, Updates};

use crate::world::{balance, draw};

/// The welcome credits are enough for so many images.
const MOST_IMAGES: usize = 8;

/// Draws until it is over, twice at least; how many images were drawn.
async fn keep_drawing(person: Person, is_over: Arc<AtomicBool>) -> usize {
    let mut drawn = 0;
    while drawn < 2 || (drawn < MOST_IMAGES && !is_over.load(Ordering::SeqCst)) {
        drawn += 1;
        draw(&person, &format!("a red fox in snow, number {drawn}")).await;
    }
    drawn
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rolling_restart_under_load_loses_nothing() {
    let settings = [("AISHA_CHAT__ACTION_LIMITS", "none")];
    let mut cluster = Cluster::open(Updates::ByWebhook, &settings).await;
    let nodes =
        cluster.start_each(&[Role::Web, Role::Web, Role::Chat, Role::Chat, Role::Worker, Role::Worker]).await;
    let mut people = Vec::new();
    for _ in 0..3 {
        people.push(cluster.person().await);
    }
    let is_over = Arc::new(AtomicBool::new(false));
    let drawing: Vec<_> = people
        .iter()
        .map(|person| tokio::spawn(keep_drawing(person.clone(), Arc::clone(&is_over))))
        .collect();
    for node in nodes {
        cluster.restart(node).await;
    }
    is_over.store(true, Ordering::SeqCst);
    for (person, drawing) in people.iter().zip(drawing) {
        let drawn = drawing.await.unwrap();
        cluster.wait_until_quiet().await;
        assert_eq!(person.photos_seen().await, drawn, "each image came once");
        let paid = 5 * i64::try_from(drawn).unwrap();
        assert_eq!(balance(&cluster, person).await, (40 - paid, 0, 0));
    }
    cluster.wait_for_all_updates().await;
    cluster.close().await;
}
