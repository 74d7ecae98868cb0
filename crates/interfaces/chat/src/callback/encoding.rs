//! What a button carries, in at most 64 bytes of text.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use thiserror::Error;

use super::CallbackData;
use super::bytes::{Field as _, Reader};

/// The version of the encoding. A button of another version is out of date; a change of meaning needs a new one.
const VERSION: u8 = 1;

/// A button whose meaning is lost: it is from another version, or somebody made it up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a button cannot be read")]
pub struct UnreadableButton;

macro_rules! encoding {
    ($($number:literal => $variant:ident $(($inner:ident))? $({ $($field:ident),+ })?;)+) => {
        fn write(data: &CallbackData, into: &mut Vec<u8>) {
            match data {
                $(CallbackData::$variant $(($inner))? $({ $($field),+ })? => {
                    into.push($number);
                    $($inner.write(into);)?
                    $($($field.write(into);)+)?
                })+
            }
        }

        fn read(from: &mut Reader<'_>) -> Option<CallbackData> {
            match from.byte()? {
                $($number => {
                    $(let $inner = from.read()?;)?
                    $($(let $field = from.read()?;)+)?
                    Some(CallbackData::$variant $(($inner))? $({ $($field),+ })?)
                })+
                _ => None,
            }
        }
    };
}

encoding! {
    0 => Menu;
    1 => NewImage;
    2 => Help;
    3 => Privacy;
    4 => AcceptTerms { version };
    5 => TermsIn { language };
    6 => Choose(choice);
    7 => Draw(choice);
    8 => Drop { nonce };
    9 => CancelRequest { nonce };
    10 => Again(repeat);
    11 => Original { item };
    12 => Mark { item, surface };
    13 => Unmark { item, surface };
    14 => PickForDeletion { generation };
    15 => BackToSet { generation };
    16 => AskDeletion { item, surface };
    17 => Delete { item, surface };
    18 => Keep { item, surface };
    19 => OpenGallery { view };
    20 => OpenGalleryAt { item };
    21 => TurnTo { item, view };
    22 => Balance { after };
    23 => Settings;
    24 => OpenSetting(setting);
    25 => SetLanguage { language };
    26 => SetShape { aspect_ratio };
    27 => SetCount { count };
    28 => SetZone { zone };
    29 => Wizard(button);
    30 => Avatar(button);
    31 => Portrait(button);
    32 => ChooseLikeness(choice);
    33 => SameSeed { item };
    60 => FilterGallery { view };
    61 => FilterMonths { view, page };
    62 => Restore { item, surface };
    63 => EraseNow { item, surface, shown };
    64 => Pick(step);
    65 => RestorePicked { nonce };
    66 => ErasePicked { nonce };
    67 => Profile;
    68 => HelpWithWords { kind, choice };
    69 => HelpAnswer { help, step };
    70 => UsePhoto { nonce, usage };
    71 => Export { nonce };
    72 => Erasure(step);
}

impl CallbackData {
    /// The most that Telegram lets a button carry, in bytes.
    pub const MAX_BYTES: usize = 64;

    /// As text of at most [`Self::MAX_BYTES`] bytes.
    pub fn encode(&self) -> String {
        let mut bytes = vec![VERSION];
        write(self, &mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What the text of a button means.
    ///
    /// # Errors
    /// When it is from another version, or nothing that [`Self::encode`] gave.
    pub fn decode(text: &str) -> Result<Self, UnreadableButton> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| UnreadableButton)?;
        let mut reader = Reader(&bytes);
        if reader.byte() != Some(VERSION) {
            return Err(UnreadableButton);
        }
        let data = read(&mut reader).ok_or(UnreadableButton)?;
        if reader.is_at_end() { Ok(data) } else { Err(UnreadableButton) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::callback::avatar::samples;
    use crate::callback::{
        AgainSource, AvatarTag, CalendarMonth, ErasureStep, GalleryView, HelpStep, OfferChoice, Period,
        PhotoUse, PickStep, Repeat, Setting, ShownAt, Surface, WordsHelp,
    };
    use crate::words::ZoneCode;
    use account::TermsVersion;
    use gallery::{FavouritesShown, Origin};
    use generation::Likeness;
    use kernel::{
        AspectRatio, AvatarId, Credits, Cursor, GalleryItemId, GenerationId, HelpId, ImageCount, Language,
    };
    use proptest::prelude::*;
    use uuid::Uuid;

    fn item() -> impl Strategy<Value = GalleryItemId> {
        any::<u128>().prop_map(|id| GalleryItemId::new(Uuid::from_u128(id)))
    }

    fn generation() -> impl Strategy<Value = GenerationId> {
        any::<u128>().prop_map(|id| GenerationId::new(Uuid::from_u128(id)))
    }

    fn aspect_ratio() -> impl Strategy<Value = AspectRatio> {
        proptest::sample::select(AspectRatio::ALL.to_vec())
    }

    fn count() -> impl Strategy<Value = ImageCount> {
        proptest::sample::select(ImageCount::ALL.to_vec())
    }

    fn price() -> impl Strategy<Value = Credits> {
        (0..=Credits::MAX.get()).prop_map(|amount| Credits::new(amount).unwrap())
    }

    fn view() -> impl Strategy<Value = GalleryView> {
        let favourites = proptest::sample::select(vec![FavouritesShown::All, FavouritesShown::Only]);
        let origin = proptest::option::of(proptest::sample::select(Origin::ALL.to_vec()));
        let avatar = proptest::option::of(any::<u32>().prop_map(AvatarTag));
        (favourites, origin, avatar, period()).prop_map(|(favourites, origin, avatar, period)| GalleryView {
            favourites,
            origin,
            avatar,
            period,
        })
    }

    fn period() -> impl Strategy<Value = Period> {
        let months = (2020_i16..=2040, 1_i8..=12);
        prop_oneof![
            Just(Period::All),
            Just(Period::Today),
            Just(Period::Week),
            Just(Period::ThirtyDays),
            months.prop_map(|(year, month)| Period::Month(CalendarMonth::new(year, month).unwrap())),
        ]
    }

    fn pick() -> impl Strategy<Value = PickStep> {
        (0..7, item(), view(), any::<u8>(), any::<u64>()).prop_map(|(kind, item, view, page, nonce)| {
            match kind {
                0 => PickStep::Page { view, page },
                1 => PickStep::Toggle { item, view, page },
                2 => PickStep::WholePage { view, page },
                3 => PickStep::Nothing { view, page },
                4 => PickStep::AskDeletion { view, page },
                5 => PickStep::Delete { nonce, view },
                _ => PickStep::Download { nonce },
            }
        })
    }

    fn help_step() -> impl Strategy<Value = HelpStep> {
        proptest::sample::select(vec![
            HelpStep::KeepMine,
            HelpStep::Imagine,
            HelpStep::DrawMe,
            HelpStep::TryAgain,
            HelpStep::Edit,
            HelpStep::Improve,
            HelpStep::SomethingLikeIt,
            HelpStep::Discard,
        ])
    }

    fn photo_use() -> impl Strategy<Value = PhotoUse> {
        proptest::sample::select(vec![
            PhotoUse::Describe,
            PhotoUse::SomethingLikeIt,
            PhotoUse::DrawCaption,
            PhotoUse::Avatar,
        ])
    }

    fn erasure() -> impl Strategy<Value = ErasureStep> {
        let shown = || any::<u32>().prop_map(ShownAt);
        prop_oneof![
            Just(ErasureStep::Ask),
            shown().prop_map(|shown| ErasureStep::AskAgain { shown }),
            shown().prop_map(|shown| ErasureStep::Confirmed { shown }),
        ]
    }

    fn surface() -> impl Strategy<Value = Surface> {
        prop_oneof![
            Just(Surface::Result),
            Just(Surface::Set),
            Just(Surface::Ending),
            view().prop_map(Surface::Card)
        ]
    }

    fn language() -> impl Strategy<Value = Language> {
        proptest::sample::select(Language::ALL.to_vec())
    }

    fn likeness() -> impl Strategy<Value = Likeness> {
        let avatar = any::<u128>().prop_map(|id| AvatarId::new(Uuid::from_u128(id)));
        prop_oneof![Just(Likeness::Nobody), avatar.prop_map(|avatar| Likeness::Avatar { avatar })]
    }

    fn choice() -> impl Strategy<Value = OfferChoice> {
        let seed = proptest::option::of(any::<u32>());
        (any::<u64>(), aspect_ratio(), count(), price(), any::<u32>(), likeness(), seed).prop_map(
            |(nonce, aspect_ratio, count, unit_price, fingerprint, likeness, seed)| OfferChoice {
                nonce,
                aspect_ratio,
                count,
                unit_price,
                fingerprint,
                likeness,
                seed,
            },
        )
    }

    fn repeat() -> impl Strategy<Value = Repeat> {
        let source =
            prop_oneof![item().prop_map(AgainSource::Image), generation().prop_map(AgainSource::Request)];
        (source, any::<u64>(), price(), surface()).prop_map(|(source, nonce, unit_price, surface)| Repeat {
            source,
            nonce,
            unit_price,
            surface,
        })
    }

    fn setting() -> impl Strategy<Value = Setting> {
        prop_oneof![
            Just(Setting::Language),
            Just(Setting::Shape),
            Just(Setting::Count),
            any::<u8>().prop_map(|page| Setting::Zone { page })
        ]
    }

    fn data() -> impl Strategy<Value = CallbackData> {
        let plain = proptest::sample::select(vec![
            CallbackData::Menu,
            CallbackData::NewImage,
            CallbackData::Help,
            CallbackData::Privacy,
            CallbackData::Settings,
            CallbackData::Balance { after: None },
        ]);
        let asking = prop_oneof![
            any::<u32>().prop_map(|version| CallbackData::AcceptTerms { version: TermsVersion(version) }),
            language().prop_map(|language| CallbackData::TermsIn { language }),
            choice().prop_map(CallbackData::Choose),
            choice().prop_map(CallbackData::Draw),
            any::<u64>().prop_map(|nonce| CallbackData::Drop { nonce }),
            any::<u64>().prop_map(|nonce| CallbackData::CancelRequest { nonce }),
            repeat().prop_map(CallbackData::Again),
        ];
        let images = prop_oneof![
            item().prop_map(|item| CallbackData::Original { item }),
            (item(), surface()).prop_map(|(item, surface)| CallbackData::Mark { item, surface }),
            (item(), surface()).prop_map(|(item, surface)| CallbackData::Unmark { item, surface }),
            generation().prop_map(|generation| CallbackData::PickForDeletion { generation }),
            generation().prop_map(|generation| CallbackData::BackToSet { generation }),
            (item(), surface()).prop_map(|(item, surface)| CallbackData::AskDeletion { item, surface }),
            (item(), surface()).prop_map(|(item, surface)| CallbackData::Delete { item, surface }),
            (item(), surface()).prop_map(|(item, surface)| CallbackData::Keep { item, surface }),
            view().prop_map(|view| CallbackData::OpenGallery { view }),
            item().prop_map(|item| CallbackData::OpenGalleryAt { item }),
            (item(), view()).prop_map(|(item, view)| CallbackData::TurnTo { item, view }),
        ];
        let account = prop_oneof![
            any::<u128>()
                .prop_map(|id| CallbackData::Balance { after: Some(Cursor::after(Uuid::from_u128(id))) }),
            setting().prop_map(CallbackData::OpenSetting),
            language().prop_map(|language| CallbackData::SetLanguage { language }),
            aspect_ratio().prop_map(|aspect_ratio| CallbackData::SetShape { aspect_ratio }),
            count().prop_map(|count| CallbackData::SetCount { count }),
            any::<u8>().prop_map(|code| CallbackData::SetZone { zone: ZoneCode(code) }),
        ];
        let avatars = prop_oneof![
            samples::wizard().prop_map(CallbackData::Wizard),
            samples::of_avatar().prop_map(CallbackData::Avatar),
            samples::portrait().prop_map(CallbackData::Portrait),
            choice().prop_map(CallbackData::ChooseLikeness),
            item().prop_map(|item| CallbackData::SameSeed { item }),
        ];
        let several = prop_oneof![
            view().prop_map(|view| CallbackData::FilterGallery { view }),
            (view(), any::<u8>()).prop_map(|(view, page)| CallbackData::FilterMonths { view, page }),
            (item(), surface()).prop_map(|(item, surface)| CallbackData::Restore { item, surface }),
            (item(), surface(), proptest::option::of(item()))
                .prop_map(|(item, surface, shown)| CallbackData::EraseNow { item, surface, shown }),
            pick().prop_map(CallbackData::Pick),
            any::<u64>().prop_map(|nonce| CallbackData::RestorePicked { nonce }),
            any::<u64>().prop_map(|nonce| CallbackData::ErasePicked { nonce }),
        ];
        let help = prop_oneof![
            (proptest::sample::select(vec![WordsHelp::Improve, WordsHelp::Translate]), choice())
                .prop_map(|(kind, choice)| CallbackData::HelpWithWords { kind, choice }),
            (any::<u128>(), help_step()).prop_map(|(id, step)| CallbackData::HelpAnswer {
                help: HelpId::new(Uuid::from_u128(id)),
                step,
            }),
            (any::<u64>(), photo_use()).prop_map(|(nonce, usage)| CallbackData::UsePhoto { nonce, usage }),
        ];
        let privacy = prop_oneof![
            Just(CallbackData::Profile),
            any::<u64>().prop_map(|nonce| CallbackData::Export { nonce }),
            erasure().prop_map(CallbackData::Erasure),
        ];
        prop_oneof![plain, asking, images, account, avatars, several, help, privacy]
    }

    proptest! {
        #[test]
        fn a_button_means_what_it_was_made_for(data in data()) {
            let text = data.encode();
            prop_assert!((1..=CallbackData::MAX_BYTES).contains(&text.len()));
            prop_assert_eq!(CallbackData::decode(&text), Ok(data));
        }

        #[test]
        fn nothing_that_somebody_makes_up_breaks_anything(text in "\\PC{0,80}") {
            let _outcome = CallbackData::decode(&text);
        }

        #[test]
        fn cut_buttons_are_unreadable(data in choice(), kept in 1_usize..31) {
            let text = CallbackData::Draw(data).encode();
            prop_assert_eq!(CallbackData::decode(&text[..kept]), Err(UnreadableButton));
        }
    }

    #[test]
    fn buttons_of_other_versions_are_unreadable() {
        for bytes in [&[][..], &[0, 0], &[2, 0], &[VERSION], &[VERSION, 250], &[VERSION, 0, 9]] {
            assert_eq!(
                CallbackData::decode(&URL_SAFE_NO_PAD.encode(bytes)),
                Err(UnreadableButton),
                "{bytes:?}"
            );
        }
        assert_eq!(CallbackData::decode("menu:main"), Err(UnreadableButton));
    }

    #[test]
    fn the_encoding_of_buttons_in_old_messages_stays() {
        assert_eq!(CallbackData::Menu.encode(), "AQA");
        let item = GalleryItemId::new(Uuid::from_u128(7));
        let mark = CallbackData::Mark { item, surface: Surface::Card(GalleryView::ALL) };
        assert_eq!(mark.encode(), "AQwAAAAAAAAAAAAAAAAAAAAHAw");
        let offer = OfferChoice {
            nonce: 1,
            aspect_ratio: AspectRatio::Square,
            count: ImageCount::ONE,
            unit_price: Credits::of(5),
            fingerprint: 2,
            likeness: Likeness::Nobody,
            seed: None,
        };
        assert_eq!(CallbackData::Draw(offer).encode(), "AQcAAAAAAAAAAQABAAAAAAAAAAUAAAAC");
    }
}
