//! The root of an API: what every call's path is appended to.

use url::{Origin, Url};

use crate::SetupError;

/// A checked root without a slash at its end.
#[derive(Debug, Clone)]
pub(crate) struct ApiRoot {
    text: String,
    origin: Origin,
    is_encrypted: bool,
}

impl ApiRoot {
    /// Checks `value`, the setting named `setting`.
    pub(crate) fn new(setting: &'static str, value: &str) -> Result<Self, SetupError> {
        let refused = || SetupError::Address { setting, value: value.to_owned() };
        let url = Url::parse(value).map_err(|_| refused())?;
        let is_plain = url.query().is_none() && url.fragment().is_none() && !has_user(&url);
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() || !is_plain {
            return Err(refused());
        }
        Ok(Self {
            text: url.as_str().trim_end_matches('/').to_owned(),
            origin: url.origin(),
            is_encrypted: url.scheme() == "https",
        })
    }

    /// The address of `path`, whose characters need no encoding.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}/{path}", self.text)
    }

    /// Whether `address` is at the same scheme, host and port, so that the key may go there.
    pub(crate) fn covers(&self, address: &str) -> bool {
        Url::parse(address).is_ok_and(|url| url.origin() == self.origin && !has_user(&url))
    }

    /// Whether it is reached over TLS.
    pub(crate) const fn is_encrypted(&self) -> bool {
        self.is_encrypted
    }
}

/// Whether the address carries a name or password before its host, which only serves to mislead.
pub(crate) fn has_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(value: &str) -> Result<ApiRoot, SetupError> {
        ApiRoot::new("queue_url", value)
    }

    #[test]
    fn paths_are_appended_behind_any_prefix() {
        assert_eq!(root("https://queue.fal.run").unwrap().at("a/b"), "https://queue.fal.run/a/b");
        assert_eq!(root("http://127.0.0.1:9/x/").unwrap().at("a"), "http://127.0.0.1:9/x/a");
    }

    #[test]
    fn only_the_very_same_origin_is_covered() {
        let root = root("https://queue.fal.run").unwrap();
        for own in ["https://queue.fal.run/a", "https://queue.fal.run:443/b", "https://QUEUE.fal.run"] {
            assert!(root.covers(own), "{own}");
        }
        for foreign in [
            "http://queue.fal.run/a",
            "https://queue.fal.run:8443/a",
            "https://queue.fal.run.evil.example/a",
            "https://evil.example/queue.fal.run",
            "https://queue.fal.run@evil.example/a",
            "https://user@queue.fal.run/a",
            "//queue.fal.run/a",
            "queue.fal.run",
            "",
        ] {
            assert!(!root.covers(foreign), "{foreign}");
        }
    }

    #[test]
    fn a_wrong_root_names_its_setting_and_value() {
        for wrong in ["", "queue.fal.run", "ftp://queue.fal.run", "https://a/?b", "https://u:p@a/", "data:,x"]
        {
            let error = root(wrong).unwrap_err().to_string();
            assert!(error.contains("queue_url") && error.contains(&format!("{wrong:?}")), "{error}");
        }
    }
}
