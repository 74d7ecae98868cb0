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
card_avatar = 👤 { $name } · зерно <code>{ $seed }</code>
card_avatar_gone = 👤 зерно <code>{ $seed }</code>
nothing_found = <b>Ничего подходящего нет.</b> Выберите иначе или посмотрите все картинки.
button_filter = 🔎 Фильтр
button_several = ☑ Несколько
button_show = ✅ Показать
filter_favourites = ★ Только избранное
filter_any_origin = Любые
filter_description = По словам
filter_avatar = С аватаром
filter_instant_avatar = С мгновенным
filter_all_time = За всё время
filter_today = Сегодня
filter_week = 7 дней
filter_thirty_days = 30 дней
filter_month = 📅 Месяц…
month_of_year = { $month } { $year }
month_standing =
    { $number ->
        [1] Январь
        [2] Февраль
        [3] Март
        [4] Апрель
        [5] Май
        [6] Июнь
        [7] Июль
        [8] Август
        [9] Сентябрь
        [10] Октябрь
        [11] Ноябрь
       *[12] Декабрь
    }
several_title =
    <b>Выберите картинки.</b> { $count ->
        [0] Пока ни одной.
        [one] Выбрана { $count }.
        [few] Выбраны { $count }.
       *[many] Выбрано { $count }.
    }
several_line = { $number }. { $date } · { $description }
several_line_favourite = { $number }. ★ { $date } · { $description }
button_whole_page = Вся страница
button_nothing = Ничего
button_delete_picked = 🗑 Удалить { $count }
button_download_picked = 📦 Скачать { $count }
button_delete_picked_surely =
    🗑 Да, удалить { $count ->
        [one] { $count } картинку
        [few] { $count } картинки
       *[many] { $count } картинок
    }
button_keep_picked = Оставить
delete_picked_question =
    <b>Удалить { $count ->
        [one] { $count } картинку
        [few] { $count } картинки
       *[many] { $count } картинок
    }?</b> Ещё { $hours ->
        [one] { $hours } час
        [few] { $hours } часа
       *[many] { $hours } часов
    } их можно будет вернуть.
too_many_picked = Больше за раз не возьму. Сначала сделайте что-нибудь с этими.
nothing_picked = Ничего не выбрано.
picked_deleted =
    🗑 <b>{ $count ->
        [one] Удалена { $count } картинка.
        [few] Удалены { $count } картинки.
       *[many] Удалено { $count } картинок.
    }</b> Ещё { $hours ->
        [one] { $hours } час
        [few] { $hours } часа
       *[many] { $hours } часов
    } их можно вернуть, потом файлы исчезнут навсегда.
picked_restored =
    ↩ <b>{ $count ->
        [one] Вернулась { $count } картинка.
        [few] Вернулись { $count } картинки.
       *[many] Вернулось { $count } картинок.
    }</b>
picked_erased = 🔥 <b>Удалено навсегда.</b>
deletion_forgotten = Уже не помню, какие это были картинки. Они исчезнут сами через сутки после удаления.
deleted_notice =
    🗑 <b>Удалено.</b> Ещё { $hours ->
        [one] { $hours } час
        [few] { $hours } часа
       *[many] { $hours } часов
    } картинку можно вернуть, потом файл исчезнет навсегда.
restored_notice = ↩ <b>Картинка снова в галерее.</b>
erased_notice = 🔥 <b>Удалено навсегда.</b>
restored = Вернула.
erased = Удалено навсегда.
too_late_to_restore = Вернуть это уже не получится.
button_restore = ↩ Вернуть
button_erase_now = 🔥 Навсегда
