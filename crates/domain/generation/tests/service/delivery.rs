//! How a result reaches its person.

use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use generation::{Attention, DeliveredAs, Delivery, GenerationUnits as _, StateName};
use kernel::Jobs as _;
use testkit::fakes::{MemoryDatabase, RecordingNotifier};
use testkit::weather::{Fate, Weather};

use crate::failing::Failing;
use crate::workshop::{Workshop, both, kinds};

#[tokio::test]
async fn one_image_takes_the_place_of_the_progress_message() {
    let workshop = Workshop::open(both()).await;
    let id = workshop.begin("a fox", 1).await;
    let done = workshop.work(id).await;
    assert_eq!(done.delivery, Delivery::Done { by: DeliveredAs::Edited });
    assert_eq!(kinds(&workshop.notifier.heard()), ["in place"]);
    let item = &workshop.items(id).await[0];
    assert_eq!(item.files.photo, Some(format!("file-{}", item.kept.id)));
}

#[tokio::test]
async fn several_images_come_as_an_album_and_their_buttons_after_it() {
    let workshop = Workshop::open(both()).await;
    let id = workshop.begin("a fox", 3).await;
    let done = workshop.work(id).await;
    assert_eq!(done.delivery, Delivery::Done { by: DeliveredAs::Sent });
    assert_eq!(kinds(&workshop.notifier.heard()), ["images", "controls"]);
}

#[tokio::test]
async fn a_person_who_looks_elsewhere_or_waited_long_gets_a_new_message() {
    let elsewhere = Workshop::open(both()).await;
    elsewhere.notifier.set_attention(Attention::Elsewhere);
    let id = elsewhere.begin("a fox", 1).await;
    elsewhere.work(id).await;
    assert_eq!(kinds(&elsewhere.notifier.heard()), ["images", "controls"]);

    let patient = Workshop::open(both()).await;
    let id = patient.begin("a fox", 1).await;
    patient.clock.advance(Duration::from_secs(61));
    patient.work(id).await;
    assert_eq!(kinds(&patient.notifier.heard()), ["images", "controls"]);
}

#[tokio::test]
async fn after_a_crash_in_the_gap_of_sending_the_gallery_is_shown_and_nothing_is_sent_twice() {
    let workshop = Workshop::open(both()).await;
    let id = workshop.begin("a fox", 2).await;
    workshop.work(id).await;
    let sent_before = workshop.notifier.heard().len();
    // The process died after "sending" was written: that is how the next one finds it.
    let mut found = workshop.look(id).await;
    found.state = generation::State::Stored;
    found.delivery = Delivery::Sending;
    let mut unit = workshop.database.begin().await.unwrap();
    unit.generations().update(&found).await.unwrap();
    let job = kernel::NewJob::now(workshop.account, kernel::JobKind::AdvanceGeneration, id.uuid());
    unit.jobs().schedule(&job).await.unwrap();
    unit.commit().await.unwrap();

    let done = workshop.work(id).await;
    assert_eq!(done.delivery, Delivery::Done { by: DeliveredAs::GalleryMessage });
    assert_eq!(kinds(&workshop.notifier.heard()[sent_before..]), ["gallery"]);
    assert_eq!(done.state.name(), StateName::Delivered);
}

async fn with_notifier(port: &'static str, fate: Fate, failures: u32) -> (Workshop, RecordingNotifier) {
    let notifier = RecordingNotifier::under(Failing::first(failures, port, fate));
    let heard = notifier.clone();
    let workshop = Workshop::open_with(both(), |ports| ports.notifier = Arc::new(notifier)).await;
    (workshop, heard)
}

#[tokio::test]
async fn an_answer_lost_while_sending_leads_to_the_gallery() {
    let (workshop, notifier) = with_notifier("notifier.send_images", Fate::FailsAfter, 1).await;
    let id = workshop.begin("a fox", 2).await;
    let done = workshop.work(id).await;
    assert_eq!(done.delivery, Delivery::Done { by: DeliveredAs::GalleryMessage });
    assert_eq!(kinds(&notifier.heard()), ["images", "gallery"]);
}

#[tokio::test]
async fn an_edit_is_repeated_until_it_gets_through() {
    let (workshop, notifier) = with_notifier("notifier.show_in_place", Fate::FailsBefore, 3).await;
    let id = workshop.begin("a fox", 1).await;
    let done = workshop.work(id).await;
    assert_eq!(done.delivery, Delivery::Done { by: DeliveredAs::Edited });
    assert_eq!(kinds(&notifier.heard()), ["in place"]);
}

#[tokio::test]
async fn an_edit_of_unknown_fate_is_repeated_and_never_sent_as_well() {
    let (workshop, notifier) = with_notifier("notifier.show_in_place", Fate::FailsAfter, 1).await;
    let id = workshop.begin("a fox", 1).await;
    let job = workshop.claim(id).await.unwrap();
    let error = workshop.service.advance(&job).await.unwrap_err();
    workshop.database.retry(&job.claim, Duration::ZERO, &error.to_string()).await.unwrap();
    assert_eq!(workshop.look(id).await.delivery, Delivery::Placing);
    // A result of which nothing was shown would be sent now.
    notifier.set_attention(Attention::Elsewhere);
    let done = workshop.work(id).await;
    assert_eq!(done.delivery, Delivery::Done { by: DeliveredAs::Edited });
    assert_eq!(kinds(&notifier.heard()), ["in place", "in place"]);
}

#[tokio::test]
async fn a_messenger_that_stays_away_does_not_take_the_images_or_the_credits() {
    let (workshop, _) = with_notifier("notifier.show_in_place", Fate::FailsBefore, 1_000).await;
    let id = workshop.begin("a fox", 1).await;
    let done = workshop.work(id).await;
    assert_eq!(done.state.name(), StateName::Delivered);
    assert_eq!(done.delivery, Delivery::Done { by: DeliveredAs::GalleryMessage });
    assert_eq!(workshop.credits().await, (35, 0));
    workshop.audit().await;
}

/// Looks at what is written down of the delivery whenever the messenger hears of it.
#[derive(Default)]
struct Onlooker {
    database: OnceLock<MemoryDatabase>,
    seen: Mutex<Vec<(&'static str, Delivery)>>,
}

impl Weather for Onlooker {
    fn fate(&self, port: &'static str) -> Fate {
        if port != "notifier.show_progress"
            && let Some(database) = self.database.get()
        {
            let committed = database.committed();
            let delivery = committed.generations.values().next().unwrap().delivery.clone();
            self.seen.lock().unwrap().push((port, delivery));
        }
        Fate::Fair
    }

    fn die(&self) {}
}

#[tokio::test]
async fn what_the_messenger_is_asked_for_is_written_down_before() {
    for (images, expected) in [
        (1, vec![("notifier.show_in_place", Delivery::Placing)]),
        (2, vec![("notifier.send_images", Delivery::Sending), ("notifier.send_controls", Delivery::Shown)]),
    ] {
        let onlooker = Arc::new(Onlooker::default());
        let notifier = RecordingNotifier::under(Arc::<Onlooker>::clone(&onlooker));
        let workshop = Workshop::open_with(both(), |ports| ports.notifier = Arc::new(notifier)).await;
        assert!(onlooker.database.set(workshop.database.clone()).is_ok());
        let id = workshop.begin("a fox", images).await;
        workshop.work(id).await;
        assert_eq!(*onlooker.seen.lock().unwrap(), expected);
    }
}
