//! The person's avatars: listed, named, chosen.

use avatar::{AvatarName, KindName};
use kernel::AvatarId;
use uuid::Uuid;

use crate::studio::Studio;

#[tokio::test]
async fn avatars_are_listed_the_newest_first_and_without_deleted_ones() {
    let studio = Studio::open().await;
    let (first, second) = (studio.begin(KindName::Style).await, studio.begin(KindName::Portrait).await);
    let ids = async || {
        let all = studio.service.list(studio.account).await.unwrap();
        all.into_iter().map(|avatar| avatar.id).collect::<Vec<_>>()
    };
    assert_eq!(ids().await, [second, first]);
    studio.service.delete(studio.account, second).await.unwrap();
    assert_eq!(ids().await, [first]);
}

#[tokio::test]
async fn an_avatar_has_another_name_in_any_state_but_the_last() {
    let studio = Studio::open().await;
    let id = studio.ready().await;
    let rename = async |id, name| {
        let name = AvatarName::new(name).unwrap();
        studio.service.rename(studio.account, id, name).await.unwrap()
    };
    assert_eq!(rename(id, "Maria").await.unwrap().title(), "Maria");
    studio.service.delete(studio.account, id).await.unwrap();
    assert_eq!(rename(id, "Nobody").await, None);
    assert_eq!(rename(AvatarId::new(Uuid::nil()), "Nobody").await, None);
}

#[tokio::test]
async fn only_what_can_be_drawn_becomes_the_main_avatar() {
    let studio = Studio::open().await;
    let draft = studio.begin(KindName::Portrait).await;
    assert!(!studio.service.make_main(studio.account, draft).await.unwrap());
    assert!(!studio.service.make_main(studio.account, AvatarId::new(Uuid::nil())).await.unwrap());
    assert_eq!(studio.service.main(studio.account).await.unwrap(), None);
}
