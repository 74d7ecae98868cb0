//! The database is away for a while.

use tests::Driving;
use tests::cluster::{Cluster, Role, Services, Updates};

#[tokio::test(flavor = "multi_thread")]
async fn updates_that_come_while_the_database_is_away_are_brought_again() {
    let mut cluster = Cluster::over(Services::own().await, Updates::ByWebhook, &[]).await;
    cluster.start_each(&[Role::Web, Role::Chat, Role::Worker]).await;
    let person = cluster.person().await;
    let web = Driving::new(format!("http://{}", cluster.public_address()));
    assert_eq!(web.get("/readyz").await["ready"], true);

    cluster.services().database_proxy().cut();
    person.say("/help").await;
    cluster.wait_until_telegram_is_refused().await;
    let report = web.try_get("/readyz").await.unwrap_err();
    assert!(report.starts_with("503"), "{report}");
    assert!(report.contains(r#"{"name":"database","outcome":"failed"}"#), "{report}");

    cluster.services().database_proxy().restore();
    person.hear("help", |message| message.words.contains("/imagine")).await;
    cluster.wait_for_all_updates().await;
    cluster.close().await;
}
