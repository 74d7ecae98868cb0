//! `bot`: everything is in the library.

#[tokio::main]
async fn main() -> anyhow::Result<std::process::ExitCode> {
    bot::command_line::run(std::env::args_os().skip(1)).await
}
