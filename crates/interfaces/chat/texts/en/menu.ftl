### The menu, help and commands.

menu_greeting =
    <b>Hi, I'm Aisha.</b>
    Describe a picture in your own words and I'll draw it. Just write to me, or choose below.
menu_title = <b>What shall we do?</b>
new_image_hint =
    <b>What would you like to see?</b>
    Describe it in one message, the more vividly the better. For example:

    <i>A red fox asleep in fresh snow, morning light, close up</i>
help =
    <b>How it works</b>
    Send me a description and I'll offer to draw it. Choose the shape and the number of images; the price is on the button. You pay only for images that arrive: if something goes wrong, it costs nothing.

    A voice message or a photo will do, too: I write down what you say, and describe what I see. With a few photos I make your avatar and draw you.

    /imagine <i>description</i>: a new image
    /draw <i>description</i>: a picture of you
    /avatars: your avatars
    /gallery: all your images
    /balance: credits and their history
    /settings: language, shape, count, time zone
    /cancel: take back what hasn't begun
    /privacy: what I keep; export it, erase it
    /help: this page

    Every image is made by AI and says so in its file.
unknown_command = I don't know this command. Here is what I can do:
button_new_image = 🎨 New image
button_gallery = 🖼 Gallery
button_balance = 💳 Balance
button_settings = ⚙️ Settings
button_help = ❓ Help
button_privacy = 🔒 Privacy
button_menu = ☰ Menu
button_back = ‹ Back
command_start = Begin, and show the menu
command_imagine = Draw from a description
command_gallery = Your images
command_balance = Credits and their history
command_settings = Language, shape, count, time zone
command_help = How it works
command_privacy = What is kept
command_cancel = Take back what hasn't begun
