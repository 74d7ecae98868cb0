### Avatars: cards, training, its end.

avatars_none =
    <b>You have no avatars yet.</b>
    With an avatar I draw you and nobody else. The quickest is an instant one: 1 to 4 photos, and you can draw.
button_avatars = 🧑 Avatars
button_new_avatar = ➕ New avatar
command_avatars = Your avatars
command_draw = Draw you, with the main avatar
avatar_title = <b>{ $name }</b> · { $kind }
avatar_unnamed = No name yet
avatar_main = ⭐ Main: /draw uses it
avatar_made = Begun on { $date }
avatar_place = Avatar { $number } of { $total }
status_draft = 📝 A draft: not everything is chosen yet
status_collecting =
    📸 Collecting photos: { $count ->
        [one] { $count } photo
       *[other] { $count } photos
    } so far
status_waiting = ⏳ Waiting to be trained
status_training = 🧠 Being trained
status_training_percent = 🧠 Being trained: { $percent } %
status_copying = 📦 Trained, the result is being fetched
status_ready = ✅ Ready to be drawn
status_failed = ⚠️ The training failed, the credits are back
status_cancelled = ✖ The training was cancelled
remaining =
    About { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    } left
button_draw_avatar = 🎨 Draw
button_make_main = ⭐ Make it the main one
button_rename = ✏️ Rename
button_delete_avatar = 🗑 Delete
button_not_like_me = 🤔 Doesn't look like me
button_cancel_training = ✖ Cancel the training
button_second_try = 🔄 Try again
button_open_avatar = 🧑 Open the avatar
avatar_gone = This avatar is gone.
avatar_is_main_now = ⭐ The main one now.
avatar_not_drawable = This avatar isn't ready yet.
ask_new_name =
    <b>What shall "{ $name }" be called from now on?</b>
    Write a name in one message, 2 to 50 characters.
ask_avatar_deletion = <b>Delete the avatar "{ $name }"?</b>
avatar_deletion_goes =
    { $kind ->
        [trained] Its photos, the trained model and the copies at the training service go. There's no way back but a new training.
       *[instant] Its photos go. There's no way back.
    }
avatar_deletion_training = The training stops, and its credits come back.
avatar_deletion_stays = Images drawn with it stay in your gallery.
button_delete_avatar_surely = 🗑 Yes, delete for good
avatar_deleted = It's being deleted. I'll send a receipt once everything is gone.
ask_retraining =
    <b>Doesn't look like you? I'll train it again for free.</b>
    Once: until { $until }, and while few images are drawn ({ $images } left). New photos are needed, better ones than last time: in different light, from different sides.

    The avatar you have works until the new one is ready.
retraining_over = The free training is no longer available: its time is over, enough images were drawn, or it was used.
button_retrain = 🔄 Train again
ask_cancel_queued =
    <b>Cancel the training?</b>
    It hasn't begun. All credits come back, and the photos stay.
ask_cancel_training =
    <b>Cancel the training?</b>
    The steps done so far are lost. The credits come back and the photos stay, so you can try again.
ask_cancel_training_percent =
    <b>Cancel the training?</b>
    { $percent } % is done and would be lost. The credits come back and the photos stay, so you can try again.
button_cancel_training_surely = ✖ Yes, cancel it
button_go_on_training = Let it go on
training_cancel_too_late = Too late: the training is finished.
training_being_cancelled = Cancelling…
second_try_over = There's no second try for this avatar.
stage_preparing = 📦 <b>Preparing the photos of "{ $name }"…</b>
stage_position =
    ⏳ <b>"{ $name }" waits to be trained.</b> { $before ->
        [0] It's next.
        [one] { $before } is before it.
       *[other] { $before } are before it.
    }
stage_training = 🧠 <b>Training "{ $name }"…</b>
stage_trying_again = 🧠 <b>Training "{ $name }"…</b> It didn't work the first time, so I'm trying again.
stage_copying = 📦 <b>Almost there.</b> Fetching and checking the trained avatar "{ $name }".
stage_note = No need to wait: I'll write when it's ready.
percent_bar = { $bar } { $percent } %
training_ready = 🎉 <b>The avatar "{ $name }" is ready!</b> Two sample portraits are on their way, as a present.
training_ready_style = 🎉 <b>The style "{ $name }" is ready!</b> Two sample pictures are on their way, as a present.
instant_ready = ⚡ <b>The avatar "{ $name }" is ready.</b> What shall I draw?
photos_until = I'll delete the photos on { $date } and send you a receipt.
training_failed = 😔 <b>"{ $name }" couldn't be trained.</b>
training_failure =
    { $reason ->
        [photos-refused] The service couldn't learn from these photos. Please try replacing some of them.
        [refused] These photos didn't pass the safety check.
        [unavailable] The training services didn't manage in time.
        [no-weights] The service finished without a usable result.
        [no-trainer] Every training service is resting right now.
       *[internal] Something of mine went wrong.
    }
failure_reference = If you write to support, name <code>{ $reference }</code>.
training_returned =
    { $credits ->
        [0] It cost nothing.
        [one] { $credits } credit is back.
       *[other] { $credits } credits are back.
    }
training_photos_kept = The photos are kept, and the second try is free.
training_cancelled = ✖ <b>The training of "{ $name }" was cancelled.</b>
training_cancelled_photos = The photos are kept for now, so you can come back to it.
receipt_retention =
    🧹 <b>Receipt:</b> { $photos ->
        [one] { $photos } photo
       *[other] { $photos } photos
    } of the avatar "{ $name }" deleted, here and at the training service.
receipt_deleted =
    🧹 <b>Receipt:</b> the avatar is deleted. { $photos ->
        [0] There were no photos left.
        [one] { $photos } photo was deleted.
       *[other] { $photos } photos were deleted.
    }
receipt_weights = The trained model was deleted: { $megabytes } MB.
