//! A pipe from the sandbox to the bot's standard input: when the sandbox is gone, however it went, the pipe closes and
//! the bot ends too.

use std::io::Read as _;
use std::process::exit;
use std::thread;

/// Tells the bot's process that its standard input is a lifeline.
pub(super) const LIFELINE_VARIABLE: &str = "SANDBOX_LIFELINE";

/// Exit code of a bot whose sandbox is gone.
const ABANDONED: i32 = 70;

/// In a bot that the sandbox started: ends the process when the sandbox is gone. Elsewhere it does nothing.
pub fn end_with_parent() {
    if std::env::var_os(LIFELINE_VARIABLE).is_none() {
        return;
    }
    thread::spawn(|| {
        let mut nothing = [0_u8; 64];
        // Nobody ever writes: reading ends when the other end closes.
        while std::io::stdin().read(&mut nothing).is_ok_and(|count| count > 0) {}
        exit(ABANDONED);
    });
}
