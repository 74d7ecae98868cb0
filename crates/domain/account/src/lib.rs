//! People: who they are, how they want to be spoken to, what they agreed to, and whether they may come in.
#![deny(missing_docs)]

mod account;
mod invites;
mod privacy;
mod privacy_payload;
mod privacy_service;
mod profile_cache;
mod refusals;
mod repository;
mod service;
mod telegram_user;
mod zone;

pub use account::{Account, ImageDefaults, Standing, TermsVersion, UnknownStanding, WelcomeGrant};
pub use invites::{Admission, Invite, InviteCode, InviteCodeError, Invites, NewInvite};
pub use privacy::{
    Erasure, ErasureState, ExportInserted, ExportRequest, ExportScope, ExportState, PrivacyNotifier,
    PrivacyRequests, PrivacyUnitOfWork, PrivacyWriter,
};
pub use privacy_payload::{ErasureColumns, ExportColumns, PRIVACY_PAYLOAD_VERSION, PrivacyPayloadError};
pub use privacy_service::{NewExport, PrivacyError, PrivacyPolicy, PrivacyPorts, PrivacyService};
pub use profile_cache::{PROFILE_SETTLES_WITHIN, ProfileCache, ProfileCacheError};
pub use refusals::{REFUSAL_MEMORY, RefusalRecord, Refusals, pause_after};
pub use repository::{Accounts, NewAccount, ProfileChange, Registration};
pub use service::{AccountService, Visitor};
pub use telegram_user::TelegramUserId;
pub use zone::{ZoneName, ZoneNameError};
