### Аватары: карточки, обучение, его конец.

avatars_none =
    <b>У вас пока нет аватаров.</b>
    С аватаром я рисую именно вас. Быстрее всего — мгновенный: 1–4 фотографии, и можно рисовать.
button_avatars = 🧑 Аватары
button_new_avatar = ➕ Новый аватар
command_avatars = Ваши аватары
command_draw = Нарисовать вас с главным аватаром
avatar_title = <b>{ $name }</b> · { $kind }
avatar_unnamed = Без имени
avatar_main = ⭐ Главный: с ним рисует /draw
avatar_made = Начат { $date }
avatar_place = Аватар { $number } из { $total }
status_draft = 📝 Черновик: ещё не всё выбрано
status_collecting =
    📸 Собираем фотографии: { $count ->
        [one] { $count } фотография
        [few] { $count } фотографии
       *[many] { $count } фотографий
    }
status_waiting = ⏳ Ждёт очереди на обучение
status_training = 🧠 Обучается
status_training_percent = 🧠 Обучается: { $percent } %
status_copying = 📦 Обучен, забираю готовое
status_ready = ✅ Готов, можно рисовать
status_failed = ⚠️ Обучение не удалось, кредиты возвращены
status_cancelled = ✖ Обучение отменено
remaining =
    Осталось примерно { $minutes ->
        [one] { $minutes } минута
        [few] { $minutes } минуты
       *[many] { $minutes } минут
    }
button_draw_avatar = 🎨 Нарисовать
button_make_main = ⭐ Сделать главным
button_rename = ✏️ Переименовать
button_delete_avatar = 🗑 Удалить
button_not_like_me = 🤔 Не похож на меня
button_cancel_training = ✖ Отменить обучение
button_second_try = 🔄 Попробовать ещё раз
button_open_avatar = 🧑 Открыть аватар
avatar_gone = Этого аватара больше нет.
avatar_is_main_now = ⭐ Теперь главный.
avatar_not_drawable = Этот аватар ещё не готов.
ask_new_name =
    <b>Как теперь назвать аватар «{ $name }»?</b>
    Напишите имя одним сообщением, от 2 до 50 знаков.
ask_avatar_deletion = <b>Удалить аватар «{ $name }»?</b>
avatar_deletion_goes =
    { $kind ->
        [trained] Уйдут его фотографии, обученная модель и копии у сервиса обучения. Вернуть их нельзя; понадобится новое обучение.
       *[instant] Уйдут его фотографии. Вернуть их нельзя.
    }
avatar_deletion_training = Обучение остановится, кредиты за него вернутся.
avatar_deletion_stays = Картинки, нарисованные с ним, останутся в галерее.
button_delete_avatar_surely = 🗑 Да, удалить навсегда
avatar_deleted = Удаляю. Когда всё исчезнет, пришлю отчёт.
ask_retraining =
    <b>Не похож? Обучим заново бесплатно.</b>
    Можно один раз: до { $until }, и пока нарисовано мало картинок (осталось { $images }). Понадобятся новые фотографии, лучше других, чем в прошлый раз: при разном свете, с разных сторон.

    Прежний аватар работает, пока не готов новый.
retraining_over = Бесплатное переобучение уже недоступно: прошло время, нарисовано достаточно картинок или оно уже было.
button_retrain = 🔄 Обучить заново
ask_cancel_queued =
    <b>Отменить обучение?</b>
    Оно ещё не началось. Все кредиты вернутся, фотографии останутся.
ask_cancel_training =
    <b>Отменить обучение?</b>
    Пропадут уже пройденные шаги. Кредиты вернутся, фотографии останутся: можно будет попробовать снова.
ask_cancel_training_percent =
    <b>Отменить обучение?</b>
    Уже пройдено { $percent } %, это пропадёт. Кредиты вернутся, фотографии останутся: можно будет попробовать снова.
button_cancel_training_surely = ✖ Да, отменить
button_go_on_training = Пусть обучается
training_cancel_too_late = Поздно: обучение уже закончилось.
training_being_cancelled = Отменяю…
second_try_over = Для этого аватара новая попытка недоступна.
stage_preparing = 📦 <b>Готовлю фотографии «{ $name }»…</b>
stage_position =
    ⏳ <b>«{ $name }» в очереди на обучение.</b> { $before ->
        [0] Следующий.
        [one] Впереди { $before }.
       *[many] Впереди { $before }.
    }
stage_training = 🧠 <b>Обучаю «{ $name }»…</b>
stage_trying_again = 🧠 <b>Обучаю «{ $name }»…</b> С первого раза не вышло, пробую снова.
stage_copying = 📦 <b>Почти готово.</b> Забираю обученный аватар «{ $name }» и проверяю.
stage_note = Можно не ждать: напишу, когда будет готово.
percent_bar = { $bar } { $percent } %
training_ready = 🎉 <b>Аватар «{ $name }» готов!</b> Рисую два пробных портрета в подарок.
training_ready_style = 🎉 <b>Стиль «{ $name }» готов!</b> Рисую две пробные картинки в подарок.
instant_ready = ⚡ <b>Аватар «{ $name }» готов.</b> Что нарисуем?
photos_until = Фотографии удалю { $date } и пришлю отчёт.
training_failed = 😔 <b>Обучить «{ $name }» не получилось.</b>
training_failure =
    { $reason ->
        [photos-refused] Сервис не смог учиться на этих фотографиях. Попробуйте заменить часть из них.
        [refused] Эти фотографии не прошли проверку безопасности.
        [unavailable] Сервисы обучения не справились вовремя.
        [no-weights] Сервис закончил, но пригодного результата не отдал.
        [no-trainer] Все сервисы обучения сейчас отдыхают.
       *[internal] У меня что-то сломалось.
    }
failure_reference = Если напишете в поддержку, назовите <code>{ $reference }</code>.
training_returned =
    { $credits ->
        [0] Это ничего не стоило.
        [one] Вернула { $credits } кредит.
        [few] Вернула { $credits } кредита.
       *[many] Вернула { $credits } кредитов.
    }
training_photos_kept = Фотографии сохранены, вторая попытка бесплатна.
training_cancelled = ✖ <b>Обучение «{ $name }» отменено.</b>
training_cancelled_photos = Фотографии пока сохранены: к обучению можно вернуться.
receipt_retention =
    🧹 <b>Отчёт:</b> { $photos ->
        [one] удалена { $photos } фотография
        [few] удалены { $photos } фотографии
       *[many] удалено { $photos } фотографий
    } аватара «{ $name }», у меня и у сервиса обучения.
receipt_deleted =
    🧹 <b>Отчёт:</b> аватар удалён. { $photos ->
        [0] Фотографий уже не было.
        [one] Удалена { $photos } фотография.
        [few] Удалены { $photos } фотографии.
       *[many] Удалено { $photos } фотографий.
    }
receipt_weights = Удалена обученная модель: { $megabytes } МБ.
