### What is kept, handed out and erased.

privacy_title = <b>What I keep of you, and until when</b>
kept_profile = • <b>Profile</b>: your Telegram number, language, time zone, settings and what you agreed to; until you erase everything
kept_images =
    • <b>Images</b>: { $count }; until you delete them, and the files go for good { $hours ->
        [one] { $hours } hour
       *[other] { $hours } hours
    } after that
kept_generations = • <b>Requests</b> with their descriptions: { $count }; until you erase everything
kept_avatars = • <b>Avatars</b>: { $count }; until you delete them
kept_photos =
    • <b>Photos for avatars</b>: { $count }; { $hours ->
        [one] { $hours } hour
       *[other] { $hours } hours
    } after the training, { $days ->
        [one] { $days } day
       *[other] { $days } days
    } in a draft; an instant avatar keeps its own for as long as it lives
kept_weights = • <b>Trained weights</b>: { $count }; they go with their avatar
kept_helps = • <b>Help with words, voice and photos</b>: { $count }; up to a month
kept_messages = • <b>Messages you sent</b>: { $count }; a few days, so that none gets lost
kept_ledger = • <b>Entries about credits</b>: { $count }; they stay, because they're bookkeeping
privacy_providers =
    Descriptions and, for avatars, photos go to the services that check, train and draw; your name never does. Nobody else in Telegram can open your gallery.
button_export = 📦 Export everything
button_erase_everything = 🔥 Erase everything
packing_everything = 📦 <b>Packing everything I keep of you…</b> The file will come here; that may take a few minutes.
packing_images =
    📦 <b>Packing { $count ->
        [one] { $count } image
       *[other] { $count } images
    }…</b> The file will come here.
export_whole = 📦 Here you are.
export_part = 📦 Part { $part } of { $parts }
export_there =
    ✅ <b>That's everything I keep of you</b>, { $parts ->
        [one] in one file
       *[other] in { $parts } files
    }.
images_packed =
    ✅ <b>Your images are packed</b>, { $parts ->
        [one] in one file
       *[other] in { $parts } files
    }.
export_failed =
    😔 <b>I couldn't pack the file.</b> Please try again. If you write to support, name <code>{ $reference }</code>.
erasure_question = 🔥 <b>Shall I erase everything I keep of you?</b>
erasure_goes = <b>This goes, for good:</b>
gone_profile = • your profile: number, language, settings, consents
gone_images =
    • { $count ->
        [one] { $count } image
       *[other] { $count } images
    }
gone_generations =
    • { $count ->
        [one] { $count } request with its description
       *[other] { $count } requests with their descriptions
    }
gone_avatars =
    • { $count ->
        [one] { $count } avatar
       *[other] { $count } avatars
    }
gone_photos =
    • { $count ->
        [one] { $count } photo for avatars
       *[other] { $count } photos for avatars
    }
gone_weights =
    • { $count ->
        [one] trained weights of { $count } avatar
       *[other] trained weights of { $count } avatars
    }
gone_helps =
    • { $count ->
        [one] { $count } request for help
       *[other] { $count } requests for help
    }
gone_messages =
    • { $count ->
        [one] { $count } message
       *[other] { $count } messages
    }
erasure_stays =
    <b>This stays:</b>
    • entries about credits, under a number that leads to nobody
    • a mark, unreadable to anybody, that the welcome gift was given
    • at the services: copies at FAL go by themselves, by the deadline I set; what Google and OpenAI keep of descriptions and photos for some weeks by their own rules I can't remove
    • messages in this chat: please clear them in Telegram yourself
erasure_credits_lost =
    ⚠️ { $credits ->
        [one] <b>{ $credits } unspent credit</b> will be lost.
       *[other] <b>{ $credits } unspent credits</b> will be lost.
    }
erasure_last_question =
    ⚠️ <b>Really everything?</b> There is no way back, not even for me.
erasure_asked_anew = It's been a while, so let me ask once more from the beginning.
button_erase_go_on = 🔥 Erase everything…
button_erase_surely = 🔥 Yes, erase everything for good
button_keep_everything = ↩ Keep everything
erasure_begun = 🔥 <b>I'm erasing everything.</b> A receipt will come when it's done.
erasure_under_way = I'm erasing what I keep of you at the moment. A receipt will come when it's done; after that, /start begins anew.
receipt_title = ✅ <b>Everything is erased.</b> Gone are:
receipt_stays =
    { $count ->
        [0] Nothing about credits was kept.
        [one] { $count } entry about credits stays, under a number that leads to nobody.
       *[other] { $count } entries about credits stay, under a number that leads to nobody.
    } What Google and OpenAI keep for some weeks by their own rules I can't remove.
receipt_farewell = Thank you for having been here. If you like to come back, /start begins anew.
