//! Sealing with age: anybody who knows the public key can seal, and only who has the identity can open.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::iter;
use std::path::Path;

use age::x25519::Recipient;
use age::{Decryptor, Encryptor, Identity, IdentityFile};
use anyhow::{Context as _, bail};
use futures::TryStreamExt as _;
use kernel::ByteStream;
use tokio_util::io::{StreamReader, SyncIoBridge};

use super::pipe::streamed;

/// What `write` writes, sealed, as a stream.
pub(super) fn sealed(
    recipient: &Recipient,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()> + Send + 'static,
) -> ByteStream {
    let recipient = recipient.clone();
    streamed(move |pipe| {
        let encryptor = Encryptor::with_recipients(iter::once(&recipient as _)).map_err(io::Error::other)?;
        let mut sealing = encryptor.wrap_output(pipe)?;
        write(&mut sealing)?;
        sealing.finish()?;
        Ok(())
    })
}

/// The private keys of a file.
pub(crate) struct Identities(Vec<Box<dyn Identity + Send + Sync>>);

impl Identities {
    /// Reads a file as `age-keygen` writes it.
    ///
    /// # Errors
    /// When it cannot be read or holds no identity.
    pub(crate) fn read(file: &Path) -> anyhow::Result<Self> {
        let what = || format!("the identity file {} cannot be used", file.display());
        let reader = BufReader::new(File::open(file).with_context(what)?);
        let identities =
            IdentityFile::from_buffer(reader).with_context(what)?.into_identities().with_context(what)?;
        if identities.is_empty() {
            bail!("{}: it holds no identity; `age-keygen` makes one", what());
        }
        Ok(Self(identities))
    }

    /// Opens what was sealed. The reader blocks: it is to be used on a thread for that.
    ///
    /// # Errors
    /// When it was sealed for somebody else, or is not sealed at all.
    pub(super) fn open(&self, sealed: ByteStream) -> anyhow::Result<impl Read + use<>> {
        let bytes = StreamReader::new(sealed.map_err(io::Error::other));
        let blocking = BufReader::new(SyncIoBridge::new(bytes));
        let decryptor = Decryptor::new_buffered(blocking).context("it is not sealed with age")?;
        decryptor
            .decrypt(self.0.iter().map(|identity| &**identity as &dyn Identity))
            .context("the identity does not open this backup")
    }
}
