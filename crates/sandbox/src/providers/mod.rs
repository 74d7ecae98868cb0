//! Local servers that speak the wire of FAL, Google's image models and OpenAI.

pub mod fal;
pub mod google;
pub mod openai;
