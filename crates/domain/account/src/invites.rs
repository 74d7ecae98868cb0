//! Invitations: whoever comes with one may come in, while the door is open by invitation alone.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::time::Duration;

use async_trait::async_trait;
use kernel::{AccountId, StoreError, Timestamp};
use thiserror::Error;

/// The word in an invitation's link: 4 to 64 of `A-Z`, `a-z`, `0-9`, `_` and `-`, as Telegram's deep links take it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct InviteCode(String);

/// The text is no invitation's code.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("an invitation's code has 4 to 64 of A-Z, a-z, 0-9, _ and -")]
pub struct InviteCodeError;

impl InviteCode {
    /// A code that nobody guesses, out of random bits.
    pub fn from_random(bits: [u64; 2]) -> Self {
        Self(format!("{:016x}{:016x}", bits[0], bits[1]))
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for InviteCode {
    type Err = InviteCodeError;

    fn from_str(text: &str) -> Result<Self, InviteCodeError> {
        let fits = (4..=64).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        if fits { Ok(Self(text.to_owned())) } else { Err(InviteCodeError) }
    }
}

impl fmt::Display for InviteCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// An invitation to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInvite {
    /// Its code.
    pub code: InviteCode,
    /// How many people it lets in.
    pub places: NonZeroU32,
    /// For how long it can be used; for ever when there is none.
    pub lifetime: Option<Duration>,
    /// Who it is for, in an operator's words.
    pub note: String,
}

/// An invitation as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// Its code.
    pub code: InviteCode,
    /// How many people it lets in.
    pub places: u32,
    /// How many have come in by it.
    pub used: u32,
    /// Until when it can be used, by the database's clock; for ever when there is none.
    pub expires_at: Option<Timestamp>,
    /// Who it is for.
    pub note: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What became of somebody who came with a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// They may come in, now or since earlier.
    Admitted,
    /// The code lets nobody in (any more).
    Void,
}

/// Keeps invitations, and who came in by them.
///
/// **Contract**
/// - `create` of a code that is there MUST answer `false` and change nothing.
/// - `is_valid` MUST be true only while `redeem` by somebody new would admit them.
/// - `redeem` MUST admit no more people by a code than it has places, also when many come at once, and nobody after its
///   end, by the database's clock.
/// - `redeem` by somebody who was admitted MUST answer `Admitted` and use up no place.
/// - `revoke` MUST answer whether there was such a code; those who came in by it MUST stay admitted.
/// - `list` MUST give the newest first.
#[async_trait]
pub trait Invites: Send + Sync {
    /// Makes an invitation.
    async fn create(&self, invite: &NewInvite) -> Result<bool, StoreError>;

    /// Every invitation that was not revoked.
    async fn list(&self) -> Result<Vec<Invite>, StoreError>;

    /// Removes an invitation.
    async fn revoke(&self, code: &InviteCode) -> Result<bool, StoreError>;

    /// Whether a code would let somebody in.
    async fn is_valid(&self, code: &InviteCode) -> Result<bool, StoreError>;

    /// Lets the account in by a code.
    async fn redeem(&self, account: AccountId, code: &InviteCode) -> Result<Admission, StoreError>;

    /// Whether the account was let in by any code.
    async fn is_admitted(&self, account: AccountId) -> Result<bool, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_fits_into_a_link() {
        for good in ["abcd", "Ab-9_z", &"x".repeat(64), InviteCode::from_random([1, u64::MAX]).as_str()] {
            assert_eq!(good.parse::<InviteCode>().unwrap().as_str(), good);
        }
        for bad in ["", "abc", "ab cd", "код1", "a.bcd", &"x".repeat(65)] {
            assert_eq!(bad.parse::<InviteCode>(), Err(InviteCodeError), "{bad:?}");
        }
    }
}
