### Кредиты и их история.

balance =
    <b>Можно потратить { $available ->
        [one] { $available } кредит
        [few] { $available } кредита
       *[many] { $available } кредитов
    }</b>
    Бонусных: { $bonus } · Купленных: { $paid }
    Отложено на работу: { $held }
history_title = <b>История</b>
history_empty = Пока ничего не происходило.
history_line = { $date } · <b>{ $change }</b> · { $what }
entry_welcome = приветственный подарок
entry_gift = бонус
entry_bought = покупка
entry_hold = отложено на картинки
entry_capture =
    { $credits ->
        [one] потрачен { $credits } кредит на картинки
        [few] потрачено { $credits } кредита на картинки
       *[many] потрачено { $credits } кредитов на картинки
    }
entry_release = вернулось, ничего не потрачено
entry_refund = возврат
entry_claw_back = возврат покупки
entry_with_memo = { $what } ({ $memo })
button_older_entries = Раньше ›
button_newest_entries = « Последние
