//! Which hosts results may be fetched from.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;
use url::Url;

use crate::address::has_user;

/// A host, or all hosts below one, that results may be fetched from. Written as `host`, `*.host` (both https), or
/// `scheme://host:port` with the same two forms of host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultHost {
    scheme: Scheme,
    host: HostRule,
    port: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Http,
    Https,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum HostRule {
    Exactly(String),
    /// Any host whose name ends with a dot and this.
    Below(String),
}

/// The text names no host.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not a result host: {0:?}; expected: *.host, host, or scheme://host:port")]
pub struct ResultHostError(pub String);

impl ResultHost {
    /// FAL's own: every host below `fal.media`, over https.
    pub(crate) fn fal() -> Self {
        Self { scheme: Scheme::Https, host: HostRule::Below("fal.media".to_owned()), port: 443 }
    }

    /// Whether `url` lies there.
    pub(crate) fn covers(&self, url: &Url) -> bool {
        let is_host = url.host_str().is_some_and(|name| match &self.host {
            HostRule::Exactly(host) => name == host,
            HostRule::Below(host) => name.strip_suffix(host.as_str()).is_some_and(|rest| rest.ends_with('.')),
        });
        is_host
            && url.scheme() == self.scheme.as_str()
            && url.port_or_known_default() == Some(self.port)
            && !has_user(url)
    }
}

impl Scheme {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

impl FromStr for ResultHost {
    type Err = ResultHostError;

    fn from_str(text: &str) -> Result<Self, ResultHostError> {
        let refused = || ResultHostError(text.to_owned());
        let (scheme, rest) = text.split_once("://").unwrap_or(("https", text));
        let scheme = match scheme {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => return Err(refused()),
        };
        let (is_below, name) = rest.strip_prefix("*.").map_or((false, rest), |name| (true, name));
        // The parser of addresses brings the host into the form in which addresses have it, too.
        let url = Url::parse(&format!("{}://{name}", scheme.as_str())).map_err(|_| refused())?;
        let is_bare =
            url.path() == "/" && url.query().is_none() && url.fragment().is_none() && !has_user(&url);
        let host =
            url.host_str().filter(|host| is_bare && !host.contains('*')).ok_or_else(refused)?.to_owned();
        let host = if is_below { HostRule::Below(host) } else { HostRule::Exactly(host) };
        Ok(Self { scheme, host, port: url.port_or_known_default().ok_or_else(refused)? })
    }
}

impl fmt::Display for ResultHost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (stars, host) = match &self.host {
            HostRule::Exactly(host) => ("", host),
            HostRule::Below(host) => ("*.", host),
        };
        write!(formatter, "{}://{stars}{host}:{}", self.scheme.as_str(), self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(rule: &str, address: &str) -> bool {
        rule.parse::<ResultHost>().unwrap().covers(&Url::parse(address).unwrap())
    }

    #[test]
    fn a_star_stands_for_any_host_below_and_for_nothing_else() {
        let rule = "*.fal.media";
        for inside in ["https://v3.fal.media/a.png", "https://a.b.fal.media:443/x", "https://V3B.FAL.MEDIA/x"]
        {
            assert!(covers(rule, inside), "{inside}");
        }
        for outside in [
            "https://fal.media/x",
            "https://evilfal.media/x",
            "https://fal.media.evil.example/x",
            "https://v3.fal.media@evil.example/x",
            "https://user@v3.fal.media/x",
            "http://v3.fal.media/x",
            "https://v3.fal.media:8443/x",
            "ftp://v3.fal.media/x",
            "https://127.0.0.1/v3.fal.media",
        ] {
            assert!(!covers(rule, outside), "{outside}");
        }
        assert_eq!(rule.parse(), Ok(ResultHost::fal()));
    }

    #[test]
    fn a_host_with_scheme_and_port_is_exactly_that() {
        assert!(covers("http://127.0.0.1:8080", "http://127.0.0.1:8080/files/a"));
        assert!(!covers("http://127.0.0.1:8080", "http://127.0.0.1:8081/files/a"));
        assert!(!covers("http://127.0.0.1:8080", "https://127.0.0.1:8080/files/a"));
        assert!(covers("cdn.example", "https://cdn.example/a"));
        assert!(!covers("cdn.example", "https://x.cdn.example/a"));
        assert!(covers("https://*.cdn.example:8443", "https://x.cdn.example:8443/a"));
    }

    #[test]
    fn anything_else_is_refused() {
        for wrong in
            ["", "*", "*.", "*.*.a", "ftp://a", "https://", "https://a/b", "https://a?b", "u@a", "a b"]
        {
            assert_eq!(wrong.parse::<ResultHost>(), Err(ResultHostError(wrong.to_owned())), "{wrong}");
        }
    }

    #[test]
    fn what_is_shown_can_be_read() {
        for rule in ["*.fal.media", "http://127.0.0.1:8080", "https://*.cdn.example:8443"] {
            let read: ResultHost = rule.parse().unwrap();
            assert_eq!(read.to_string().parse(), Ok(read));
        }
    }
}
