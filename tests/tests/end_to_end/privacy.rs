//! What is kept of a person is handed out and erased, whatever happens meanwhile.

use std::io::{Cursor, Read as _};

use serde_json::{Value, json};
use tests::{Fault, Message, Person, Studio, portraits};
use zip::ZipArchive;

use crate::world::{PORTRAIT, person_with_trainings, quick_studio};

/// Leases short enough to wait for.
const SHORT_LEASES: [(&str, &str); 1] = [("AISHA_WORKER__LEASE_SECONDS", "3")];

/// Prefixes of the keys of everything that belongs to people.
const PERSONAL: [&str; 8] =
    ["attempts/", "exports/", "images/", "photo-previews/", "photos/", "previews/", "trainings/", "weights/"];

/// A person with an avatar, its two previews, an image of it, another image, and a draft.
async fn person_with_everything(studio: &Studio) -> Person {
    let person = person_with_trainings(studio, 1).await;
    let confirmation = studio.about_to_train(&person, "Anna", &portraits(0, 10)).await;
    person.press(&confirmation, "Train").await;
    person.hear("that it is ready", |message| message.words.contains("is ready!")).await;
    studio.wait_until_quiet().await;
    person.draw("a red fox in snow").await;
    person.hear("the image", |message| message.file.is_some() && message.button("Again").is_some()).await;
    studio.wait_until_quiet().await;
    person
}

/// Asks for an image of which nothing comes.
async fn ask_in_vain(person: &Person) {
    person.draw("a purple heron and something forbidden").await;
    person.hear("why there is none", |message| message.words.contains("isn't possible")).await;
}

async fn privacy(person: &Person) -> Message {
    person.say("/privacy").await;
    person.hear("what is kept", |message| message.button("Export").is_some()).await
}

/// The second of the two questions before an erasure.
async fn last_question(person: &Person) -> Message {
    let page = privacy(person).await;
    person.press(&page, "Erase everything").await;
    let question = person.hear("what goes", |message| message.button("Erase everything…").is_some()).await;
    for part in ["3 images", "1 avatar", "10 photos", "unspent credits"] {
        assert!(question.words.contains(part), "{part} is missing in {}", question.words);
    }
    person.press(&question, "Erase everything…").await;
    person.hear("the last question", |message| message.button("Yes, erase").is_some()).await
}

async fn nothing_is_left(studio: &Studio, person: &Person) -> Value {
    let system = studio.wait_until_quiet().await;
    for prefix in PERSONAL {
        assert!(studio.objects(prefix).is_empty(), "{:?}", studio.objects(prefix));
    }
    for list in ["generations", "avatars"] {
        assert_eq!(system[list].as_array().unwrap().len(), 0, "{list}");
    }
    let accounts = system["accounts"].as_array().unwrap();
    assert!(accounts.iter().all(|account| account["telegram_id"] != person.id), "{accounts:#?}");
    let ledger = system["ledger"].as_array().unwrap();
    assert!(ledger.len() >= 4, "the ledger stays: {ledger:#?}");
    assert!(ledger.iter().all(|entry| entry["telegram_id"].is_null()), "and leads to nobody: {ledger:#?}");
    system
}

fn assert_receipt(receipt: &Message) {
    for part in [
        "3 images",
        "2 requests",
        "1 avatar",
        "10 photos",
        "weights of 1 avatar",
        "entries about credits stay",
    ] {
        assert!(receipt.words.contains(part), "{part} is missing in {}", receipt.words);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_handed_out_as_one_file() {
    let studio = quick_studio(&[]).await;
    let person = person_with_everything(&studio).await;
    ask_in_vain(&person).await;
    person.speak("a blue whale", 3).await;
    person.hear("what was heard", |message| message.words.contains("I heard")).await;
    let page = privacy(&person).await;
    for part in ["Images: 3", "Avatars: 1", "Photos for avatars: 10", "Trained weights: 1"] {
        assert!(page.words.contains(part), "{part} is missing in {}", page.words);
    }
    person.press(&page, "Export").await;
    let file = person
        .hear("the file", |message| message.file.as_ref().is_some_and(|file| file.0 == "document"))
        .await;
    person.hear("that this is all", |message| message.words.contains("everything I keep")).await;
    let bytes = person.download(&file.file.unwrap().1).await;
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = (0..archive.len())
        .map(|index| archive.by_index(index).unwrap().name().unwrap().into_owned())
        .collect();
    let count = |part: &str| names.iter().filter(|name| name.contains(part)).count();
    assert_eq!(count("avatars/01/photos/"), 10, "{names:?}");
    assert_eq!(count("weights.safetensors"), 1, "{names:?}");
    assert_eq!(count("profile.json"), 1, "{names:?}");
    // Three images and the list of them.
    assert_eq!(count("images/"), 4, "{names:?}");
    let mut read = |name: &str| {
        let mut words = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut words).unwrap();
        words
    };
    assert!(read("images/images.csv").contains("a red fox in snow"));
    let history = read("balance/history.csv");
    assert!(history.contains("capture") && history.contains("200"), "{history}");
    assert!(read("avatars/01/avatar.json").contains("Anna"));
    let requests = read("requests/images.csv");
    assert!(requests.contains("a purple heron") && requests.contains(",failed,"), "{requests}");
    assert!(requests.contains("a red fox in snow") && requests.contains(",delivered,"), "{requests}");
    let help = read("requests/help.csv");
    assert!(help.contains(",transcribe,,a blue whale"), "{help}");
    studio.wait_until_quiet().await;
    assert!(studio.objects("exports/").is_empty(), "whoever has it needs no copy of it here");
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_erased_and_the_welcome_is_given_once() {
    let studio = quick_studio(&[]).await;
    let person = person_with_everything(&studio).await;
    let question = last_question(&person).await;
    person.press(&question, "Yes, erase").await;
    let receipt = person.hear("the receipt", |message| message.words.contains("Everything is erased")).await;
    assert_receipt(&receipt);
    nothing_is_left(&studio, &person).await;
    let chat = person.chat().await;
    assert_eq!(chat.iter().filter(|message| message.words.contains("Everything is erased")).count(), 1);
    studio.pass_time_at_fal(7 * 24 * 60 * 60).await;
    assert!(studio.fal_files().await.is_empty());

    person.say("/start").await;
    let terms = person.hear("the terms, anew", |message| message.button("Accept").is_some()).await;
    person.press(&terms, "Accept").await;
    person.hear("the menu", |message| message.button("Gallery").is_some()).await;
    person.say("/balance").await;
    person.hear("the balance", |message| message.words.contains('0') && !message.words.contains("40")).await;
    let system = studio.wait_until_quiet().await;
    let accounts = system["accounts"].as_array().unwrap();
    let account = accounts.iter().find(|account| account["telegram_id"] == person.id);
    assert!(account.is_none_or(|account| account["bonus"] == 0), "{account:?}");
    studio.close().await;
}

/// A training under way has set credits aside and stops; nobody pays for it.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_erased_while_an_avatar_is_trained_leaves_nothing_behind() {
    let studio = quick_studio(&[]).await;
    let person = person_with_trainings(&studio, 1).await;
    studio.providers(json!({ "training_ms": 60_000 })).await;
    let confirmation = studio.about_to_train(&person, "Anna", &portraits(0, 10)).await;
    person.press(&confirmation, "Train").await;
    studio.wait_for_status("Anna", "training").await;
    let page = privacy(&person).await;
    person.press(&page, "Erase everything").await;
    let question = person.hear("what goes", |message| message.button("Erase everything…").is_some()).await;
    person.press(&question, "Erase everything…").await;
    let last = person.hear("the last question", |message| message.button("Yes, erase").is_some()).await;
    person.press(&last, "Yes, erase").await;
    person.hear("the receipt", |message| message.words.contains("Everything is erased")).await;
    let system = nothing_is_left(&studio, &person).await;
    let ledger = system["ledger"].as_array().unwrap();
    let released = ledger.iter().any(|entry| entry["kind"] == "release" && entry["amount"] == PORTRAIT);
    assert!(released, "{ledger:#?}");
    let cancelled = studio.calls("fal", "/cancel").await;
    assert!(cancelled.iter().any(|call| call["status"] == 202), "{cancelled:#?}");
    studio.close().await;
}

/// Orders an erasure with a call to Telegram held, kills the bot there, and starts it.
async fn killed_at_the_receipt(kind: &str) {
    let studio = quick_studio(&SHORT_LEASES).await;
    let person = person_with_everything(&studio).await;
    let question = last_question(&person).await;
    // The order edits the question; what is sent afterwards is the receipt.
    studio.let_fail(Fault::once("telegram", json!({ "kind": kind })).of("sendMessage")).await;
    person.press(&question, "Yes, erase").await;
    studio.wait_for_held(1).await;
    ends_after_a_kill(studio, person).await;
}

async fn ends_after_a_kill(studio: Studio, person: Person) {
    studio.kill_bot().await;
    studio.let_all_be_well().await;
    studio.start_bot().await;
    let receipt = person.hear("the receipt", |message| message.words.contains("Everything is erased")).await;
    assert_receipt(&receipt);
    nothing_is_left(&studio, &person).await;
    studio.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_killed_in_the_middle_of_an_erasure() {
    let studio = quick_studio(&SHORT_LEASES).await;
    let person = person_with_everything(&studio).await;
    let before = studio.objects("").len();
    let question = last_question(&person).await;
    person.press(&question, "Yes, erase").await;
    // The objects go one by one, so that this is before the end.
    while studio.objects("").len() == before {
        tokio::task::yield_now().await;
    }
    ends_after_a_kill(studio, person).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_killed_before_the_receipt_of_an_erasure() {
    killed_at_the_receipt("hold").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_killed_after_the_receipt_of_an_erasure() {
    killed_at_the_receipt("hold_after_effect").await;
}
