//! A process that is told to stop finishes what it is at, or hands it back.

use serde_json::{Value, json};
use tests::Fault;
use tests::cluster::{Cluster, Role, Updates};

use crate::world::balance;

/// The job that moves the only generation on.
fn advancing(system: &Value) -> Value {
    let jobs = system["jobs"].as_array().unwrap();
    jobs.iter().find(|job| job["kind"] == "advance-generation").unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_takes_too_long_is_handed_back_and_no_attempt_is_burnt() {
    let mut cluster = Cluster::open(Updates::ByPolling, &[]).await;
    let nodes = cluster.start_each(&[Role::Worker, Role::Chat]).await;
    let person = cluster.person().await;
    cluster.let_fail(Fault::once("google", json!({ "kind": "hold" })).of("generateContent")).await;
    person.draw("a red fox in snow").await;
    cluster.wait_for_held(1).await;
    let under_way = advancing(&cluster.system().await);
    assert_eq!((&under_way["state"], &under_way["attempt"]), (&json!("running"), &json!(1)));

    let (took, _) = cluster.stop(nodes[0]).await;
    println!("a worker with a job that does not end stopped in {took:?}");
    let handed_back = advancing(&cluster.system().await);
    assert_eq!((&handed_back["state"], &handed_back["attempt"]), (&json!("ready"), &json!(0)));

    cluster.let_all_be_well().await;
    cluster.start(Role::Worker).await;
    person.hear("the image", |message| message.file.is_some()).await;
    cluster.wait_until_quiet().await;
    assert_eq!(person.photos_seen().await, 1);
    assert_eq!(balance(&cluster, &person).await, (35, 0, 0));
    cluster.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_is_being_handled_is_finished_and_answered_once() {
    let mut cluster = Cluster::open(Updates::ByPolling, &[]).await;
    let nodes = cluster.start_each(&[Role::Chat, Role::Worker]).await;
    let person = cluster.person().await;
    let before = person.chat().await.len();
    cluster.let_fail(Fault::once("telegram", json!({ "kind": "hold" })).of("sendMessage")).await;
    person.say("/help").await;
    cluster.wait_for_held(1).await;
    cluster.ask_to_stop(nodes[0]).await;
    cluster.node(nodes[0]).log().wait_for("stopping: what runs is finished or handed back").await;
    cluster.release().await;
    cluster.stop(nodes[0]).await;
    person.hear("help", |message| message.words.contains("/imagine")).await;

    cluster.start(Role::Chat).await;
    person.say("/balance").await;
    person.hear("the balance", |message| message.words.contains("40")).await;
    assert_eq!(person.chat().await.len(), before + 4, "two questions and an answer to each");
    cluster.close().await;
}
