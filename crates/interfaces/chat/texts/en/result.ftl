### Images that arrived, and the news that none did.

made_by_ai = ✨ Made by AI · { $model }
set_images =
    { $count ->
        [one] <b>Here is your image.</b>
       *[other] <b>Here are your { $count } images.</b>
    }
set_price =
    { $credits ->
        [0] Free of charge.
        [one] Paid: { $credits } credit.
       *[other] Paid: { $credits } credits.
    }
set_partial = You asked for { $asked }, and pay only for what arrived.
ready_in_gallery = 🖼 <b>Your images are ready.</b> They're in your gallery.
late_images =
    🎁 { $count ->
        [one] <b>An image</b> came after all, too late to be charged. It's in your gallery, free of charge.
       *[other] <b>{ $count } images</b> came after all, too late to be charged. They're in your gallery, free of charge.
    }
ending_refused =
    🚫 <b>This one isn't possible.</b> The description touches something that must not be drawn. It cost nothing; try it in other words.
ending_invalid =
    🤔 <b>The image service couldn't read this description.</b> It cost nothing; try it in other words.
ending_unavailable =
    😔 <b>It didn't work out.</b> The image services didn't manage it this time. It cost nothing; please try again a little later.
ending_no_model =
    😔 <b>I can't draw right now.</b> Every image service is resting. It cost nothing; please try again later.
ending_no_avatar =
    👤 <b>This avatar is no longer there</b>, or it isn't ready yet. It cost nothing; choose another one under /avatars.
ending_no_safety_check =
    🛡 <b>I couldn't check this safely.</b> A real person is in the picture, so nothing is drawn without the check, and it is away just now. It cost nothing; please try again a little later.
ending_internal =
    😔 <b>Something of mine went wrong.</b> It cost nothing. If you write to support, name <code>{ $reference }</code>.
ending_cancelled = ✖ <b>Cancelled.</b> It cost nothing.
ending_expired =
    ⌛ <b>It took too long, so I stopped.</b> It cost nothing; please try again.
button_again =
    🔁 Again · { $credits ->
        [one] { $credits } credit
       *[other] { $credits } credits
    }
button_original = 📄 Original
button_original_number = 📄 { $number }
button_mark = ☆ Favourite
button_unmark = ★ Favourite
button_mark_number = ☆ { $number }
button_unmark_number = ★ { $number }
button_delete = 🗑 Delete
button_delete_some = 🗑 Delete…
button_delete_number = 🗑 { $number }
button_delete_surely = 🗑 Yes, delete it
button_keep = Keep it
button_open_gallery = 🖼 Open the gallery
marked = ★ Among your favourites.
unmarked = No longer a favourite.
deleted = Deleted.
image_gone = This image is no longer there.
