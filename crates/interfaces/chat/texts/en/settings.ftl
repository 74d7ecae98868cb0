### Settings.

settings =
    <b>Settings</b>
    Language: { $language }
    Shape: { $shape }
    Images at once: { $count }
    Time zone: { $zone } (now { $now })
choose_language = <b>Which language shall I speak?</b>
choose_shape = <b>Which shape shall new images have?</b>
choose_count = <b>How many images at once?</b>
choose_zone = <b>Where do you live?</b> ({ $page }/{ $pages })
button_language = 🌐 Language
button_shape = 📐 Shape
button_count = 🔢 Count
button_zone = 🕒 Time zone
shape_name =
    { $ratio } { $shape ->
        [square] square
        [portrait] portrait
        [landscape] landscape
        [tall] phone screen
       *[wide] wide screen
    }
language_name =
    { $language ->
        [ru] Русский
       *[en] English
    }
zone_cities =
    { $code ->
        [1] Honolulu
        [2] Anchorage
        [3] Los Angeles, Vancouver
        [4] Denver
        [5] Chicago, Winnipeg
        [6] New York, Toronto
        [7] Halifax
        [8] São Paulo, Brasília
        [9] Azores
        [11] London, Lisbon
        [12] Berlin, Paris, Rome
        [13] Kyiv, Helsinki, Athens
        [14] Kaliningrad
        [15] Istanbul, Riyadh
        [16] Moscow, Minsk
        [17] Dubai, Tbilisi, Baku
        [18] Samara
        [19] Almaty, Tashkent
        [20] Yekaterinburg
        [21] Delhi, Mumbai
        [22] Omsk
        [23] Bangkok, Jakarta
        [24] Novosibirsk, Krasnoyarsk
        [25] Beijing, Singapore
        [26] Irkutsk
        [27] Tokyo, Seoul
        [28] Yakutsk
        [29] Vladivostok
        [30] Sydney, Melbourne
        [31] Kamchatka
        [32] Auckland
       *[10] Universal time
    }
saved = Saved.
