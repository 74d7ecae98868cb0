### From a description to a paid request.

offer_title = <b>Shall I draw this?</b>
offer_hint = Choose the shape and how many.
offer_dropped = All right, not this one. Send another description whenever you like.
prompt_empty = I couldn't see any words in that. Describe in a message what you'd like to see.
prompt_too_long =
    That's { $characters ->
        [one] { $characters } character
       *[other] { $characters } characters
    }, a little too much. Please keep it within { $limit }.
button_draw =
    Draw { $count } · { $credits ->
        [one] { $credits } credit
       *[other] { $credits } credits
    }
button_drop = ✖ Not now
prompt_lost = I no longer have this description. Please send it to me again.
insufficient =
    { $missing ->
        [one] { $missing } more credit is
       *[other] { $missing } more credits are
    } needed: this costs { $price }, and you have { $available }. Nothing was taken.
insufficient_for_several =
    { $missing ->
        [one] { $missing } more credit is
       *[other] { $missing } more credits are
    } needed: this costs { $price }, and you have { $available }. Nothing was taken. Fewer images cost less.
price_changed =
    The price has changed: one image now costs { $credits ->
        [one] { $credits } credit
       *[other] { $credits } credits
    }. Nothing was taken; press again if that's fine.
spend_cap_own = You've reached today's limit. It starts anew at { $until }; nothing was taken from your balance.
spend_cap_of_all = The studio has drawn as much as it can today. It starts anew at { $until }; nothing was taken from your balance.
too_many_under_way =
    { $count ->
        [one] { $count } request is
       *[other] { $count } requests are
    } still being drawn. Please wait for one of them.
no_model = I can't draw right now: every image service is resting. Nothing was taken; please try a little later.
model_prompt_too_long =
    { $characters ->
        [one] { $characters } character is
       *[other] { $characters } characters are
    } too many for the image services. Please shorten the description.
already_taken = I'm on it already.
already_drawn_again = That one was taken already. Press again to draw another.
