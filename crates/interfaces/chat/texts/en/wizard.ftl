### The way to a new avatar: consent, name, kind, photos, training.

avatar_consent =
    <b>Before we begin</b>
    An avatar is a model of a person or a style, made from your photos. With it I draw you and nobody else.

    By pressing "I agree" you confirm that:
    • you are 18 or older;
    • the photos show you, or an adult who has given you permission;
    • the photos may be checked, and passed on to the services that train the avatar and draw with it.

    I delete the photos myself soon after the training. You can delete an avatar with everything that belongs to it at any time.
button_agree = ✅ I agree and I'm 18 or older
button_refuse = I don't agree
consent_refused = All right, no avatar then. Nothing was kept. If you change your mind, it's always in the menu.
consent_changed = The text has changed meanwhile. Please read it once more.
avatars_too_many =
    You already have { $count ->
        [one] { $count } avatar
       *[other] { $count } avatars
    }, and there's no room for more. Delete one to make room.
draft_found =
    <b>You have begun an avatar.</b> Shall we go on where you left off?
draft_found_name = Name: <b>{ $name }</b>
draft_found_photos =
    It has { $count ->
        [one] { $count } photo.
       *[other] { $count } photos.
    }
button_resume = ▶️ Go on
button_start_over = Start over
draft_gone = This draft is gone.
ask_avatar_name =
    <b>What shall we call the avatar?</b>
    Write a name in one message, 2 to 50 characters. Only you will see it.
name_too_short = A name has at least 2 characters, one of them a letter or a digit. Please try again.
name_too_long = That's a little long: a name has at most 50 characters. Please try a shorter one.
ask_avatar_kind =
    <b>{ $name }: what kind will it be?</b>
kind_meaning_instant = ⚡ <b>Instant.</b> 1 to 4 photos are enough and nothing has to be trained: you can draw at once, and making it is free.
kind_meaning_portrait = 👤 <b>Portrait.</b> Trained on 10 to 20 photos of one person. It takes longer and costs more, and the likeness is clearly better.
kind_meaning_style = 🎨 <b>Style.</b> Trained on 10 to 20 pictures in one manner, and draws anything in it.
kind_name =
    { $kind ->
        [instant] ⚡ Instant
        [portrait] 👤 Portrait
       *[style] 🎨 Style
    }
collection_title = 📸 <b>Photos for "{ $name }"</b>
collection_count = <b>{ $accepted } of { $most }</b> accepted.
collection_need =
    At least { $missing ->
        [one] { $missing } more photo is
       *[other] { $missing } more photos are
    } needed.
collection_waiting =
    ⏳ { $count ->
        [one] { $count } photo is still being looked at…
       *[other] { $count } photos are still being looked at…
    }
collection_hint =
    { $kind ->
        [instant] Send 1 to 4 photos: the face large and sharp, no sunglasses, nobody else in the picture. As an album or as files, if you like.
        [portrait] Send 10 to 20 photos, ideally 15: only you, the face sharp, no sunglasses. Vary angles, light and distance. Albums and files are fine.
       *[style] Send 10 to 20 pictures in one manner. The more varied what they show, the better. Albums and files are fine.
    }
collection_refused = <b>Not usable:</b>
photo_problem_line =
    • { $problem ->
        [not-an-image] no photo, or a broken file: send a JPEG, PNG or WebP
        [too-large] too large: send it as a photo, not as a file
        [too-small] too small: the shorter side needs at least 512 pixels
        [too-narrow] too narrow: crop it closer to a square
        [near-duplicate] almost the same as another one: take one in another pose or place
        [no-face] no face to be seen: face the camera
        [several-faces] several people: send photos that show only you
        [face-too-small] the face is too small: come closer
        [face-turned-away] seen from behind: turn to the camera
        [blurred] the face is blurred: wipe the lens and hold still
        [too-dark] too dark: take it by a window
        [too-bright] too bright: step out of direct sun or flash
        [sunglasses] sunglasses: take them off
        [face-covered] the face is covered: move the hand, mask or hair away
        [looks-minor] the person may be under 18: avatars are for adults only
        [unsafe] I can't use a photo like this: send another one
        [another-person] somebody else: one set shows one person
        [gone] Telegram no longer has it: send it again
       *[not-examined] I couldn't check it, my fault: send it again
    }{ $count ->
        [1] {"."}
       *[other] {" "}(×{ $count }).
    }
collection_more_refused =
    …and { $count } more.
collection_score = Quality of the set: <b>{ $score } of 100</b>
collection_advice = <b>What would help:</b>
missing_shot =
    • { $shot ->
        [more-photos] a few more photos, for a safer likeness
        [three-quarter] the face turned a little
        [profile] the face from the side
        [close] a close-up: head and shoulders
        [half] a photo to the waist
        [full] a photo from head to foot
       *[other-light] other light: outdoors, a window, a lamp
    }
collection_perfect = 👍 A great set, nothing to add.
collection_too_many =
    This kind takes at most { $most }: remove some with "Look through".
button_leaf = 🖼 Look through
button_photos_done = Continue ›
button_instant_done = ⚡ Done
button_cancel_wizard = ✖ Cancel
photo_place = Photo { $number } of { $total }
button_remove_photo = 🗑 Remove
button_close = Close
photo_removed = Removed.
photo_gone = This photo is gone.
photos_none = No photo has been accepted yet.
photos_full = That's enough: the set is full with { $most }. To add another photo, remove one first.
photo_file_too_large = Telegram doesn't hand me files over 20 MB. Send it as a photo, or make it smaller.
collecting_not_a_photo =
    { $kind ->
        [animation] A GIF won't do
        [video] A video won't do
        [sticker] A sticker won't do
        [document] This file is no photo
       *[other] This is no photo
    }: an avatar needs ordinary pictures, JPEG, PNG or WebP.
photos_waiting =
    { $count ->
        [one] { $count } photo is still being looked at.
       *[other] { $count } photos are still being looked at.
    } Please press again in a few seconds.
photos_too_few =
    { $have ->
        [0] There are no photos yet
        [one] { $have } photo so far
       *[other] { $have } photos so far
    }, and at least { $need } are needed. Please add more.
ask_preset =
    <b>How thoroughly shall I train it?</b>
    A thorough training studies the photos longer: a closer likeness, a higher price, a longer wait.
preset_name =
    { $preset ->
        [standard] Standard
       *[thorough] Thorough
    }
preset_usual_time = { $preset }: usually about { $minutes } min
button_preset =
    { $preset } · { $credits ->
        [0] free
        [one] { $credits } credit
       *[other] { $credits } credits
    }
no_trainer =
    <b>Nobody can train it right now:</b> every service is resting. Your photos are kept; please look in a little later.
button_try_again = 🔄 Check again
confirm_title = <b>Is everything right?</b>
confirm_name = Name: <b>{ $name }</b>
confirm_kind = Kind: { $kind }
confirm_photos = Photos: { $count }
confirm_preset = Training: { $preset }
confirm_preset_usual_time = Training: { $preset }, usually about { $minutes } min
confirm_price =
    Price: <b>{ $credits ->
        [0] free
        [one] { $credits } credit
       *[other] { $credits } credits
    }</b>. You pay only for a finished avatar: if the training fails, the credits come back.
confirm_rule =
    If it doesn't look like you: within { $days ->
        [one] { $days } day
       *[other] { $days } days
    } and before { $images ->
        [one] { $images } image is
       *[other] { $images } images are
    } drawn, I train it once more for free, with new photos.
confirm_photos_fate =
    I delete the photos { $hours ->
        [one] { $hours } hour
       *[other] { $hours } hours
    } after a successful training and send you a receipt.
button_order =
    🚀 Train · { $credits ->
        [0] free
        [one] { $credits } credit
       *[other] { $credits } credits
    }
training_insufficient =
    { $missing ->
        [one] { $missing } more credit is
       *[other] { $missing } more credits are
    } needed: the training costs { $price }, and you have { $available }. Nothing was taken; the draft is kept.
training_price_changed =
    The price has changed: it's { $credits ->
        [one] { $credits } credit
       *[other] { $credits } credits
    } now. Nothing was taken; press again if that's fine.
trainings_too_many =
    { $count ->
        [one] { $count } avatar is
       *[other] { $count } avatars are
    } being trained already. Please wait for it to end; the draft is kept.
training_no_trainer = Nobody can train it right now: every service is resting. Nothing was taken; the draft is kept.
training_already = This avatar is being trained already.
ask_discard_early = <b>Cancel this avatar?</b> Only what you have chosen so far would be lost.
ask_discard_photos =
    <b>Cancel this avatar?</b>
    { $count ->
        [one] { $count } photo and everything you chose would be deleted.
       *[other] { $count } photos and everything you chose would be deleted.
    } Or keep the draft and come back later.
ask_discard_retraining =
    <b>Cancel the new training?</b>
    The new photos won't be needed, and the avatar you have stays as it is.
button_discard = 🗑 Delete the draft
button_discard_retraining = Keep the old one
button_keep_draft = 💾 Keep for later
draft_discarded = The draft and its photos are deleted. Nothing was taken.
retraining_dropped = All right, the avatar stays as it was.
draft_kept = Kept. The draft waits for you here: /avatars
