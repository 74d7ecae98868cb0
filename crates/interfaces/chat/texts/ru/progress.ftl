### Единственное сообщение, которое меняется, пока идёт работа.

progress_waiting = ⏳ <b>Принято.</b> Сейчас начну.
progress_waiting_position =
    ⏳ <b>В очереди.</b> { $before ->
        [0] Ваш заказ следующий.
        [one] Перед вами { $before } заказ.
        [few] Перед вами { $before } заказа.
       *[many] Перед вами { $before } заказов.
    }
progress_drawing = 🎨 <b>Рисую…</b>
progress_trying_again = 🎨 <b>Всё ещё рисую…</b> С первого раза не вышло, пробую снова.
progress_keeping = 📦 <b>Почти готово…</b> Кладу в вашу галерею.
button_cancel_request = ✖ Отменить
