//! How far a result, or the news of a failure, has got on its way to the person.

use serde::{Deserialize, Serialize};

/// How the person was reached in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeliveredAs {
    /// The progress message became the image.
    Edited,
    /// New messages brought the images.
    Sent,
    /// A message that opens the gallery, because it is unknown whether the images were sent.
    GalleryMessage,
    /// The progress message became the news that nothing came of it.
    Told,
    /// The person cannot be reached: they blocked the bot or are gone.
    Unreachable,
}

/// How far it has got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "delivery", rename_all = "kebab-case")]
pub enum Delivery {
    /// Nothing was sent yet.
    NotStarted,
    /// The progress message becomes the image, or did when a process died or heard no answer. Once begun, it is begun
    /// again and never sent as well: an edit may be repeated.
    Placing,
    /// New messages are being sent, or were when a process died.
    Sending,
    /// The images are there, the message with their buttons is not yet.
    Shown,
    /// The person was reached.
    Done {
        /// How.
        by: DeliveredAs,
    },
}
