//! `bot`: see the library.

fn main() {}
