### От описания до оплаченного заказа.

offer_title = <b>Рисуем это?</b>
offer_hint = Выберите формат и количество.
offer_dropped = Хорошо, не будем. Присылайте другое описание, когда захотите.
prompt_empty = Не вижу здесь слов. Опишите сообщением, что вы хотите увидеть.
prompt_too_long =
    Получилось { $characters ->
        [one] { $characters } знак
        [few] { $characters } знака
       *[many] { $characters } знаков
    } — многовато. Уложитесь, пожалуйста, в { $limit }.
button_draw =
    Нарисовать { $count } · { $credits ->
        [one] { $credits } кредит
        [few] { $credits } кредита
       *[many] { $credits } кредитов
    }
button_drop = ✖ Не сейчас
prompt_lost = Этого описания у меня больше нет. Пришлите его, пожалуйста, ещё раз.
insufficient =
    Не хватает { $missing ->
        [one] { $missing } кредита
       *[many] { $missing } кредитов
    }: это стоит { $price }, а у вас { $available }. Ничего не списано.
insufficient_for_several =
    Не хватает { $missing ->
        [one] { $missing } кредита
       *[many] { $missing } кредитов
    }: это стоит { $price }, а у вас { $available }. Ничего не списано. Меньше картинок — дешевле.
price_changed =
    Цена изменилась: одна картинка теперь стоит { $credits ->
        [one] { $credits } кредит
        [few] { $credits } кредита
       *[many] { $credits } кредитов
    }. Ничего не списано; если подходит, нажмите ещё раз.
spend_cap_own = На сегодня ваш лимит исчерпан. Новый день начнётся { $until }; с баланса ничего не списано.
spend_cap_of_all = На сегодня студия нарисовала всё, что могла. Новый день начнётся { $until }; с баланса ничего не списано.
too_many_under_way =
    { $count ->
        [one] { $count } заказ ещё рисуется
        [few] { $count } заказа ещё рисуются
       *[many] { $count } заказов ещё рисуются
    }. Дождитесь, пожалуйста, одного из них.
no_model = Сейчас рисовать не могу: все сервисы отдыхают. Ничего не списано; попробуйте чуть позже.
model_prompt_too_long =
    { $characters ->
        [one] { $characters } знак
        [few] { $characters } знака
       *[many] { $characters } знаков
    } — слишком много для сервисов. Сократите, пожалуйста, описание.
already_taken = Уже рисую.
already_drawn_again = Этот заказ уже принят. Нажмите ещё раз, чтобы нарисовать новый.
