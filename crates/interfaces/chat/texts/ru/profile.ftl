### Человек в числах.

button_profile = 👤 Профиль
profile_title = <b>Ваш профиль</b>
profile_since = Мы знакомы с { $date }
profile_language = Язык: { $language }
profile_images =
    В галерее { $count ->
        [0] пока пусто
        [one] { $count } картинка
        [few] { $count } картинки
       *[many] { $count } картинок
    }
profile_origins = По словам: { $words } · С аватаром: { $avatar } · С мгновенным аватаром: { $instant }
profile_favourites = В избранном: { $count }
profile_avatars = Готовых аватаров: { $count }
profile_credits =
    Можно потратить { $credits ->
        [one] { $credits } кредит
        [few] { $credits } кредита
       *[many] { $credits } кредитов
    }
profile_spent =
    Всего потрачено { $credits ->
        [one] { $credits } кредит
        [few] { $credits } кредита
       *[many] { $credits } кредитов
    }, из них на картинки { $images }
profile_spent_on_images =
    На картинки потрачено { $credits ->
        [one] { $credits } кредит
        [few] { $credits } кредита
       *[many] { $credits } кредитов
    }
