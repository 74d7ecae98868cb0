//! Drafts: consent, the steps and the ways back, and what is dropped.

use avatar::{
    AvatarName, AvatarState, ConsentVersion, DraftChange, DraftOutcome, KindName, PresetName, StateName,
    WizardStep,
};
use kernel::{Audience, ChatId, JobKind, JobState, MessageId};

use crate::studio::{Studio, audience, registry};

#[tokio::test]
async fn a_draft_keeps_what_was_agreed_to_and_when() {
    let studio = Studio::open().await;
    let digest = "ab".repeat(32);
    let begun = studio.service.begin_draft(studio.account, digest.clone(), audience()).await.unwrap();
    let DraftOutcome::Begun(draft) = begun else { panic!("too many") };
    assert_eq!((draft.state.name(), draft.step), (StateName::Draft, WizardStep::Name));
    assert_eq!((draft.consent.version, &draft.consent.text_digest), (ConsentVersion::CURRENT, &digest));
    assert_eq!(draft.consent.given_at, studio.now());
    assert_eq!(studio.service.draft(studio.account).await.unwrap().map(|draft| draft.id), Some(draft.id));
    assert_eq!(draft.title(), "");
}

#[tokio::test]
async fn each_answer_leads_to_the_next_question_and_back() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Portrait).await;
    let change =
        async |change| studio.service.change_draft(studio.account, id, &change).await.unwrap().unwrap();
    let draft = studio.look(id).await;
    assert_eq!(
        (draft.state.name(), draft.step, draft.title()),
        (StateName::Collecting, WizardStep::Photos, "Anna")
    );

    let back = change(DraftChange::Step(WizardStep::Kind)).await;
    assert_eq!((back.state.name(), back.step), (StateName::Collecting, WizardStep::Kind));
    let style = change(DraftChange::Kind(KindName::Style)).await;
    assert_eq!((style.kind.unwrap().name(), style.step), (KindName::Style, WizardStep::Photos));
    let preset = change(DraftChange::Preset(PresetName::Thorough)).await;
    assert_eq!((preset.preset, preset.step), (Some(PresetName::Thorough), WizardStep::Confirm));
    change(DraftChange::Step(WizardStep::Name)).await;
    let renamed = change(DraftChange::Name(AvatarName::new("Maria").unwrap())).await;
    assert_eq!((renamed.title(), renamed.step), ("Maria", WizardStep::Photos), "the kind is known by now");
    let elsewhere = Audience { chat: ChatId::new(42), progress_message: Some(MessageId::new(8)) };
    assert_eq!(change(DraftChange::Audience(elsewhere)).await.audience, elsewhere);
    let leafing = Some(MessageId::new(9));
    assert_eq!(change(DraftChange::LeafingMessage(leafing)).await.leafing_message, leafing);
}

#[tokio::test]
async fn the_same_kind_again_keeps_what_was_compared_and_another_forgets_it() {
    let studio = Studio::open().await;
    let id = studio.prepare(KindName::Portrait).await;
    let kind = async |kind| {
        let change = DraftChange::Kind(kind);
        studio.service.change_draft(studio.account, id, &change).await.unwrap().unwrap().compared.len()
    };
    assert_eq!(kind(KindName::Portrait).await, 10);
    assert_eq!(kind(KindName::Style).await, 0);
}

#[tokio::test]
async fn what_is_no_draft_any_more_takes_no_answers() {
    let studio = Studio::open().await;
    let id = studio.ordered().await;
    let step = DraftChange::Step(WizardStep::Name);
    assert_eq!(studio.service.change_draft(studio.account, id, &step).await.unwrap(), None);
    assert!(!studio.service.discard_draft(studio.account, id).await.unwrap());
    assert_eq!(studio.service.draft(studio.account).await.unwrap(), None);
}

#[tokio::test]
async fn a_person_has_so_many_avatars_at_most() {
    let studio = Studio::open().await;
    let most = studio.service.policy().max_avatars;
    for _ in 0..most {
        studio.begin(KindName::Style).await;
    }
    let refused = studio.service.begin_draft(studio.account, String::new(), audience()).await.unwrap();
    assert_eq!(refused, DraftOutcome::TooMany(most));
}

#[tokio::test]
async fn a_discarded_draft_goes_with_its_photos_and_without_a_word() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Portrait).await;
    studio.fill(id, 3).await;
    assert_eq!(studio.keys("photos").len(), 3);
    assert!(studio.service.discard_draft(studio.account, id).await.unwrap());
    assert!(!studio.service.discard_draft(studio.account, id).await.unwrap());
    studio.run_due().await;
    assert!(studio.objects.keys().is_empty());
    let gone = studio.look(id).await;
    assert_eq!((gone.state, gone.name), (AvatarState::Deleted, None));
    assert_eq!(studio.service.find(studio.account, id).await.unwrap(), None);
    assert!(studio.receipts().is_empty());
}

#[tokio::test]
async fn a_draft_that_nobody_touches_is_dropped_after_a_while() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Portrait).await;
    studio.fill(id, 3).await;
    let retention = studio.service.policy().draft_retention;
    studio.pass(retention / 2).await;
    let step = DraftChange::Step(WizardStep::Photos);
    studio.service.change_draft(studio.account, id, &step).await.unwrap().unwrap();
    studio.pass(retention / 2 + retention / 4).await;
    assert_eq!(studio.look(id).await.state, AvatarState::Collecting, "it was touched in between");
    studio.pass(retention / 2).await;
    assert_eq!(studio.look(id).await.state, AvatarState::Deleted);
    assert!(studio.objects.keys().is_empty() && studio.photos(id).await.is_empty());
    studio.pass(retention).await;
    assert_eq!(studio.job_state(JobKind::EraseAvatar, id.uuid()), Some(JobState::Done));
    studio.audit().await;
}

#[tokio::test]
async fn nobody_changes_the_draft_of_another() {
    let studio = Studio::open().await;
    let id = studio.begin(KindName::Style).await;
    let nobody = kernel::AccountId::new(uuid::Uuid::nil());
    let step = DraftChange::Step(WizardStep::Name);
    assert_eq!(studio.service.change_draft(nobody, id, &step).await.unwrap(), None);
    assert!(!studio.service.discard_draft(nobody, id).await.unwrap());
    assert_eq!(studio.service.registry().all().count(), registry().all().count());
}
