### The gallery.

card_place = { $number } of { $total } · { $date }
gallery_empty =
    <b>Your gallery is empty.</b>
    Everything I draw for you will be here.
favourites_empty =
    <b>No favourites yet.</b>
    Press ☆ below an image to find it here.
button_newer = ◀ Newer
button_older = Older ▶
button_only_favourites = ★ Favourites
button_all_images = All images
card_avatar = 👤 { $name } · seed <code>{ $seed }</code>
card_avatar_gone = 👤 seed <code>{ $seed }</code>
nothing_found = <b>Nothing here fits.</b> Choose differently, or look at all images.
button_filter = 🔎 Filter
button_several = ☑ Several
button_show = ✅ Show
filter_favourites = ★ Favourites only
filter_any_origin = All kinds
filter_description = From words
filter_avatar = With an avatar
filter_instant_avatar = With an instant avatar
filter_all_time = All time
filter_today = Today
filter_week = 7 days
filter_thirty_days = 30 days
filter_month = 📅 A month…
month_of_year = { $month } { $year }
month_standing =
    { $number ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    }
several_title =
    <b>Choose images.</b> { $count ->
        [0] None is chosen yet.
        [one] { $count } is chosen.
       *[other] { $count } are chosen.
    }
several_line = { $number }. { $date } · { $description }
several_line_favourite = { $number }. ★ { $date } · { $description }
button_whole_page = All on this page
button_nothing = None
button_delete_picked = 🗑 Delete { $count }
button_download_picked = 📦 Download { $count }
button_delete_picked_surely =
    🗑 Yes, delete { $count ->
        [one] { $count } image
       *[other] { $count } images
    }
button_keep_picked = Keep them
delete_picked_question =
    <b>Delete { $count ->
        [one] { $count } image
       *[other] { $count } images
    }?</b> For { $hours ->
        [one] { $hours } hour
       *[other] { $hours } hours
    } you can bring them back.
too_many_picked = That's as many as I can take at once. Please do something with these first.
nothing_picked = Nothing is chosen.
picked_deleted =
    🗑 <b>{ $count ->
        [one] { $count } image is
       *[other] { $count } images are
    } deleted.</b> For { $hours ->
        [one] { $hours } hour
       *[other] { $hours } hours
    } you can bring them back; then the files go for good.
picked_restored =
    ↩ <b>{ $count ->
        [one] { $count } image is
       *[other] { $count } images are
    } back.</b>
picked_erased = 🔥 <b>Gone for good.</b>
deletion_forgotten = I no longer know which images these were. They go for good by themselves, a day after they were deleted.
deleted_notice =
    🗑 <b>Deleted.</b> For { $hours ->
        [one] { $hours } hour
       *[other] { $hours } hours
    } you can bring it back; then the file goes for good.
restored_notice = ↩ <b>It's back in your gallery.</b>
erased_notice = 🔥 <b>Gone for good.</b>
restored = It's back.
erased = Gone for good.
too_late_to_restore = It's too late to bring this back.
button_restore = ↩ Bring back
button_erase_now = 🔥 For good now
