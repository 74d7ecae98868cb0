//! The system as many processes, driven through the sandbox's Telegram as people would. Every test has a cluster of its own,
//! on PostgreSQL, and ends with an audit.

mod first_image;
mod flows;
mod order;
mod outage;
mod rolling;
mod stopping;
mod take_over;
mod world;
