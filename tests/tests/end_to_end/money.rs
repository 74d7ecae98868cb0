//! Credits from the command line, and blocked accounts: all safe to repeat.

use tests::Studio;

use crate::world::balance;

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_happens_once_per_key() {
    let studio = Studio::open().await;
    let person = studio.person().await;
    let id = person.id.to_string();
    let grant = ["credits", "grant", &id, "100", "--reason", "a gift", "--key", "gift-1"];
    assert_eq!(studio.command(&grant).await.0, 0);
    assert_eq!(studio.command(&grant).await.0, 0);
    assert_eq!(balance(&studio, &person).await, (140, 0, 0));
    let other = ["credits", "grant", &id, "200", "--reason", "a gift", "--key", "gift-1"];
    let (code, words) = studio.command(&other).await;
    assert_ne!(code, 0);
    assert!(words.contains("gift-1"), "{words}");
    assert_eq!(balance(&studio, &person).await, (140, 0, 0));
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blocked_person_is_kept_out_and_let_in_again() {
    let studio = Studio::open().await;
    let person = studio.person().await;
    let id = person.id.to_string();
    for _ in 0..2 {
        assert_eq!(studio.command(&["account", "block", &id]).await.0, 0);
    }
    // Another process changed it: within seconds every process knows. After a burst the bot answers once a second.
    for _ in 0..20 {
        person.say("/balance").await;
        let answer = person.hear("an answer", |message| !message.words.is_empty()).await;
        let is_kept_out = answer.buttons.is_empty();
        if is_kept_out {
            break;
        }
    }
    person.say("/balance").await;
    person.hear("that the person is kept out", |message| message.buttons.is_empty()).await;
    assert_eq!(studio.command(&["account", "unblock", &id]).await.0, 0);
    studio.close().await;
}
