//! The real bot as a process of its own: started, watched, killed, frozen, started again.

mod bot_process;
mod command;
mod lifeline;
mod log;

pub use bot_process::{BotProcess, BotState, BotStatus, Exit, ProcessError};
pub use command::{BotProgram, CommandOutput};
pub use lifeline::end_with_parent;
