//! Words, their stored names and their limits.

use std::collections::BTreeSet;
use std::time::Duration;

use kernel::{
    AccountId, Action, AspectRatio, ChatId, ClaimedJob, Credits, CreditsError, Cursor, DigestPurpose,
    FencingToken, GenerationId, ImageCount, ImageCountError, ImageFormat, JobClaim, JobId, JobKind, Language,
    LeaseName, MessageId, NewJob, ObjectKey, PageSize, Pausable, PerceptualHash, UnknownAspectRatio,
    UnknownJobKind, Urgency, WakeUp,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

fn kept<T: Serialize + DeserializeOwned>(value: &T) -> T {
    serde_json::from_str(&serde_json::to_string(value).expect("text")).expect("the same value")
}

#[test]
fn aspect_ratios_are_written_as_people_write_them() {
    assert_eq!(AspectRatio::ALL.map(AspectRatio::as_str), ["1:1", "3:4", "4:3", "9:16", "16:9"]);
    for ratio in AspectRatio::ALL {
        assert_eq!(ratio.to_string().parse(), Ok(ratio));
        assert_eq!(kept(&ratio), ratio);
    }
    assert_eq!("2:1".parse::<AspectRatio>(), Err(UnknownAspectRatio("2:1".to_owned())));
    assert!(serde_json::from_str::<AspectRatio>("\"2:1\"").is_err());
}

#[test]
fn a_request_is_for_one_to_four_images() {
    assert_eq!(ImageCount::ALL.map(ImageCount::get), [1, 2, 3, 4]);
    assert_eq!(ImageCount::default(), ImageCount::ONE);
    for count in ImageCount::ALL {
        assert_eq!(ImageCount::new(count.get()), Ok(count));
        assert_eq!(kept(&count), count);
        assert_eq!(count.to_string(), u8::from(count).to_string());
    }
    for wrong in [0, 5, u8::MAX] {
        assert_eq!(ImageCount::new(wrong), Err(ImageCountError(wrong)));
        assert!(serde_json::from_str::<ImageCount>(&wrong.to_string()).is_err());
    }
}

#[test]
fn languages_have_tags_of_their_own() {
    for language in Language::ALL {
        assert_eq!(language.tag().parse(), Ok(language));
        assert_eq!(kept(&language), language);
    }
}

#[test]
fn credits_are_read_back_and_stay_in_range() {
    assert_eq!(kept(&Credits::MAX), Credits::MAX);
    assert_eq!(Credits::new(Credits::MAX.get() + 1), Err(CreditsError::TooLarge));
    assert_eq!(CreditsError::Negative(-3).to_string(), "an amount of credits cannot be negative: -3");
    let sum: Credits = [Credits::MAX, Credits::MAX].into_iter().sum();
    assert_eq!(sum, Credits::MAX, "a sum for display stops at the largest amount");
    assert_eq!(Credits::of(7).minus_or_zero(Credits::of(3)), Credits::of(4));
    assert_eq!((Credits::of(7).to_string(), i64::from(Credits::of(7))), ("7".to_owned(), 7));
}

#[test]
fn ids_are_written_and_read_back() {
    let uuid = Uuid::from_u128(0x0198_7654_3210_7abc_8def_0123_4567_89ab);
    let account = AccountId::new(uuid);
    assert_eq!(account.to_string().parse(), Ok(account));
    assert_eq!((account.uuid(), kept(&account)), (uuid, account));
    assert!("no id".parse::<GenerationId>().is_err());
    let message = MessageId::new(-5);
    assert_eq!((message.get(), message.to_string().as_str(), kept(&message)), (-5, "-5", message));
}

#[test]
fn a_job_has_one_id_for_one_kind_and_subject() {
    let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let ids: BTreeSet<JobId> = JobKind::ALL
        .into_iter()
        .flat_map(|kind| [one, other].map(|subject| JobId::of(kind, subject)))
        .collect();
    assert_eq!(ids.len(), JobKind::ALL.len() * 2);
    let account = AccountId::new(other);
    let job = NewJob::now(account, JobKind::AdvanceGeneration, one);
    assert_eq!(job.delay, Duration::ZERO);
    let later = job.after(Duration::from_secs(5));
    assert_eq!(
        (later.delay, later.id()),
        (Duration::from_secs(5), JobId::of(JobKind::AdvanceGeneration, one))
    );
    assert_eq!(later.wake_up(), WakeUp { account, job: job.id(), urgency: Urgency::PersonWaits });
}

#[test]
fn kinds_of_jobs_are_read_back_and_know_their_limit() {
    for kind in JobKind::ALL {
        assert_eq!(kind.as_str().parse(), Ok(kind));
        let claimed = |attempt| ClaimedJob {
            claim: JobClaim {
                account: AccountId::new(Uuid::nil()),
                job: JobId::of(kind, Uuid::nil()),
                token: FencingToken::new(Uuid::nil()),
            },
            kind,
            subject: Uuid::nil(),
            attempt,
        };
        assert!(!claimed(kind.max_attempts()).is_exhausted());
        assert!(claimed(kind.max_attempts() + 1).is_exhausted());
    }
    assert_eq!("dance".parse::<JobKind>(), Err(UnknownJobKind("dance".to_owned())));
}

#[test]
fn leases_have_names() {
    assert_eq!(LeaseName::Poller.to_string(), "poller");
    assert_eq!(LeaseName::Sweeper.to_string(), "sweeper");
    assert_eq!(LeaseName::Chat(ChatId::new(-7)).to_string(), "chat:-7");
}

#[test]
fn what_is_paused_is_read_back() {
    for subject in [Pausable::Provider("google".to_owned()), Pausable::Model("fal-ai/flux-2: dev".to_owned())]
    {
        assert_eq!(subject.to_string().parse(), Ok(subject));
    }
    for wrong in ["google", "provider:", "model:", "chat:7", ""] {
        assert!(wrong.parse::<Pausable>().is_err(), "{wrong:?}");
    }
}

#[test]
fn names_in_keys_are_not_mixed_up() {
    let actions = [Action::Generate, Action::Press, Action::Write].map(Action::as_str);
    let purposes = [DigestPurpose::Identity, DigestPurpose::Callback, DigestPurpose::ObjectLink];
    let names: BTreeSet<&str> = actions.into_iter().chain(purposes.map(DigestPurpose::as_str)).collect();
    assert_eq!(names.len(), 6, "{names:?}");
}

#[test]
fn formats_are_known_by_media_type_and_extension() {
    for (format, media_type, extension) in [
        (ImageFormat::Jpeg, "image/jpeg", "jpg"),
        (ImageFormat::Png, "image/png", "png"),
        (ImageFormat::WebP, "image/webp", "webp"),
    ] {
        assert_eq!((format.media_type(), format.extension()), (media_type, extension));
        assert_eq!(kept(&format), format);
    }
}

#[test]
fn pictures_are_as_far_apart_as_their_bits() {
    let (one, other) = (PerceptualHash(0b1011), PerceptualHash(0b0010));
    assert_eq!((one.distance(other), other.distance(one), one.distance(one)), (2, 2, 0));
    assert_eq!(PerceptualHash(0).distance(PerceptualHash(u64::MAX)), 64);
}

#[test]
fn a_page_has_one_to_a_hundred_rows() {
    assert_eq!([0, 1, 50, 100, 255].map(|rows| PageSize::new(rows).get()), [1, 1, 50, 100, 100]);
    assert_eq!(Cursor::after(Uuid::from_u128(7)).id(), Uuid::from_u128(7));
}

#[test]
fn an_object_key_is_kept_as_its_text() {
    let key = ObjectKey::image(AccountId::new(Uuid::from_u128(1)), GenerationId::new(Uuid::from_u128(2)), 3);
    assert_eq!(kept(&key), key);
    assert_eq!(key.to_string(), key.as_str());
    assert!(serde_json::from_str::<ObjectKey>("\"../secrets\"").is_err());
}
