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
