//! Accounts as they are kept. A later release may keep more; what it cannot read is as good as not kept.

use account::{Account, ImageDefaults, TermsVersion, WelcomeGrant, ZoneName};
use kernel::{AccountId, ImageCount, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Serialize, Deserialize)]
#[serde(tag = "format")]
enum Payload {
    #[serde(rename = "1")]
    First(First),
}

#[derive(Serialize, Deserialize)]
struct First {
    id: Uuid,
    language: String,
    zone: String,
    standing: String,
    accepted_terms: Option<u32>,
    welcome: Welcome,
    aspect_ratio: String,
    image_count: u8,
    created_at_micros: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Welcome {
    Due,
    GivenBefore,
}

/// The text that is kept.
pub(crate) fn encode(account: &Account) -> Option<String> {
    let payload = Payload::First(First {
        id: account.id.uuid(),
        language: account.language.tag().to_owned(),
        zone: account.zone.as_str().to_owned(),
        standing: account.standing.as_str().to_owned(),
        accepted_terms: account.accepted_terms.map(|version| version.0),
        welcome: match account.welcome {
            WelcomeGrant::Due => Welcome::Due,
            WelcomeGrant::GivenBefore => Welcome::GivenBefore,
        },
        aspect_ratio: account.defaults.aspect_ratio.as_str().to_owned(),
        image_count: account.defaults.count.get(),
        created_at_micros: account.created_at.as_micros(),
    });
    serde_json::to_string(&payload).ok()
}

/// What was kept, if this release can read it.
pub(crate) fn decode(text: &str) -> Option<Account> {
    let Payload::First(kept) = serde_json::from_str(text).ok()?;
    Some(Account {
        id: AccountId::new(kept.id),
        language: kept.language.parse().ok()?,
        zone: kept.zone.parse::<ZoneName>().ok()?,
        standing: kept.standing.parse().ok()?,
        accepted_terms: kept.accepted_terms.map(TermsVersion),
        welcome: match kept.welcome {
            Welcome::Due => WelcomeGrant::Due,
            Welcome::GivenBefore => WelcomeGrant::GivenBefore,
        },
        defaults: ImageDefaults {
            aspect_ratio: kept.aspect_ratio.parse().ok()?,
            count: ImageCount::new(kept.image_count).ok()?,
        },
        created_at: Timestamp::from_micros(kept.created_at_micros),
    })
}

#[cfg(test)]
mod tests {
    use account::Standing;
    use kernel::{AspectRatio, Language};

    use super::*;

    #[test]
    fn the_first_format_is_read_for_ever() {
        let kept = r#"{"format":"1","id":"00000000-0000-0000-0000-000000000007","language":"ru","zone":"Europe/Moscow","standing":"blocked","accepted_terms":3,"welcome":"given-before","aspect_ratio":"16:9","image_count":4,"created_at_micros":1700000000123456}"#;
        let account = decode(kept).unwrap();
        assert_eq!(encode(&account).unwrap(), kept);
        assert_eq!((account.language, account.standing), (Language::Russian, Standing::Blocked));
        assert_eq!(account.defaults.aspect_ratio, AspectRatio::Wide);
    }

    #[test]
    fn what_cannot_be_read_is_as_good_as_not_kept() {
        for text in ["", "nonsense", r#"{"format":"2","everything":"else"}"#] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
