//! How long FAL keeps files (FAL's documentation, "Object lifecycle").

use std::time::Duration;

use serde_json::json;

/// The header that every call understands.
pub(crate) const LIFECYCLE_PREFERENCE: &str = "X-Fal-Object-Lifecycle-Preference";
/// The other name, which some versions of the storage understand.
pub(crate) const LIFECYCLE: &str = "X-Fal-Object-Lifecycle";

/// The value of these headers. A lifetime of 0 s would mean for good.
pub(crate) fn lifecycle(lifetime: Duration) -> String {
    json!({"expiration_duration_seconds": lifetime.as_secs().max(1)}).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_lifetime_becomes_for_good() {
        assert_eq!(lifecycle(Duration::from_mins(2)), r#"{"expiration_duration_seconds":120}"#);
        assert_eq!(lifecycle(Duration::from_millis(3)), r#"{"expiration_duration_seconds":1}"#);
    }
}
