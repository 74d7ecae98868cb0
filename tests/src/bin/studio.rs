//! The sandbox, for the tests of this package.

use std::process::ExitCode;

fn main() -> ExitCode {
    sandbox::main()
}
