### Who a person is here, in numbers.

button_profile = 👤 Profile
profile_title = <b>Your profile</b>
profile_since = Here since { $date }
profile_language = Language: { $language }
profile_images =
    { $count ->
        [0] No images yet
        [one] { $count } image
       *[other] { $count } images
    } in your gallery
profile_origins = From words: { $words } · With an avatar: { $avatar } · With an instant avatar: { $instant }
profile_favourites = Favourites: { $count }
profile_avatars = Avatars ready to be drawn: { $count }
profile_credits =
    { $credits ->
        [one] { $credits } credit
       *[other] { $credits } credits
    } to spend
profile_spent =
    Spent so far: { $credits ->
        [one] { $credits } credit
       *[other] { $credits } credits
    }, { $images } of them on images
profile_spent_on_images =
    Spent on images so far: { $credits ->
        [one] { $credits } credit
       *[other] { $credits } credits
    }
