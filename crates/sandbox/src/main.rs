//! `sandbox`: everything that Aisha needs, on this machine.

use std::process::ExitCode;

fn main() -> ExitCode {
    sandbox::main()
}
