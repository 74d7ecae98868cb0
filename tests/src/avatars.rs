//! How a person gets an avatar.

use crate::files::Sent;
use crate::person::{Message, Person};
use crate::studio::Studio;

impl Person {
    /// Agrees to an avatar, names it, and chooses its kind by the label of its button; the message that collects photos.
    pub async fn begin_avatar(&self, name: &str, kind: &str) -> Message {
        self.say("/avatars").await;
        let cards = self.hear("the avatars", |message| message.button("New avatar").is_some()).await;
        self.press(&cards, "New avatar").await;
        let consent = self.hear("the consent", |message| message.button("I agree").is_some()).await;
        self.press(&consent, "I agree").await;
        self.hear("the question for a name", |message| message.words.contains("What shall we call")).await;
        self.say(name).await;
        let kinds = self.hear("the kinds", |message| message.button(kind).is_some()).await;
        self.press(&kinds, kind).await;
        self.hear("where to send photos", |message| message.words.contains("0 of")).await
    }

    /// Waits until so many photos are accepted and none is being looked at; the message that collects them.
    pub async fn hear_accepted(&self, count: usize) -> Message {
        let counter = format!("{count} of ");
        self.hear(&format!("that {count} photos are accepted"), |message| {
            message.words.lines().any(|line| line.starts_with(&counter) && line.contains("accepted"))
                && !message.words.contains("being looked at")
        })
        .await
    }

    /// Goes from the collected photos over the preset to the confirmation, which has the paid button.
    pub async fn choose_preset(&self, collecting: &Message, preset: &str) -> Message {
        self.press(collecting, "Continue").await;
        let presets = self.hear("the presets", |message| message.button(preset).is_some()).await;
        self.press(&presets, preset).await;
        self.hear("the confirmation", |message| message.button("Train").is_some()).await
    }
}

impl Studio {
    /// A person with `photos` collected for a portrait called `name`, at the confirmation with its paid button.
    pub async fn about_to_train(&self, person: &Person, name: &str, photos: &[Sent]) -> Message {
        person.begin_avatar(name, "Portrait").await;
        person.send_album(photos).await;
        person.hear_accepted(photos.len()).await;
        self.wait_for_compared().await;
        let collecting =
            person.chat().await.into_iter().rev().find(|message| message.button("Continue").is_some());
        person.choose_preset(&collecting.unwrap(), "Standard").await
    }

    /// Waits until the photos of a draft were compared with each other, after which it can be ordered.
    pub async fn wait_for_compared(&self) {
        self.wait_for("the photos to be compared", |system| {
            let jobs = system["jobs"].as_array().into_iter().flatten();
            jobs.into_iter()
                .filter(|job| matches!(job["kind"].as_str(), Some("check-photo" | "review-photos")))
                .all(|job| matches!(job["state"].as_str(), Some("done" | "buried")))
        })
        .await;
    }

    /// An avatar's status: `collecting`, `training`, `ready`, …; none when there is no such avatar.
    pub async fn status_of(&self, name: &str) -> Option<String> {
        let system = self.system().await;
        let avatars = system["avatars"].as_array().unwrap();
        let avatar = avatars.iter().find(|avatar| avatar["name"] == name)?;
        Some(avatar["status"].as_str().unwrap().to_owned())
    }

    /// Waits until an avatar has a status.
    pub async fn wait_for_status(&self, name: &str, status: &str) {
        self.wait_for(&format!("{name} to be {status}"), |system| {
            let avatars = system["avatars"].as_array().into_iter().flatten();
            avatars.into_iter().any(|avatar| avatar["name"] == name && avatar["status"] == status)
        })
        .await;
    }
}
