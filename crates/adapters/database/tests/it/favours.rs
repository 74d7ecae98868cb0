//! What help, refusals and the wish for privacy ask of the database in a person's life.

use account::{
    Erasure, ErasureState, ExportInserted, ExportRequest, ExportScope, ExportState, PrivacyRequests, Refusals,
};
use balance::BalanceReader;
use database_adapter::Database;
use gallery::Gallery;
use generation::{
    GenerationReader, GenerationUnits, HelpInserted, HelpRequest, HelpRequests, HelpState, HelpTask, Prompt,
};
use kernel::{
    AccountId, Audience, ChatId, ExportId, HelpId, IdSource, Intent, Inventory, Language, Timestamp,
};

use crate::fixture::Fixture;

const AUDIENCE: Audience = Audience { chat: ChatId::new(7), progress_message: None };

/// Asks for help until the day's are used up.
pub async fn ask_for_help(fixture: &Fixture, database: &Database, account: AccountId) {
    let request = HelpRequest {
        id: HelpId::new(fixture.ids.uuid()),
        account,
        intent: Intent::button(11),
        task: HelpTask::Translate {
            prompt: Prompt::new("лиса в снегу").expect("a description"),
            avatar: None,
            variation: 0,
        },
        language: Language::Russian,
        state: HelpState::Waiting,
        audience: AUDIENCE,
        created_at: Timestamp::EPOCH,
        version: 0,
    };
    let mut unit = HelpRequests::begin(database).await.expect("a unit");
    let inserted = unit.helps().insert(&request, 1).await.expect("inserted");
    let HelpInserted::New(request) = inserted else { panic!("{inserted:?}") };
    let again = unit.helps().insert(&request, 1).await.expect("inserted");
    assert!(matches!(again, HelpInserted::Existing(_)), "{again:?}");
    let other = HelpRequest { intent: Intent::button(12), ..request.clone() };
    assert_eq!(unit.helps().insert(&other, 1).await.expect("inserted"), HelpInserted::CapReached);
    unit.helps().update(&request).await.expect("updated");
    unit.commit().await.expect("a commit");
    assert!(HelpRequests::find(database, account, request.id).await.expect("found").is_some());
    assert_eq!(HelpRequests::count(database, account).await.expect("a count"), 1);
}

/// Is refused, asks for what is kept, and has it erased.
pub async fn ask_for_privacy(fixture: &Fixture, database: &Database, account: AccountId) {
    for key in ["one", "two", "three", "three"] {
        database.record(account, key).await.expect("recorded");
    }
    assert!(database.standing(account).await.expect("a standing").paused_until.is_some());
    export(fixture, database, account).await;
    erase(database, account).await;
}

async fn export(fixture: &Fixture, database: &Database, account: AccountId) {
    let request = ExportRequest {
        id: ExportId::new(fixture.ids.uuid()),
        account,
        intent: Intent::button(13),
        scope: ExportScope::Everything,
        language: Language::Russian,
        state: ExportState::Waiting,
        audience: AUDIENCE,
        created_at: Timestamp::EPOCH,
        version: 0,
    };
    let mut unit = PrivacyRequests::begin(database).await.expect("a unit");
    let inserted = unit.privacy().insert_export(&request).await.expect("inserted");
    let ExportInserted::New(request) = inserted else { panic!("{inserted:?}") };
    let again = unit.privacy().insert_export(&request).await.expect("inserted");
    assert!(matches!(again, ExportInserted::Existing(_)), "{again:?}");
    let done = ExportRequest { state: ExportState::Done, ..request };
    unit.privacy().update_export(&done).await.expect("updated");
    unit.commit().await.expect("a commit");
    assert!(database.export(account, done.id).await.expect("found").is_some());
    assert!(database.forget_export(account, done.id).await.expect("forgotten"));
}

async fn erase(database: &Database, account: AccountId) {
    let erasure = Erasure {
        account,
        state: ErasureState::Erasing,
        chat: Some(AUDIENCE.chat),
        language: Language::Russian,
        inventory: Inventory::new(),
        requested_at: Timestamp::EPOCH,
        version: 0,
    };
    assert_eq!(database.messages(account).await.expect("a count"), 0);
    assert!(database.count_entries(account).await.expect("a count") > 0);
    assert_eq!(GenerationReader::count(database, account).await.expect("a count"), 1);
    assert_eq!(database.open_holds(account).await.expect("holds"), []);
    let mut unit = PrivacyRequests::begin(database).await.expect("a unit");
    let begun = unit.privacy().begin_erasure(&erasure).await.expect("begun");
    unit.commit().await.expect("a commit");
    for erased in [
        Gallery::erase_all(database, account).await,
        GenerationUnits::erase_all(database, account).await,
        HelpRequests::erase_all(database, account).await,
    ] {
        assert_eq!(erased.expect("erased"), 1);
    }
    let mut unit = PrivacyRequests::begin(database).await.expect("a unit");
    unit.privacy().forget_person(account).await.expect("forgotten");
    unit.privacy().update_erasure(&begun).await.expect("updated");
    unit.commit().await.expect("a commit");
    assert!(database.erasure(account).await.expect("found").is_some());
}
