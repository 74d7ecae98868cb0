//! Keyed digests under the installation's secret, and the secret itself.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
#[cfg(unix)]
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit as _, Mac as _};
use kernel::{DigestPurpose, IdSource, SecretDigests};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use thiserror::Error;

/// HMAC-SHA-256.
pub struct HmacDigests {
    /// Holds the secret in the form that it works with; it has no `Debug`.
    keyed: Hmac<Sha256>,
}

/// The installation's secret cannot be had.
#[derive(Debug, Error)]
#[error("the installation's secret cannot be kept in {path}", path = .path.display())]
pub struct SecretFileError {
    path: PathBuf,
    #[source]
    cause: io::Error,
}

impl HmacDigests {
    /// Digests under `secret`.
    ///
    /// # Errors
    /// Never: a key may have any length.
    pub fn new(secret: &SecretString) -> Result<Self, hmac::digest::InvalidLength> {
        Ok(Self { keyed: Hmac::new_from_slice(secret.expose_secret().as_bytes())? })
    }

    fn mac(&self, purpose: DigestPurpose, message: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.keyed.clone();
        mac.update(purpose.as_str().as_bytes());
        // No purpose's name contains it, so that no purpose and message can be taken for another pair.
        mac.update(&[0]);
        mac.update(message);
        mac
    }
}

impl SecretDigests for HmacDigests {
    fn digest(&self, purpose: DigestPurpose, message: &[u8]) -> String {
        hex::encode(self.mac(purpose, message).finalize().into_bytes())
    }

    fn verify(&self, purpose: DigestPurpose, message: &[u8], digest: &str) -> bool {
        hex::decode(digest).is_ok_and(|digest| self.mac(purpose, message).verify_slice(&digest).is_ok())
    }
}

/// The secret that is kept in `directory`; made on the first call. Of several processes that make it at once one wins,
/// and all of them get its secret.
///
/// # Errors
/// When it cannot be read or written.
pub fn kept_secret(directory: &Path, ids: &dyn IdSource) -> Result<SecretString, SecretFileError> {
    let path = directory.join("aisha.secret");
    read_or_make(&path, ids).map_err(|cause| SecretFileError { path, cause })
}

/// Keeps a secret that was made elsewhere in `directory`, in the place of one that is there.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn keep_this_secret(
    directory: &Path,
    secret: &SecretString,
    ids: &dyn IdSource,
) -> Result<(), SecretFileError> {
    let path = directory.join("aisha.secret");
    let draft = path.with_extension(format!("secret-{}", ids.uuid()));
    write_private(&draft, secret.expose_secret())
        .and_then(|()| fs::rename(&draft, &path))
        .map_err(|cause| SecretFileError { path, cause })
}

fn read_or_make(path: &Path, ids: &dyn IdSource) -> io::Result<SecretString> {
    if let Some(secret) = read(path)? {
        return Ok(secret);
    }
    // Written whole under another name first: nobody ever reads half a secret.
    let draft = path.with_extension(format!("secret-{}", ids.uuid()));
    let made = write_private(&draft, new_secret(ids).expose_secret()).and_then(|()| link(&draft, path));
    fs::remove_file(&draft)?;
    made?;
    read(path)?.ok_or_else(|| io::Error::new(ErrorKind::NotFound, "it was removed meanwhile"))
}

fn read(path: &Path) -> io::Result<Option<SecretString>> {
    match fs::read_to_string(path) {
        Ok(text) if text.trim().len() >= 32 => Ok(Some(SecretString::from(text.trim()))),
        Ok(_) => Err(io::Error::new(ErrorKind::InvalidData, "there is something else than a secret in it")),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn new_secret(ids: &dyn IdSource) -> SecretString {
    let words: Vec<String> = (0..4).map(|_| format!("{:016x}", ids.random())).collect();
    SecretString::from(words.concat())
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}

/// Gives the draft its name, unless somebody was faster.
fn link(draft: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(draft, path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
