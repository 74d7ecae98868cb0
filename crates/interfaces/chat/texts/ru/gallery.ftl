### Галерея.

card_place = { $number } из { $total } · { $date }
gallery_empty =
    <b>Ваша галерея пуста.</b>
    Здесь будет всё, что я для вас нарисую.
favourites_empty =
    <b>В избранном пока пусто.</b>
    Нажмите ☆ под картинкой, и она появится здесь.
button_newer = ◀ Новее
button_older = Раньше ▶
button_only_favourites = ★ Избранное
button_all_images = Все картинки
