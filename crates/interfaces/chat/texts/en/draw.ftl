### Pictures with an avatar: words, styles, a reference photo.

draw_invite =
    <b>To draw you I need an avatar.</b>
    An instant one is ready at once: send 1 to 4 photos, nothing has to be trained. A trained one looks more like you, but needs 10 to 20 photos and a little time.
draw_invite_kept = I've remembered your description and will offer to draw it as soon as the avatar is ready.
button_draw_me = 🧑‍🎨 Draw me
button_instant_avatar = ⚡ Make an instant avatar
draw_menu =
    <b>Drawing: { $name }</b>
    Describe the picture in your own words, choose a style, or send a photo to go by.
button_own_words = ✍️ In my own words
button_styles = 🎭 Styles
button_from_photo = 📷 From a photo
button_other_avatar = 👥 Another avatar
pick_avatar = <b>Whom shall I draw?</b>
ask_words =
    <b>Describe the picture with "{ $name }".</b>
    Where, in what clothes, doing what, in which light. For example:

    <i>in a red coat on a bridge in Prague, fog, early morning</i>
ask_other_words = <b>The same seed, other words.</b> Send a new description; the composition will stay similar. This is what it was:
ask_reference_photo =
    <b>Send a photo to go by.</b>
    I'll describe what it shows: the scene, the light, the clothes. You can change the words, and I'll draw "{ $name }" that way.
reference_photo_expected = I'm waiting for a photo to go by: an ordinary picture, JPEG, PNG or WebP.
packs_title = <b>What's the mood?</b>
pack_title = <b>{ $pack }</b>
    Choose a style: I'll show the description and the price before I draw.
style_gone = This style is gone.
button_with_avatar = 👤 { $name }
button_with_my_avatar = 👤 With my avatar
button_with_nobody = 👤 Without an avatar
no_avatar = This avatar is gone or not ready yet. Please choose another one.
button_same_seed = 🎯 Other words
button_same_seed_number = 🎯 { $number }
