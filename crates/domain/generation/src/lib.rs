//! Generations: requests for images, from the press of a button to the images in the chat.
//!
//! A generation is a state machine. What happens next is decided by pure functions ([`machine`]); the service loads,
//! decides, acts and stores, and may be run any number of times, by anyone, at any moment.
//!
//! **Architecture invariant:** no call to a provider, the messenger or the object store happens inside a unit of work.
#![deny(missing_docs)]

mod assistance;
mod delivery;
mod generation;
mod generator;
mod help;
mod help_payload;
mod likeness;
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

pub use assistance::{
    HelpFailure, HelpInserted, HelpNotifier, HelpRequest, HelpRequests, HelpState, HelpTask, HelpUnitOfWork,
    HelpWriter, PromptAssistant, Transcriber, Wording, WordingGoal,
};
#[cfg(feature = "mock")]
pub use assistance::{MockPromptAssistant, MockTranscriber};
pub use delivery::{DeliveredAs, Delivery};
pub use generation::{Generation, ImageRequest, Plan};
#[cfg(feature = "mock")]
pub use generator::MockImageGenerator;
pub use generator::{
    GeneratedImage, ImageGenerator, ImageSource, Submission, SubmissionOutcome, WorkProgress,
};
pub use help_payload::{HELP_PAYLOAD_VERSION, HelpColumns, HelpPayloadError};
// Words of the kernel that everybody who deals with generations needs.
pub use help::{HelpError, HelpOutcome, HelpPolicy, HelpPorts, HelpService, NewHelp};
pub use kernel::{Audience, CallbackSupport, Intent, ModelId, NotifyError, ProviderHandle, ProviderName};
pub use likeness::{Likeness, ReferenceForm, ReferencePhoto, SubmittedLikeness};
pub use machine::CallbackHope;
pub use model::{ChainError, ModelEntry, ModelKind, ModelRegistry, RegistryError};
pub use notifier::{
    Attention, Ending, Notifier, ProgressStage, ResultImage, ResultView, ShownImage, ShownResult,
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
