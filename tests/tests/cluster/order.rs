//! Order within a conversation, however many processes handle conversations.

use std::sync::Arc;

use futures::future::join_all;
use tests::Person;
use tests::cluster::{Cluster, Role, Updates};

/// How many messages each person writes without waiting for answers.
const BURST: usize = 12;

/// The numbers of the descriptions that a person was offered to have drawn, in the order of the offers.
async fn offered(person: &Person) -> Vec<usize> {
    let chat = person.chat().await;
    let offers = chat.iter().filter(|message| message.button("Draw").is_some());
    let descriptions =
        offers.filter_map(|offer| offer.words.lines().find_map(|line| line.strip_prefix("picture ")));
    descriptions.map(|number| number.trim().parse().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_is_answered_in_order_by_two_processes() {
    let settings = [("AISHA_CHAT__ACTION_LIMITS", "none"), ("AISHA_TELEGRAM__SENDS_PER_SECOND", "unlimited")];
    let mut cluster = Cluster::open(Updates::ByWebhook, &settings).await;
    cluster.start_each(&[Role::Web, Role::Web, Role::Chat, Role::Chat, Role::Worker]).await;
    let mut people = Vec::new();
    for _ in 0..4 {
        people.push(Arc::new(cluster.person().await));
    }
    join_all(people.iter().map(|person| async {
        for number in 0..BURST {
            person.say(&format!("/imagine picture {number}")).await;
        }
    }))
    .await;
    for person in &people {
        let last = format!("picture {}", BURST - 1);
        person.hear("the last offer", |message| message.words.contains(&last)).await;
        assert_eq!(offered(person).await, (0..BURST).collect::<Vec<_>>());
    }
    cluster.close().await;
}
