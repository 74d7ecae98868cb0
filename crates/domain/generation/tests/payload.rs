//! The stored form of a generation. The golden texts are rows as earlier releases wrote them: they must decode for ever.

use generation::{
    Accepted, Audience, DeliveredAs, Delivery, FailureReason, Generation, Intent, PayloadColumns,
    PayloadError, ProviderHandle, SlotEnd, State,
};
use kernel::{AccountId, ChatId, GenerationId, MessageId, Timestamp};
use uuid::Uuid;

const GOLDEN_SUBMITTED: &str = include_str!("golden/generation-1-submitted.json");
const GOLDEN_FAILED: &str = include_str!("golden/generation-1-failed.json");

fn columns() -> PayloadColumns {
    PayloadColumns {
        id: GenerationId::new(Uuid::from_u128(7)),
        account: AccountId::new(Uuid::from_u128(1)),
        intent: Intent::button(1),
        created_at: Timestamp::from_seconds(1),
        deadline: Timestamp::from_seconds(2),
        version: 9,
    }
}

#[test]
fn a_row_of_version_1_under_way_decodes() {
    let row = Generation::from_payload(columns(), GOLDEN_SUBMITTED).unwrap();
    assert_eq!(row.version, 9);
    assert_eq!(row.request.prompt.as_str(), "рыжая лиса <на снегу>");
    assert_eq!(
        (row.request.aspect_ratio.as_str(), row.request.count.get(), row.request.seed),
        ("16:9", 3, 42)
    );
    assert_eq!(
        row.state,
        State::Submitted {
            since: Timestamp::from_micros(1_795_478_400_000_000),
            accepted: vec![Accepted { slots: vec![1, 2], handle: ProviderHandle::new("{\"id\":\"r1\"}") }],
        }
    );
    assert_eq!(row.slots[0].arrived, Some(1));
    assert_eq!(row.slots[1].end, None);
    assert_eq!(row.audience, Audience { chat: ChatId::new(42), progress_message: Some(MessageId::new(17)) });
    assert_eq!(row.delivery, Delivery::NotStarted);
}

#[test]
fn a_row_of_version_1_at_its_end_decodes() {
    let row = Generation::from_payload(columns(), GOLDEN_FAILED).unwrap();
    assert_eq!(row.state, State::Failed(FailureReason::Internal { reference: "K7QM-2F9X".to_owned() }));
    assert_eq!(row.delivery, Delivery::Done { by: DeliveredAs::Told });
    assert_eq!(row.slots[0].end, Some(SlotEnd::Missing));
    assert_eq!(row.plan.last_failure.as_deref(), Some("no-answer"));
}

#[test]
fn what_is_written_is_read_back() {
    for golden in [GOLDEN_SUBMITTED, GOLDEN_FAILED] {
        let row = Generation::from_payload(columns(), golden).unwrap();
        let again = Generation::from_payload(columns(), &row.to_payload().unwrap()).unwrap();
        assert_eq!(again, row);
    }
}

#[test]
fn a_row_of_a_later_release_is_recognised_and_a_damaged_one_is_an_error() {
    let newer = GOLDEN_FAILED.replace("\"version\": 1", "\"version\": 2");
    assert!(matches!(Generation::from_payload(columns(), &newer), Err(PayloadError::Newer(2))));
    for damaged in ["", "{}", "{\"version\": 1}", "[1]"] {
        assert!(
            matches!(Generation::from_payload(columns(), damaged), Err(PayloadError::Damaged(_))),
            "{damaged}"
        );
    }
}
