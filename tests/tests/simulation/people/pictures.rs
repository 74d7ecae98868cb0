//! Pictures that people send of themselves, good ones and others.

use bytes::Bytes;
use kernel::ImageFormat;
use serde_json::{Value, json};
use testkit::fakes::{FakeModerator, fake_image};

use crate::chance::Chance;
use crate::telegram::Telegram;

/// What is wrong with a picture that is wrong.
const FLAWS: [&str; 8] =
    ["dark", "two-faces", "no-face", "minor", "unsafe", "sunglasses", "person=other", FakeModerator::FLAGGED];

/// Somebody's pictures: no two of them are the same by accident.
#[derive(Debug, Default)]
pub struct Pictures {
    taken: u64,
    /// What was sent last, to be sent again.
    last: Option<Value>,
}

impl Pictures {
    /// The content of a message with the next picture.
    pub fn next(&mut self, chance: &mut Chance, telegram: &Telegram, of: u64) -> Value {
        if chance.percent(3)
            && let Some(last) = &self.last
        {
            return last.clone();
        }
        self.taken += 1;
        let taken = self.taken;
        let person = format!("person=p{of}");
        let words = match chance.below(20) {
            0 => format!("{taken} {} {person}", chance.pick(&FLAWS)),
            1 => format!("1 again {person}"),
            2 => format!("{taken} three-quarter half {person}"),
            _ => format!("{taken} {person}"),
        };
        let bytes = if chance.percent(2) {
            Bytes::from_static(b"GIF89a")
        } else {
            fake_image(ImageFormat::Jpeg, 1_024, 1_280, &words)
        };
        let file = telegram.upload(bytes);
        let size = json!({"file_id": file, "file_unique_id": format!("unique-{file}"), "width": 1_024, "height": 1_280});
        let content = json!({ "photo": [size] });
        self.last = Some(content.clone());
        content
    }
}
