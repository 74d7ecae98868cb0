//! Somebody who looks at the pictures that [`FakeImaging`](super::FakeImaging) understands.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{
    DescriptionPurpose, FaceAngle, FailureClass, Percent, PersonComparison, PhotoAnalyst, PhotoConcern,
    PhotoLight, PhotoReport, ProviderError, ShotDistance,
};

use crate::weather::{FairWeather, Weather, weathered};

/// Sees what the words of a picture say: `no-face`, `two-faces`, `far`, `blurred`, `dark`, `sunglasses`, `covered`,
/// `minor`, `unsafe`, `three-quarter`, `profile`, `back`, `half`, `full`, `hard`, `backlit`; `person=NAME` says who is
/// in it. Whatever else a picture says, it is one clear adult face. Clones are one analyst.
#[derive(Clone)]
pub struct FakePhotoAnalyst {
    sight: Sight,
    script: Arc<Mutex<VecDeque<ProviderError>>>,
    weather: Arc<dyn Weather>,
}

/// What is seen.
#[derive(Clone)]
enum Sight {
    /// What the words of the picture say.
    Words,
    /// This, in every photo.
    Report(Box<PhotoReport>),
    /// Of any photos, those at these places show somebody else.
    Outliers(BTreeSet<usize>),
    /// This, in every photo, in words.
    Description(String),
}

impl Default for FakePhotoAnalyst {
    fn default() -> Self {
        Self::under(Arc::new(FairWeather))
    }
}

impl FakePhotoAnalyst {
    /// An analyst under this weather.
    pub fn under(weather: Arc<dyn Weather>) -> Self {
        Self { sight: Sight::Words, script: Arc::default(), weather }
    }

    /// An analyst that sees this in every photo.
    pub fn seeing(report: &PhotoReport) -> Self {
        Self { sight: Sight::Report(Box::new(report.clone())), ..Self::default() }
    }

    /// An analyst for whom, of any photos, those at these places show somebody else.
    pub fn telling_apart(outliers: &BTreeSet<usize>) -> Self {
        Self { sight: Sight::Outliers(outliers.clone()), ..Self::default() }
    }

    /// An analyst that describes every photo so.
    pub fn describing(description: &str) -> Self {
        Self { sight: Sight::Description(description.to_owned()), ..Self::default() }
    }

    /// The same analyst under other weather.
    #[must_use]
    pub fn with_weather(&self, weather: Arc<dyn Weather>) -> Self {
        Self { weather, ..self.clone() }
    }

    /// The next call fails like this.
    pub fn fail_next(&self, error: ProviderError) {
        self.script.lock().unwrap_or_else(PoisonError::into_inner).push_back(error);
    }

    async fn call<T>(&self, port: &'static str, answer: impl FnOnce() -> T) -> Result<T, ProviderError> {
        let scripted = self.script.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let effect = || scripted.map_or_else(|| Ok(answer()), Err);
        weathered(&self.weather, port, effect, |error| {
            ProviderError::new(FailureClass::Unavailable, "away", "the analyst is away").caused_by(error)
        })
        .await
    }
}

#[async_trait]
impl PhotoAnalyst for FakePhotoAnalyst {
    async fn examine(&self, photo: &Bytes) -> Result<PhotoReport, ProviderError> {
        self.call("analyst.examine", || match &self.sight {
            Sight::Report(report) => (**report).clone(),
            _ => report(&words(photo)),
        })
        .await
    }

    async fn compare(&self, photos: &[Bytes]) -> Result<PersonComparison, ProviderError> {
        self.call("analyst.compare", || PersonComparison {
            outliers: match &self.sight {
                Sight::Outliers(outliers) => outliers.clone(),
                _ => outliers(photos),
            },
        })
        .await
    }

    async fn describe(&self, photo: &Bytes, _purpose: DescriptionPurpose) -> Result<String, ProviderError> {
        self.call("analyst.describe", || match &self.sight {
            Sight::Description(description) => description.chars().take(1_000).collect(),
            _ => format!("a photo of {}", words(photo)).chars().take(1_000).collect(),
        })
        .await
    }
}

/// What comes behind format and size in the first line of a picture.
fn words(photo: &Bytes) -> String {
    let text = String::from_utf8_lossy(photo);
    let line = text.lines().next().unwrap_or_default();
    line.splitn(5, ' ').nth(4).unwrap_or_default().to_owned()
}

fn report(words: &str) -> PhotoReport {
    let says = |word: &str| words.split_whitespace().any(|said| said == word);
    let faces = match (says("no-face"), says("two-faces")) {
        (true, _) => 0,
        (_, true) => 2,
        _ => 1,
    };
    let concerns = [
        ("sunglasses", PhotoConcern::Sunglasses),
        ("covered", PhotoConcern::FaceCovered),
        ("minor", PhotoConcern::LooksMinor),
        ("unsafe", PhotoConcern::Unsafe),
    ];
    PhotoReport {
        faces,
        face_share: Percent::new(match (faces, says("far")) {
            (0, _) => 0,
            (_, true) => 3,
            (_, false) => 45,
        }),
        sharpness: Percent::new(if says("blurred") { 10 } else { 90 }),
        brightness: Percent::new(if says("dark") { 5 } else { 55 }),
        angle: first_said(
            &says,
            &[
                ("three-quarter", FaceAngle::ThreeQuarter),
                ("profile", FaceAngle::Profile),
                ("back", FaceAngle::Back),
            ],
            FaceAngle::Front,
        ),
        distance: first_said(
            &says,
            &[("half", ShotDistance::Half), ("full", ShotDistance::Full)],
            ShotDistance::Close,
        ),
        light: first_said(
            &says,
            &[("hard", PhotoLight::Hard), ("dark", PhotoLight::Dark), ("backlit", PhotoLight::Backlit)],
            PhotoLight::Soft,
        ),
        concerns: concerns.into_iter().filter(|(word, _)| says(word)).map(|(_, concern)| concern).collect(),
        traits: if faces == 0 { String::new() } else { "woman, dark curly hair".to_owned() },
    }
}

fn first_said<T: Copy>(says: &impl Fn(&str) -> bool, meanings: &[(&str, T)], otherwise: T) -> T {
    meanings.iter().find(|(word, _)| says(word)).map_or(otherwise, |(_, meaning)| *meaning)
}

/// Those who are not the person that is seen most; of several that are seen equally often, the first.
fn outliers(photos: &[Bytes]) -> BTreeSet<usize> {
    let people: Vec<String> = photos.iter().map(|photo| person(&words(photo))).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for person in &people {
        *counts.entry(person).or_default() += 1;
    }
    let most = counts.values().copied().max().unwrap_or_default();
    let usual = people.iter().find(|person| counts.get(person.as_str()) == Some(&most));
    people.iter().enumerate().filter(|(_, person)| Some(*person) != usual).map(|(place, _)| place).collect()
}

fn person(words: &str) -> String {
    let named = words.split_whitespace().find_map(|word| word.strip_prefix("person="));
    named.unwrap_or_default().to_owned()
}
