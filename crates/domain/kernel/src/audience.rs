//! Where a person waits for something.

use serde::{Deserialize, Serialize};

use crate::{ChatId, MessageId};

/// Where the person waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audience {
    /// The conversation.
    pub chat: ChatId,
    /// The one message that is edited while the work goes on; `None` until it was sent.
    pub progress_message: Option<MessageId>,
}
