//! Bad input, old and foreign buttons, groups, things that cannot be worked with yet.

use account::{ProfileChange, Standing, TermsVersion};
use chat::{
    ActionLimits, AgainSource, CallbackData, ChatSettings, GalleryView, OfferChoice, PressAnswer, Repeat,
    Setting, Surface, TelegramError, ZoneCode,
};
use gallery::GalleryFilter;
use kernel::{AspectRatio, ChatId, Credits, Cursor, GalleryItemId, GenerationId, ImageCount, Language};
use serde_json::json;

use crate::fake_telegram::Body;
use crate::studio::Studio;

#[tokio::test]
async fn words_that_are_none_are_told_apart_politely() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    for empty in ["   ", "\u{200b}\u{200d}", "\u{feff}"] {
        ann.writes(empty).await;
        assert!(ann.sees().words.starts_with("I couldn't see any words"), "{empty:?}");
    }
    ann.writes(&"й".repeat(2001)).await;
    assert!(
        ann.sees()
            .words
            .starts_with("That's 2001 characters, a little too much. Please keep it within 2000.")
    );
    ann.writes("🦊❄️").await;
    assert!(ann.sees().words.contains("🦊❄️"));
}

#[tokio::test]
async fn markup_of_people_is_shown_as_they_wrote_it_everywhere() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    let nasty = "</blockquote><b>a & b</b> _*[x](y)`~ &lt; <i";
    ann.has_drawn(nasty).await;
    assert!(ann.sees().words.contains(nasty), "{}", ann.sees().words);
    ann.writes("/gallery").await;
    assert!(ann.sees().words.contains(nasty), "{}", ann.sees().words);
}

#[tokio::test]
async fn a_long_description_fits_into_every_message() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.has_drawn(&"🦊 & <fox> ".repeat(180)).await;
    assert!(ann.sees().words.contains('…'));
    ann.writes("/gallery").await;
    assert!(ann.sees().words.contains("1 of 1"));
}

#[tokio::test]
async fn an_old_button_is_answered_with_the_menu() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    let message = ann.sees().wire(ann.room());
    for data in ["menu:main", "", "AgA", "AQ", "AfoAAA", &"A".repeat(64)] {
        let answer = ann.gives(&ann.press_update(&message, data)).await.unwrap();
        assert_eq!(
            answer,
            PressAnswer::Toast("This button is from an older message. Here is the menu.".to_owned())
        );
        assert!(ann.sees().labels().contains(&"🎨 New image"), "{data:?}");
    }
}

#[tokio::test]
async fn another_persons_button_does_nothing() {
    let studio = Studio::new();
    let ann = studio.ann();
    let boris = studio.boris();
    ann.comes_in().await;
    boris.comes_in().await;
    ann.writes("a fox").await;
    let chat::ButtonAction::Press(draw) = ann.sees().keyboard.buttons().nth(9).unwrap().action.clone() else {
        panic!("not a press")
    };
    let stolen = boris.press_update(&ann.sees().wire(ann.room()), &draw.encode());
    assert_eq!(boris.gives(&stolen).await.unwrap(), PressAnswer::Alert("Это чужая кнопка.".to_owned()));
    assert_eq!((ann.credits().await, boris.credits().await), (40, 40));
    assert!(ann.sees().words.contains("a fox"));
}

#[tokio::test]
async fn another_persons_image_cannot_be_had_by_a_made_up_button() {
    let studio = Studio::new();
    let ann = studio.ann();
    let boris = studio.boris();
    ann.comes_in().await;
    boris.comes_in().await;
    ann.has_drawn("a fox").await;
    let account = ann.account().await.id;
    let item = studio.gallery.newest(account, GalleryFilter::ALL).await.unwrap().unwrap();
    let (id, generation) = (item.kept.id, item.kept.generation);
    let surface = Surface::Result;
    let repeat =
        |source| CallbackData::Again(Repeat { source, nonce: 1, unit_price: Credits::of(5), surface });
    let gone = PressAnswer::Alert("Этой картинки больше нет.".to_owned());
    let message = boris.sees().wire(boris.room());
    for data in [
        CallbackData::Original { item: id },
        CallbackData::Mark { item: id, surface },
        CallbackData::AskDeletion { item: id, surface },
        repeat(AgainSource::Image(id)),
        repeat(AgainSource::Request(generation)),
    ] {
        assert_eq!(
            boris.gives(&boris.press_update(&message, &data.encode())).await.unwrap(),
            gone,
            "{data:?}"
        );
    }
    for data in [
        CallbackData::Delete { item: id, surface: Surface::Set },
        CallbackData::TurnTo { item: id, view: GalleryView::ALL },
        CallbackData::OpenGalleryAt { item: id },
        CallbackData::PickForDeletion { generation },
        CallbackData::Keep { item: id, surface },
    ] {
        boris.gives(&boris.press_update(&message, &data.encode())).await.unwrap();
    }
    assert!(
        studio
            .gallery
            .item(account, id)
            .await
            .unwrap()
            .is_some_and(|item| item.favourite == gallery::Favourite::No)
    );
    let words: Vec<String> = boris.sees_all().into_iter().map(|message| message.words).collect();
    assert!(!words.iter().any(|words| words.contains("a fox")), "{words:?}");
    assert_eq!(boris.credits().await, 40);
}

#[tokio::test]
async fn buttons_about_what_is_gone_say_so() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    let message = ann.sees().wire(ann.room());
    let item = GalleryItemId::new(uuid::Uuid::from_u128(5));
    let data = CallbackData::Original { item };
    let answer = ann.gives(&ann.press_update(&message, &data.encode())).await.unwrap();
    assert_eq!(answer, PressAnswer::Alert("This image is no longer there.".to_owned()));
}

#[tokio::test]
async fn an_alert_that_comes_too_late_is_said_as_a_message() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    let message = ann.sees().wire(ann.room());
    let data = CallbackData::Original { item: GalleryItemId::new(uuid::Uuid::from_u128(5)) };
    studio.telegram.fail_next("answer_press", TelegramError::PressExpired);
    studio.handle(&ann.press_update(&message, &data.encode())).await.unwrap();
    assert_eq!(ann.sees().words, "This image is no longer there.");
}

#[tokio::test]
async fn a_blocked_person_hears_one_polite_line() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.writes("a fox").await;
    let draw = ann.press_of("Draw");
    let account = ann.account().await.id;
    studio.accounts.change(account, &ProfileChange::Standing(Standing::Blocked)).await.unwrap();
    ann.writes("/gallery").await;
    assert!(ann.sees().words.starts_with("This account has been blocked."));
    let answer = ann.gives(&draw).await.unwrap();
    assert!(
        matches!(answer, PressAnswer::Alert(words) if words.starts_with("This account has been blocked."))
    );
    assert_eq!(ann.credits().await, 40);
}

#[tokio::test]
async fn what_cannot_be_worked_with_yet_gets_a_sensible_answer() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    for (content, answer) in [
        (
            json!({"document": {"file_id": "x", "mime_type": "application/pdf"}}),
            "I can't do anything with this",
        ),
        (json!({"audio": {"file_id": "x"}}), "I don't listen to music"),
        (json!({"video_note": {"file_id": "x"}}), "I can't watch round videos."),
        (json!({"sticker": {"file_id": "x"}}), "I can't do anything with this."),
        (json!({"location": {"latitude": 1, "longitude": 2}}), "I can't do anything with this."),
    ] {
        ann.sends(content.clone()).await;
        assert!(ann.sees().words.starts_with(answer), "{content}: {}", ann.sees().words);
    }
    let before = ann.sees_all().len();
    ann.sends(json!({"pinned_message": {"message_id": 1}})).await;
    assert_eq!(ann.sees_all().len(), before, "news of the messenger are no messages");
}

#[tokio::test]
async fn an_album_is_one_event() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    let before = ann.sees_all().len();
    for _ in 0..10 {
        ann.sends(json!({"photo": [{"file_id": "x"}], "media_group_id": "13876"})).await;
    }
    assert_eq!(ann.sees_all().len(), before + 1);
}

#[tokio::test]
async fn elsewhere_it_says_where_to_find_it_and_leaves() {
    let studio = Studio::new();
    let group = ChatId::new(-100);
    let somebody = json!({"id": 7, "is_bot": false, "first_name": "X", "language_code": "ru"});
    studio
        .handle(&json!({"update_id": 900, "message": {"message_id": 1, "date": 1,
            "chat": {"id": -100, "type": "supergroup"}, "from": somebody, "text": "/start@AishaTestBot"}}))
        .await
        .unwrap();
    let said = studio.telegram.messages(group);
    assert_eq!(said.len(), 1);
    assert!(said[0].words.ends_with("https://t.me/AishaTestBot"), "{}", said[0].words);
    assert!(said[0].words.starts_with("Я работаю только в личной переписке."));
    assert_eq!(studio.telegram.left(), [group]);

    // In channels it may not write, and leaves all the same.
    studio.telegram.fail_next("send_message", TelegramError::Unreachable);
    studio
        .handle(&json!({"update_id": 901, "my_chat_member": {"chat": {"id": -200, "type": "channel"}, "from": somebody,
            "date": 1, "old_chat_member": {"status": "left"}, "new_chat_member": {"status": "administrator"}}}))
        .await
        .unwrap();
    assert_eq!(studio.telegram.left(), [group, ChatId::new(-200)]);
}

#[tokio::test]
async fn a_message_that_was_removed_meanwhile_is_shown_anew() {
    let studio = Studio::new();
    let ann = studio.ann();
    ann.comes_in().await;
    ann.writes("/start").await;
    let settings = ann.press_of("⚙️");
    studio.telegram.remove(ann.room(), ann.sees().id);
    ann.gives(&settings).await.unwrap();
    assert!(ann.sees().words.starts_with("Settings"));
}

#[tokio::test]
async fn every_button_there_is_answers_whatever_it_is_about() {
    let studio =
        Studio::with(ChatSettings { limits: ActionLimits::NONE, ..ChatSettings::default() }, Credits::of(5));
    let ann = studio.ann();
    ann.comes_in().await;
    ann.has_drawn("a fox").await;
    let own = studio.gallery.newest(ann.account().await.id, GalleryFilter::ALL).await.unwrap().unwrap();
    let nothing = uuid::Uuid::from_u128(5);
    let mut buttons = vec![
        CallbackData::Menu,
        CallbackData::NewImage,
        CallbackData::Help,
        CallbackData::Privacy,
        CallbackData::AcceptTerms { version: TermsVersion(0) },
        CallbackData::AcceptTerms { version: TermsVersion(9) },
        CallbackData::TermsIn { language: Language::English },
        CallbackData::Drop { nonce: 1 },
        CallbackData::CancelRequest { nonce: 1 },
        CallbackData::Settings,
        CallbackData::SetLanguage { language: Language::English },
        CallbackData::SetZone { zone: ZoneCode(200) },
        CallbackData::SetZone { zone: ZoneCode(1) },
        CallbackData::OpenSetting(Setting::Language),
        CallbackData::OpenSetting(Setting::Shape),
        CallbackData::OpenSetting(Setting::Count),
        CallbackData::OpenSetting(Setting::Zone { page: 250 }),
        CallbackData::Balance { after: None },
        CallbackData::Balance { after: Some(Cursor::after(nothing)) },
        CallbackData::OpenGallery { view: GalleryView::ALL },
        CallbackData::OpenGallery { view: GalleryView::FAVOURITES },
    ];
    let choice = OfferChoice {
        nonce: 1,
        aspect_ratio: AspectRatio::Wide,
        count: ImageCount::ONE,
        unit_price: Credits::MAX,
        fingerprint: 1,
        likeness: generation::Likeness::Nobody,
        seed: None,
    };
    buttons.extend([CallbackData::Choose(choice), CallbackData::Draw(choice)]);
    for item in [GalleryItemId::new(nothing), own.kept.id] {
        buttons.extend([CallbackData::Original { item }, CallbackData::OpenGalleryAt { item }]);
        buttons.extend(
            [GalleryView::ALL, GalleryView::FAVOURITES].map(|view| CallbackData::TurnTo { item, view }),
        );
        for surface in
            [Surface::Result, Surface::Set, Surface::Ending, Surface::Card(GalleryView::FAVOURITES)]
        {
            let source = AgainSource::Image(item);
            buttons.extend([
                CallbackData::Mark { item, surface },
                CallbackData::Unmark { item, surface },
                CallbackData::AskDeletion { item, surface },
                CallbackData::Keep { item, surface },
                CallbackData::Again(Repeat { source, nonce: 2, unit_price: Credits::MAX, surface }),
            ]);
        }
    }
    for generation in [GenerationId::new(nothing), own.kept.generation] {
        buttons
            .extend([CallbackData::PickForDeletion { generation }, CallbackData::BackToSet { generation }]);
        for surface in [Surface::Result, Surface::Set, Surface::Ending] {
            let source = AgainSource::Request(generation);
            buttons.push(CallbackData::Again(Repeat { source, nonce: 3, unit_price: Credits::MAX, surface }));
        }
    }
    for surface in [Surface::Set, Surface::Result, Surface::Ending, Surface::Card(GalleryView::ALL)] {
        buttons.push(CallbackData::Delete { item: own.kept.id, surface });
    }
    ann.has_drawn("a hare").await;
    let credits = ann.credits().await;
    for data in buttons {
        // On a photo, on words, and on a message that bots cannot see any more.
        let photo = ann.sees_all().into_iter().find(|message| matches!(message.body, Body::Photo(_)));
        let words = ann.sees_all().into_iter().find(|message| message.body == Body::Text).unwrap();
        let mut hidden = words.wire(ann.room());
        hidden["date"] = json!(0);
        for message in
            photo.map(|photo| photo.wire(ann.room())).into_iter().chain([words.wire(ann.room()), hidden])
        {
            let answered = ann.gives(&ann.press_update(&message, &data.encode())).await;
            assert!(answered.is_ok(), "{data:?}: {answered:?}");
        }
    }
    assert_eq!(ann.credits().await, credits, "nothing was paid for");
    studio.work().await;
    studio.assert_in_order().await;
}
