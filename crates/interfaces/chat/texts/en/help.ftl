### Help with words, voice and photos.

button_improve = ✨ Improve
button_translate = 🌐 Translate
help_wording = ✍️ <b>Looking for better words…</b>
help_translating = 🌐 <b>Translating…</b>
help_listening = 🎧 <b>Listening…</b>
help_looking = 👀 <b>Looking…</b>
help_mine = <b>Yours</b>
help_suggestion = <b>My suggestion</b>
help_heard = 🎙 <b>I heard:</b>
help_seen = 👀 <b>I see:</b>
help_like_photo = 🎨 <b>I'd describe it like this:</b>
help_edit =
    <b>Make it yours.</b>
    Press the text to copy it, change it, and send it to me.
help_discarded = All right, we'll let it be. Send me something else whenever you like.
help_forgotten = I no longer have this. Please send it to me again.
help_cap_reached =
    That's all the help I can give for free today: { $cap ->
        [one] { $cap } time
       *[other] { $cap } times
    } in 24 hours. Your own words draw just as well.
help_off = My helper is having a break. It comes back by itself; until then just write to me what you'd like to see.
help_away = 😔 <b>My helper is away.</b> Nothing is lost: your words go on as they are.
help_deaf = 😔 <b>I can't listen right now.</b> Please try again a little later, or write it to me.
help_blind = 😔 <b>I can't look at photos right now.</b> Please try again a little later, or describe it in words.
help_refused = 🚫 <b>I can't help with this one.</b> It touches something that must not be drawn. It cost nothing; try it in other words.
help_unreadable_voice = 🤔 <b>I can't open this recording.</b> Please record it once more.
help_unreadable_photo = 🤔 <b>I can't open this picture.</b> JPEG, PNG and WebP of up to 20 MB work.
help_heard_nothing = 🤫 <b>I couldn't make out any words.</b> Please say it once more, a little closer to the microphone.
help_seen_nothing = 🤔 <b>I can't make anything out in this picture.</b> Please try another one.
help_internal =
    😔 <b>Something of mine went wrong.</b> It cost nothing. If you write to support, name <code>{ $reference }</code>.
button_use_this = ✅ Use this
button_keep_mine = ↩ Keep mine
button_another_try = 🔁 Try again
button_edit_words = ✏️ Edit
button_go_on_with_mine = ▶ Go on with my words
button_imagine_this = 🎨 Imagine this
button_draw_me_so = 👤 Draw me so
button_as_it_is = ✅ Use it as it is
button_drop_words = ✖ Discard
paused_until = Several of your requests had to be refused, so we're taking a break until { $until }. It costs you nothing.

# Voice

voice_too_long =
    That's a long one! I write down voice messages of up to { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }. Please say it more briefly, or in parts.
voice_audio = I don't listen to music and audio files. Record a voice message, and I'll write down what you say.
voice_video_note = I can't watch round videos. Record a voice message or write to me, and I'll draw it.

# Photos

photo_offer = <b>A nice picture!</b> What shall I do with it?
album_offer = <b>Nice pictures!</b> Shall I make an avatar from them?
photo_too_large = This file is too large: I can take pictures of up to 20 MB. Send it as a photo, then Telegram makes it smaller.
photo_forgotten = I no longer have this picture. Please send it to me again.
button_describe = 👀 Describe it
button_something_like_it = 🎨 Something like it
button_use_for_avatar = 👤 Use for an avatar
button_draw_caption = ✍️ Draw my words
