//! The first image, over two processes of each role and Telegram's webhook.

use std::time::Duration;

use tests::cluster::{Cluster, Role, Updates};

use crate::world::{answer_time, balance, draw};

const TWO_OF_EACH: [Role; 6] = [Role::Web, Role::Web, Role::Chat, Role::Chat, Role::Worker, Role::Worker];

#[tokio::test(flavor = "multi_thread")]
async fn a_first_image_over_two_processes_of_each_role_and_the_webhook() {
    let mut cluster = Cluster::open(Updates::ByWebhook, &[("AISHA_CHAT__ACTION_LIMITS", "none")]).await;
    cluster.start_each(&TWO_OF_EACH).await;
    cluster.wait_for_any_to_say("the webhook is set").await;
    let person = cluster.person().await;
    draw(&person, "a red fox in snow").await;
    cluster.wait_until_quiet().await;
    assert_eq!(balance(&cluster, &person).await, (35, 0, 0));
    assert_eq!(person.photos_seen().await, 1);

    let mut times = Vec::new();
    for _ in 0..10 {
        times.push(answer_time(&person).await);
    }
    times.sort_unstable();
    let mean = times.iter().sum::<Duration>() / 10;
    println!("from a message to its answer over the webhook: {mean:?} on average, {:?} at most", times[9]);
    assert!(mean < Duration::from_secs(3), "the inbox is looked through once a second: {times:?}");

    // Telegram goes on delivering while processes come and go: nobody takes the webhook away.
    for chat in cluster.playing(Role::Chat) {
        cluster.stop(chat).await;
    }
    let telegram = cluster.driving().get("/telegram").await;
    let address = format!("http://{}/telegram/webhook", cluster.public_address());
    assert_eq!(telegram["webhook_url"], address);
    person.say("/help").await;
    cluster.wait_for_all_updates().await;
    cluster.start(Role::Chat).await;
    person.hear("help", |message| message.words.contains("/imagine")).await;
    cluster.close().await;
}
