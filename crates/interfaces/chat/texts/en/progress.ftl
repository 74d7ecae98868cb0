### The one message that is edited while the work goes on.

progress_waiting = ⏳ <b>Accepted.</b> I'll begin in a moment.
progress_waiting_position =
    ⏳ <b>In the queue.</b> { $before ->
        [0] Yours is next.
        [one] { $before } request is before yours.
       *[other] { $before } requests are before yours.
    }
progress_drawing = 🎨 <b>Drawing…</b>
progress_trying_again = 🎨 <b>Still drawing…</b> The first try didn't work out, so I'm trying again.
progress_keeping = 📦 <b>Almost there…</b> I'm putting it into your gallery.
button_cancel_request = ✖ Cancel
