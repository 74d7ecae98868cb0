//! What can go wrong.

use std::fmt;
use std::time::Duration;

use serde_json::Value;

/// A server that all processes share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Server {
    /// PostgreSQL.
    Database,
    /// Redis.
    Redis,
    /// The S3 server.
    Objects,
}

/// What the sandbox does to calls of a service.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// `telegram`, `google`, `fal`, `openai`.
    pub service: &'static str,
    /// What method and path must contain.
    pub operation: Option<&'static str>,
    /// The fault as the driving API takes it.
    pub fault: Value,
    /// To how many calls.
    pub calls: u32,
}

/// Something that goes wrong once.
#[derive(Debug, Clone, PartialEq)]
pub enum Mishap {
    /// A process is killed without a warning, and started again a moment later.
    Kill {
        /// Which: this number modulo the processes that there are.
        which: usize,
    },
    /// A process stands still, with all its memory and connections, and goes on later.
    Freeze {
        /// Which, as in `Kill`.
        which: usize,
        /// For how long.
        span: Duration,
    },
    /// A server dies as by a power cut and is started again at once.
    Restart(Server),
    /// The same, but it stays away for a while.
    Stop(Server, Duration),
    /// Everything that Redis knows is gone.
    Flush,
    /// Every connection to a server is cut.
    Cut(Server),
    /// Nothing passes to a server or from it for a while.
    Hold(Server, Duration),
    /// Everything that passes takes longer for a while.
    Slow(Server, Duration),
    /// The server does what it was asked, and its answer never arrives.
    LoseReply(Server),
    /// The database commits so many times, and nobody hears of it.
    LoseCommitReplies(u32),
    /// A service misbehaves.
    Misbehave(Rule),
    /// Every update is delivered twice for a while.
    UpdatesTwice(Duration),
    /// Updates are delivered in any order for a while.
    UpdatesShuffled(Duration),
    /// Every process that may run a chosen job is killed whenever the job runs, so many times.
    KillWhoeverRunsOneJob {
        /// How often.
        times: u32,
    },
}

impl fmt::Display for Server {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Database => "PostgreSQL",
            Self::Redis => "Redis",
            Self::Objects => "S3",
        })
    }
}

impl Mishap {
    /// What it is called when it is counted.
    pub fn kind(&self) -> String {
        match self {
            Self::Kill { .. } => "process killed".to_owned(),
            Self::Freeze { span, .. } => format!("process frozen for {} s", span.as_secs()),
            Self::Restart(server) => format!("{server} restarted"),
            Self::Stop(server, span) => format!("{server} stopped for {} s", span.as_secs()),
            Self::Flush => "Redis emptied".to_owned(),
            Self::Cut(server) => format!("connections to {server} cut"),
            Self::Hold(server, _) => format!("{server} silent for a while"),
            Self::Slow(server, _) => format!("{server} slow for a while"),
            Self::LoseReply(server) => format!("a reply of {server} lost"),
            Self::LoseCommitReplies(_) => "replies to COMMIT lost".to_owned(),
            Self::Misbehave(rule) => {
                let kind = rule.fault["kind"].as_str().unwrap_or_default().replace('_', " ");
                format!("{}: {kind}", rule.service)
            }
            Self::UpdatesTwice(_) => "updates delivered twice for a while".to_owned(),
            Self::UpdatesShuffled(_) => "updates out of order for a while".to_owned(),
            Self::KillWhoeverRunsOneJob { .. } => "whoever runs one job killed".to_owned(),
        }
    }
}

impl fmt::Display for Mishap {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.kind())?;
        match self {
            Self::Hold(_, span)
            | Self::Slow(_, span)
            | Self::UpdatesTwice(span)
            | Self::UpdatesShuffled(span) => write!(out, " ({} s)", span.as_secs()),
            Self::LoseCommitReplies(times) | Self::KillWhoeverRunsOneJob { times } => {
                write!(out, " ({times} times)")
            }
            Self::Misbehave(rule) => {
                write!(out, " ({} calls of {})", rule.calls, rule.operation.unwrap_or("any kind"))
            }
            _ => Ok(()),
        }
    }
}
