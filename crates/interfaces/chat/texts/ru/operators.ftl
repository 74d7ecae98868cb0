### Для операторов.

operator_paused =
    ⛔ <b>Приостановлено: { $subject }</b>
    { $code }: { $detail }
    Останется на паузе, пока бесплатная проверка не пройдёт.
operator_resumed = ✅ <b>Снова работает: { $subject }</b>
operator_new_failure =
    🐞 <b>Сбой нового вида</b>
    <code>{ $fingerprint }</code>
    Человеку сказано <code>{ $reference }</code>.
operator_shutdown = 📅 <b>{ $model }</b> отключат { $date }.
operator_spend_cap =
    💸 <b>Дневной предел { $cap } достигнут</b>
    Новые заказы не принимаются до { $until }. Предел задаёт AISHA_SPENDING__DAILY_USD_IN_ALL.
