### The first visit.

terms =
    <b>Hi, I'm Aisha.</b> I draw what you describe.

    Before we begin, the terms:
    • Images are made by AI and marked as such. Please don't pass them off as photographs.
    • No violence against people, no sexual content, nothing that hurts or deceives real people.
    • Your descriptions go to image services; your name doesn't. /privacy says what is kept.
    • You pay with credits, and only for images that arrive.

    When you accept them, I'll give you <b>{ $credits ->
        [one] { $credits } credit
       *[other] { $credits } credits
    }</b>{ $images ->
        [0] .
        [one] : enough for { $images } image.
       *[other] : enough for { $images } images.
    }
terms_without_gift =
    <b>Welcome back.</b> I'm Aisha, and I draw what you describe.

    Before we go on, the terms:
    • Images are made by AI and marked as such. Please don't pass them off as photographs.
    • No violence against people, no sexual content, nothing that hurts or deceives real people.
    • Your descriptions go to image services; your name doesn't. /privacy says what is kept.
    • You pay with credits, and only for images that arrive.
welcome_gift =
    <b>Welcome!</b> { $credits ->
        [one] { $credits } credit is
       *[other] { $credits } credits are
    } yours{ $images ->
        [0] .
        [one] : enough for { $images } image.
       *[other] : enough for { $images } images.
    }

    Describe a picture in a message and I'll draw it.
welcome_back =
    <b>Thank you, all set.</b>

    Describe a picture in a message and I'll draw it.
intended_kept = I've kept what you wrote; accept and we'll go straight on.
button_accept = ✅ Accept
terms_needed = Please accept the terms first.
terms_accepted_before = You've accepted these already.
