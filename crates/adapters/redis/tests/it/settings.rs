//! Passwords, and what errors say.

use kernel::{ChatId, DialogueStore as _};
use redis_adapter::{RedisDialogueStore, RedisFailure};
use testkit::servers::RedisServer;

use crate::room::room_at;

const CHAT: ChatId = ChatId::new(1);

#[tokio::test]
async fn the_right_password_opens_and_a_wrong_one_is_refused_without_being_repeated() {
    let server = RedisServer::start_with_password("hunter2");
    let right = room_at(&server.url());
    right.ping().await.unwrap();
    assert!(right.version().await.unwrap().contains('.'));
    for wrong in [format!("redis://:hunter3@{}/", server.address()), format!("redis://{}/", server.address())]
    {
        let wrong = room_at(&wrong);
        let failure = wrong.ping().await.unwrap_err();
        assert_eq!(failure, RedisFailure::Denied);
        let error = RedisDialogueStore::new(wrong).get(CHAT).await.unwrap_err();
        let shown = format!("{error:?} {error} {failure:?} {failure}");
        assert!(!shown.contains("hunter") && !shown.contains(&server.address().to_string()), "{shown}");
    }
}
