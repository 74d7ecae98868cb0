//! Generations: requests for images, from the press of a button to the images in the chat.
//!
//! A generation is a state machine. What happens next is decided by pure functions ([`machine`]); the service loads,
//! decides, acts and stores, and may be run any number of times, by anyone, at any moment.
//!
//! **Architecture invariant:** no call to a provider, the messenger or the object store happens inside a unit of work.
#![deny(missing_docs)]

mod delivery;
mod generation;
mod generator;
mod intent;
pub mod machine;
mod model;
mod notifier;
mod payload;
mod policy;
mod prompt;
mod repository;
mod service;
mod slot;
mod state;

pub use delivery::{Audience, DeliveredAs, Delivery};
pub use generation::{Generation, ImageRequest, Plan};
#[cfg(feature = "mock")]
pub use generator::MockImageGenerator;
pub use generator::{
    CallbackSupport, GeneratedImage, ImageGenerator, ImageSource, ProviderHandle, Submission,
    SubmissionOutcome, WorkProgress,
};
pub use intent::Intent;
pub use machine::CallbackHope;
pub use model::{ChainError, ModelEntry, ModelId, ModelKind, ModelRegistry, ProviderName, RegistryError};
pub use notifier::{
    Attention, Ending, Notifier, NotifyError, ProgressStage, ResultImage, ResultView, ShownImage, ShownResult,
};
pub use payload::{PAYLOAD_VERSION, PayloadColumns, PayloadError};
pub use policy::{GenerationPolicy, PolicyError};
pub use prompt::{Prompt, PromptError};
pub use repository::{
    CallbackInbox, GenerationReader, GenerationUnits, GenerationWriter, Inserted, Parked, ParkedCallback,
    UnitOfWork,
};
pub use service::{
    AdvanceError, CancelOutcome, GenerationPorts, GenerationService, NewRequest, Quote, RequestError,
    RequestOutcome,
};
pub use slot::{Slot, SlotEnd};
pub use state::{Accepted, FailureReason, State, StateName, UnknownState};
