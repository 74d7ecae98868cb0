//! Images over Google's API, from words and from photos of a person, in two dialects: `:generateContent` of the present
//! image models, and `:predict` of Imagen 4, which some gateways still serve. The registry's options tell which one a
//! model speaks.
//!
//! **Architecture invariant:** the key goes to the host of the configured base URL and nowhere else; what Google says in
//! free text reaches an error only when it repeats nothing of the prompt or the key.

mod address;
mod failure;
mod generate_content;
mod http;
mod imagen;
mod inline_image;
mod model_list;
mod options;
mod predict;
mod settings;

pub use imagen::Imagen;
pub use settings::{ImagenSettings, SetupError};

/// Google's name in the model registry.
pub const PROVIDER: &str = "google";
