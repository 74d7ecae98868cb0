//! PostgreSQL's own programs: `pg_dump` writes a dump, `pg_restore` loads one.

use std::io::{self, ErrorKind, Read};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, bail};
use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::dump::WriteDump;

/// What is said when a program is not there.
const HOW_TO_GET_IT: &str = "it is part of PostgreSQL's client programs: install postgresql-client, or use the image of \
     the target `operations`";

/// What writes a dump.
///
/// # Errors
/// When the address cannot be used.
pub(super) fn dump(url: &SecretString) -> anyhow::Result<WriteDump> {
    let server = Server::at(url)?;
    Ok(Box::new(move |output| {
        let mut program = server.command("pg_dump");
        program.args(["--format=custom", "--no-owner", "--no-privileges"]);
        let mut running = Running::start(program.stdin(Stdio::null()).stdout(Stdio::piped()))?;
        if let Some(mut dump) = running.child.stdout.take() {
            io::copy(&mut dump, output)?;
        }
        running.end()
    }))
}

/// Loads a dump: all of it or nothing.
///
/// # Errors
/// When the program is not there or fails; it says why on standard error.
pub(super) fn load(url: &SecretString, dump: &mut dyn Read) -> anyhow::Result<()> {
    let mut program = Server::at(url)?.command("pg_restore");
    program.args(["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]);
    let mut running = Running::start(program.stdin(Stdio::piped()).stdout(Stdio::null()))?;
    if let Some(mut input) = running.child.stdin.take() {
        match io::copy(dump, &mut input) {
            // It has ended before the end of the dump, and says why itself.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
            outcome => {
                outcome.context("the dump cannot be read")?;
            }
        }
    }
    running.end().context("the dump cannot be loaded")
}

/// Which database. The password goes to the programs by their environment: arguments can be read by everybody.
struct Server {
    address: String,
    password: Option<SecretString>,
}

impl Server {
    fn at(url: &SecretString) -> anyhow::Result<Self> {
        let unusable = "AISHA_DATABASE__URL cannot be read";
        let mut address: Url = url.expose_secret().parse().ok().context(unusable)?;
        let password = address
            .password()
            .map(|password| {
                percent_decode_str(password).decode_utf8().map(|words| SecretString::from(words.into_owned()))
            })
            .transpose()
            .ok()
            .context(unusable)?;
        if address.set_password(None).is_err() && password.is_some() {
            bail!(unusable);
        }
        Ok(Self { address: address.into(), password })
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.arg("--no-password").arg("--dbname").arg(&self.address);
        if let Some(password) = &self.password {
            command.env("PGPASSWORD", password.expose_secret());
        }
        command
    }
}

/// A running program. It is ended when nobody waits for its end.
struct Running {
    name: String,
    child: Child,
}

impl Running {
    fn start(command: &mut Command) -> io::Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command.spawn().map_err(|error| {
            io::Error::new(error.kind(), format!("{name} cannot be run ({error}); {HOW_TO_GET_IT}"))
        })?;
        Ok(Self { name, child })
    }

    fn end(mut self) -> io::Result<()> {
        let status = self.child.wait()?;
        if status.success() {
            return Ok(());
        }
        Err(io::Error::other(format!("{} failed: {status}", self.name)))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already, unless something went wrong before its end.
        if matches!(self.child.try_wait(), Ok(None))
            && let Err(error) = self.child.kill().and_then(|()| self.child.wait())
        {
            tracing::warn!(%error, program = self.name, "a program cannot be ended");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_no_part_of_the_arguments() {
        let url = SecretString::from("postgres://aisha:hunter%2B2%26@db:5433/aisha?sslmode=verify-full");
        let server = Server::at(&url).unwrap();
        assert_eq!(server.address, "postgres://aisha@db:5433/aisha?sslmode=verify-full");
        let command = server.command("pg_dump");
        assert!(!command.get_args().any(|argument| argument.to_string_lossy().contains("hunter")));
        let password = command.get_envs().find(|(name, _)| *name == "PGPASSWORD").unwrap().1;
        assert_eq!(password.unwrap(), "hunter+2&");
    }

    #[test]
    fn a_program_that_is_missing_or_fails_is_told_of() {
        let missing = Running::start(&mut Command::new("no-such-program")).err().unwrap().to_string();
        assert!(missing.contains("no-such-program") && missing.contains("postgresql-client"), "{missing}");
        let failed = Running::start(&mut Command::new("false")).unwrap().end().unwrap_err();
        assert!(failed.to_string().starts_with("false failed"), "{failed}");
    }
}
