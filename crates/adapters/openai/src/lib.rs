//! openai-adapter
