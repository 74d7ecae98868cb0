//! FAL as a trainer of avatars.

mod input;
mod output;
mod progress;
mod trainer;
