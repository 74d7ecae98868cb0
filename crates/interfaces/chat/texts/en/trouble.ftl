### What can go wrong, said politely.

blocked = This account has been blocked. If you think that's a mistake, please write to support.
not_yours = This button belongs to somebody else.
stale_button = This button is from an older message. Here is the menu.
wait =
    That was a lot at once. Please try again in { $seconds ->
        [one] { $seconds } second
       *[other] { $seconds } seconds
    }.
failure =
    😔 <b>Something of mine went wrong</b>, and I couldn't do this. You pay only for images that arrive. If you write to support, name <code>{ $reference }</code>.
only_private = I work in private only. Write to me here: { $link }
kind_not_yet = I can't do anything with this. Write what you'd like to see, say it in a voice message, or send me a photo.
maintenance = I'm being worked on and will be back soon. Nothing is lost: whatever is under way goes on.
by_invitation = I'm open by invitation for now. If somebody gave you an invitation link, please open it.
invitation_void = This invitation has been used up or has run out. Please ask for another one.
closed_circle = I work for a closed circle for now. To be let in, give the people who run me your Telegram id: { $id }
