//! Everything that only tests need: conformance suites of the ports, fakes, local servers, a proxy that makes faults.

pub mod fakes;
pub mod proxy;
pub mod servers;
pub mod services;
pub mod suites;
pub mod weather;
