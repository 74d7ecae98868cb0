//! Everything that only tests need: conformance suites of the ports, fakes, local servers.

pub mod servers;
pub mod suites;
