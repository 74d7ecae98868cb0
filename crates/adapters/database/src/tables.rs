//! Which tables belong to accounts, and which do not.

/// Tables that are not spread by account: they are about conversations, providers, processes or the installation as a
/// whole, or lead to the account in the first place. Every other table has a primary key and unique indexes that begin
/// with `account_id`, and every statement about it names the account, except the scans of the sweeper (due jobs,
/// expired holds, done jobs, old requests for help and ended exports to be forgotten) and those of operators (lists,
/// audit).
pub const EXEMPT_TABLES: [&str; 14] = [
    "failure_references",
    "failures",
    "identities",
    "inbox",
    "invites",
    "leases",
    "pause_news",
    "pauses",
    "provider_callbacks",
    "spend_totals",
    "sweep_marks",
    "training_callbacks",
    "training_durations",
    "welcome_digests",
];
