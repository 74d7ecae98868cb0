//! A Bot API server on the real wire, with people on its other side.

mod api_error;
mod callbacks;
mod chat;
mod delivered;
mod events;
mod files;
mod keyboard;
mod media_type;
mod message;
mod methods;
mod parameters;
mod payments;
mod person;
mod person_actions;
mod profile;
mod routes;
mod send_limits;
mod server;
mod text;
mod updates;
mod view;
mod webhook;
mod world;

pub use api_error::ApiError;
pub use chat::Standing;
pub use delivered::{Arrival, Sight};
pub use events::{Event, Happening};
pub use message::Author;
pub use parameters::Upload;
pub use person::Person;
pub use person_actions::{AlbumKind, Button, NewPerson, Press, Refusal};
pub use profile::Command;
pub use routes::router;
pub use send_limits::SendLimits;
pub use server::{TelegramServer, TelegramSettings};
pub use updates::DeliveryFaults;
