//! Photos that cannot be used, photos in odd orders and numbers, and the questions before them.

use tests::{Message, Person, PictureKind, Sent, Studio, blank_png, photo, portraits};

use crate::world::quick_studio;

/// A person whose portrait collects photos.
async fn collecting(studio: &Studio) -> Person {
    let person = studio.person().await;
    person.begin_avatar("Anna", "Portrait").await;
    person
}

/// Waits until so many photos are accepted and this is said about the others.
async fn hear_verdicts(person: &Person, accepted: usize, verdicts: &[&str]) -> Message {
    let counter = format!("{accepted} of 20");
    person
        .hear(&format!("{accepted} accepted and {verdicts:?}"), |message| {
            message.words.contains(&counter)
                && !message.words.contains("being looked at")
                && verdicts.iter().all(|verdict| message.words.contains(verdict))
        })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_no_photos() {
    let studio = quick_studio(&[]).await;
    let person = collecting(&studio).await;
    let film = Sent::new("dance.mp4", "video/mp4", vec![0; 2_000]);
    person.send_medium("animation", &film).await;
    person.hear("that a GIF won't do", |message| message.words.contains("A GIF won't do")).await;
    let gif = Sent::new("dance.gif", "image/gif", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;".to_vec());
    person.send_file(&gif).await;
    // Singles within a minute get one answer; an album has its own.
    let paper = Sent::new("paper.pdf", "application/pdf", b"%PDF-1.7\n%%EOF\n".to_vec());
    person.send_documents(&[paper.clone(), paper]).await;
    person.hear("that a PDF won't do", |message| message.words.contains("This file is no photo")).await;

    // What says that it is a photo is looked at.
    let whole = photo(PictureKind::Clear, 0);
    let truncated = Sent::jpeg(whole.bytes[..whole.bytes.len() / 3].to_vec());
    let disguised = Sent::jpeg(b"%PDF-1.7\n%%EOF\n".to_vec());
    person.send_documents(&[truncated, disguised]).await;
    hear_verdicts(&person, 0, &["no photo, or a broken file"]).await;
    studio.wait_until_quiet().await;
    assert!(studio.objects("photo").is_empty());
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_too_large() {
    let studio = quick_studio(&[]).await;
    let person = collecting(&studio).await;
    let heavy = Sent::jpeg(vec![0; 25 * 1024 * 1024]);
    person.send_file(&heavy).await;
    person.hear("Telegram's limit", |message| message.words.contains("over 20 MB")).await;
    let forty_megapixels = blank_png("large.png", "image/png", 8_000, 5_000);
    let bomb = blank_png("holiday.jpg", "image/jpeg", 14_000, 14_000);
    assert!(bomb.bytes.len() < 20 * 1024 * 1024, "{}", bomb.bytes.len());
    person.send_documents(&[forty_megapixels, bomb]).await;
    person.send_photo(&photo(PictureKind::Clear, 0)).await;
    // One of 40 megapixels is taken, within bounds; one that would fill the memory is not.
    hear_verdicts(&person, 2, &["too large: send it as a photo"]).await;
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_photo_that_does_not_do_is_told_why() {
    use PictureKind::{Blurred, Clear, Covered, Dark, Minor, NoFace, Sunglasses, TwoFaces, Unsafe};
    let studio = quick_studio(&[]).await;
    let person = collecting(&studio).await;
    let kinds = [TwoFaces, NoFace, Dark, Sunglasses, Minor, Blurred, Covered, Unsafe, Clear];
    let photos: Vec<Sent> = kinds.into_iter().map(|kind| photo(kind, 1)).collect();
    person.send_album(&photos).await;
    person.hear_accepted(1).await;
    studio.wait_until_quiet().await;
    let said = collecting_message(&person).await;
    let verdicts = [
        "several people",
        "no face to be seen",
        "too dark: take it by a window",
        "sunglasses: take them off",
        "under 18",
        "the face is blurred",
        "the face is covered",
        "can't use a photo like this",
    ];
    let missing: Vec<_> = verdicts.into_iter().filter(|verdict| !said.words.contains(verdict)).collect();
    assert!(missing.is_empty() || said.words.contains("more."), "{missing:?} of {}", said.words);
    assert_eq!(studio.objects("photos/").len(), 1, "nothing is kept of the others");
    studio.close().await;
}

async fn collecting_message(person: &Person) -> Message {
    let chat = person.chat().await;
    chat.into_iter().rev().find(|message| message.words.contains("Photos for")).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_else_among_the_photos_is_noticed() {
    let studio = quick_studio(&[]).await;
    let person = collecting(&studio).await;
    let mut photos = portraits(0, 9);
    photos.insert(4, photo(PictureKind::OtherPerson, 4));
    person.send_album(&photos).await;
    let collected = hear_verdicts(&person, 9, &["somebody else", "At least 1 more photo"]).await;
    assert!(collected.button("Continue").is_none(), "{collected:?}");
    person.send_photo(&photo(PictureKind::Clear, 30)).await;
    person.hear_accepted(10).await;
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_photo_twenty_times_is_one() {
    let studio = quick_studio(&[]).await;
    let person = collecting(&studio).await;
    person.send_album(&vec![photo(PictureKind::Clear, 3); 20]).await;
    person.hear_accepted(1).await;
    // Nearly the same, in another size, is the same.
    let small = sandbox::test_pictures::picture(PictureKind::Clear, 3, 600, 750).unwrap();
    person.send_photo(&Sent::jpeg(small.to_vec())).await;
    hear_verdicts(&person, 1, &["almost the same as another one"]).await;
    studio.wait_until_quiet().await;
    assert_eq!(studio.objects("photos/").len(), 1);
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_album_in_reverse_order_with_one_lost() {
    let studio = quick_studio(&[]).await;
    let person = collecting(&studio).await;
    person.send_album_in_order(&portraits(0, 10), &[9, 8, 7, 6, 5, 3, 2, 1, 0]).await;
    person.hear_accepted(9).await;
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_25_photos_at_once_20_are_kept() {
    let studio = quick_studio(&[]).await;
    let person = collecting(&studio).await;
    person.send_album(&portraits(0, 25)).await;
    person.hear("that the set is full", |message| message.words.contains("full with 20")).await;
    studio.wait_until_quiet().await;
    let collected = collecting_message(&person).await;
    assert!(collected.words.contains("20 of 20 accepted"), "{}", collected.words);
    assert_eq!(studio.objects("photos/").len(), 20);

    // One makes room for another.
    person.press(&collected, "Look through").await;
    let leaf = person.hear("the first photo", |message| message.words.contains("1 of 20")).await;
    person.press(&leaf, "▶").await;
    let leaf = person.hear("the second photo", |message| message.words.contains("2 of 20")).await;
    person.press(&leaf, "Remove").await;
    person.hear("what is left", |message| message.words.contains("of 19")).await;
    person.send_photo(&photo(PictureKind::Clear, 40)).await;
    person.hear_accepted(20).await;
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_does_not_agree_leaves_nothing_behind() {
    let studio = quick_studio(&[]).await;
    let person = studio.person().await;
    person.say("/avatars").await;
    let cards = person.hear("the avatars", |message| message.button("New avatar").is_some()).await;
    person.press(&cards, "New avatar").await;
    let consent = person.hear("the consent", |message| message.button("I don't agree").is_some()).await;
    person.press(&consent, "I don't agree").await;
    person.hear("that it ends", |message| message.words.contains("Nothing was kept")).await;
    let system = studio.wait_until_quiet().await;
    assert_eq!(system["avatars"].as_array().unwrap().len(), 0);
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_two_to_fifty_characters_and_only_text() {
    let studio = quick_studio(&[]).await;
    let person = studio.person().await;
    person.say("/avatars").await;
    let cards = person.hear("the avatars", |message| message.button("New avatar").is_some()).await;
    person.press(&cards, "New avatar").await;
    let consent = person.hear("the consent", |message| message.button("I agree").is_some()).await;
    person.press(&consent, "I agree").await;
    person.hear("the question for a name", |message| message.words.contains("What shall we call")).await;
    for (name, answer) in
        [("x", "at least 2"), ("🦊🦊🦊", "a letter or a digit"), (&"long ".repeat(11), "at most 50")]
    {
        person.say(name).await;
        person.hear(answer, |message| message.words.contains(answer)).await;
    }
    person.say("<b>Ann</b> & 'Bo'").await;
    let kinds = person.hear("the kinds", |message| message.button("Portrait").is_some()).await;
    assert!(kinds.words.contains("<b>Ann</b> & 'Bo'"), "{}", kinds.words);
    studio.close().await;
}
