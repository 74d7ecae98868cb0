//! From Russian to English: a small dictionary by the beginnings of words, and letter by letter where it ends.

/// Beginnings of words with their English, the longer beginnings of two before the shorter.
const BEGINNINGS: [(&str, &str); 122] = [
    ("рыж", "red"),
    ("красн", "red"),
    ("бел", "white"),
    ("чёрн", "black"),
    ("черн", "black"),
    ("син", "blue"),
    ("голуб", "light blue"),
    ("зелён", "green"),
    ("зелен", "green"),
    ("жёлт", "yellow"),
    ("желт", "yellow"),
    ("золот", "golden"),
    ("розов", "pink"),
    ("серебр", "silver"),
    ("серы", "grey"),
    ("больш", "big"),
    ("маленьк", "small"),
    ("стар", "old"),
    ("нов", "new"),
    ("молод", "young"),
    ("красив", "beautiful"),
    ("весёл", "cheerful"),
    ("весел", "cheerful"),
    ("грустн", "sad"),
    ("тёмн", "dark"),
    ("темн", "dark"),
    ("светл", "bright"),
    ("ночн", "night"),
    ("зимн", "winter"),
    ("летн", "summer"),
    ("осенн", "autumn"),
    ("весенн", "spring"),
    ("космич", "space"),
    ("волшебн", "magic"),
    ("древн", "ancient"),
    ("лисич", "little fox"),
    ("лис", "fox"),
    ("котён", "kitten"),
    ("котен", "kitten"),
    ("кот", "cat"),
    ("кошк", "cat"),
    ("собак", "dog"),
    ("щен", "puppy"),
    ("волк", "wolf"),
    ("медвед", "bear"),
    ("тигр", "tiger"),
    ("лошад", "horse"),
    ("конь", "horse"),
    ("дракон", "dragon"),
    ("птиц", "bird"),
    ("рыб", "fish"),
    ("женщин", "woman"),
    ("мужчин", "man"),
    ("девушк", "young woman"),
    ("парен", "young man"),
    ("человек", "person"),
    ("портрет", "portrait"),
    ("космонавт", "astronaut"),
    ("рыцар", "knight"),
    ("корол", "king"),
    ("принцесс", "princess"),
    ("робот", "robot"),
    ("снежн", "snowy"),
    ("снег", "snow"),
    ("лес", "forest"),
    ("город", "city"),
    ("гор", "mountains"),
    ("мор", "sea"),
    ("океан", "ocean"),
    ("рек", "river"),
    ("озер", "lake"),
    ("озёр", "lake"),
    ("пляж", "beach"),
    ("небо", "sky"),
    ("небе", "sky"),
    ("звёзд", "stars"),
    ("звезд", "stars"),
    ("лун", "moon"),
    ("солнц", "sun"),
    ("закат", "sunset"),
    ("рассвет", "sunrise"),
    ("дожд", "rain"),
    ("гроз", "thunderstorm"),
    ("туман", "fog"),
    ("цвет", "flowers"),
    ("сад", "garden"),
    ("пол", "field"),
    ("дерев", "trees"),
    ("улиц", "street"),
    ("дом", "house"),
    ("замок", "castle"),
    ("замк", "castle"),
    ("мост", "bridge"),
    ("маяк", "lighthouse"),
    ("корабл", "ship"),
    ("лодк", "boat"),
    ("поезд", "train"),
    ("машин", "car"),
    ("самолёт", "plane"),
    ("самолет", "plane"),
    ("кофе", "coffee"),
    ("чашк", "cup"),
    ("стол", "table"),
    ("окн", "window"),
    ("книг", "book"),
    ("шляп", "hat"),
    ("плать", "dress"),
    ("костюм", "suit"),
    ("пальто", "coat"),
    ("очк", "glasses"),
    ("улыб", "smile"),
    ("сид", "sitting"),
    ("сто", "standing"),
    ("беж", "running"),
    ("лет", "flying"),
    ("спит", "sleeping"),
    ("чита", "reading"),
    ("танцу", "dancing"),
    ("смотр", "looking"),
    ("держ", "holding"),
    ("вечер", "evening"),
    ("утр", "morning"),
];

/// Whole words with their English; those without one are left out.
const WORDS: [(&str, &str); 24] = [
    ("в", "in"),
    ("во", "in"),
    ("на", "on"),
    ("под", "under"),
    ("над", "above"),
    ("у", "by"),
    ("около", "near"),
    ("перед", "before"),
    ("за", "behind"),
    ("с", "with"),
    ("со", "with"),
    ("и", "and"),
    ("или", "or"),
    ("без", "without"),
    ("для", "for"),
    ("из", "from"),
    ("о", "about"),
    ("как", "like"),
    ("я", "I"),
    ("мне", ""),
    ("меня", "me"),
    ("нарисуй", "draw"),
    ("сделай", "make"),
    ("это", ""),
];

/// Letters of the Russian alphabet in Latin ones.
const LETTERS: [(char, &str); 33] = [
    ('а', "a"),
    ('б', "b"),
    ('в', "v"),
    ('г', "g"),
    ('д', "d"),
    ('е', "e"),
    ('ё', "yo"),
    ('ж', "zh"),
    ('з', "z"),
    ('и', "i"),
    ('й', "y"),
    ('к', "k"),
    ('л', "l"),
    ('м', "m"),
    ('н', "n"),
    ('о', "o"),
    ('п', "p"),
    ('р', "r"),
    ('с', "s"),
    ('т', "t"),
    ('у', "u"),
    ('ф', "f"),
    ('х', "kh"),
    ('ц', "ts"),
    ('ч', "ch"),
    ('ш', "sh"),
    ('щ', "shch"),
    ('ъ', ""),
    ('ы', "y"),
    ('ь', ""),
    ('э', "e"),
    ('ю', "yu"),
    ('я', "ya"),
];

/// The text in English. What is not Russian stays as it is.
pub(super) fn to_english(text: &str) -> String {
    let mut english = String::new();
    let mut word = String::new();
    for letter in text.chars().chain(std::iter::once(' ')) {
        if letter.is_alphabetic() {
            word.push(letter);
            continue;
        }
        english.push_str(&word_in_english(&word));
        word.clear();
        english.push(letter);
    }
    english.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn word_in_english(word: &str) -> String {
    let lower = word.to_lowercase();
    if !lower.chars().any(|letter| LETTERS.iter().any(|(known, _)| *known == letter)) {
        return word.to_owned();
    }
    let whole = WORDS.iter().find(|(known, _)| *known == lower);
    let begun = BEGINNINGS.iter().find(|(beginning, _)| lower.starts_with(beginning));
    match whole.or(begun) {
        Some((_, english)) => (*english).to_owned(),
        None => in_latin_letters(&lower),
    }
}

fn in_latin_letters(word: &str) -> String {
    let mut latin = String::new();
    for letter in word.chars() {
        match LETTERS.iter().find(|(known, _)| *known == letter) {
            Some((_, letters)) => latin.push_str(letters),
            None => latin.push(letter),
        }
    }
    latin
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_words_are_translated_and_others_spelled() {
        assert_eq!(to_english("Рыжая лиса на снегу"), "red fox on snow");
        assert_eq!(to_english("лисичка в шляпе, 2 чашки кофе"), "little fox in hat, 2 cup coffee");
        assert_eq!(to_english("Щёлково by night"), "shchyolkovo by night");
        assert_eq!(to_english("a red fox"), "a red fox");
    }

    #[test]
    fn no_beginning_hides_behind_a_shorter_one() {
        for (index, (beginning, _)) in BEGINNINGS.iter().enumerate() {
            let hiding = BEGINNINGS.iter().take(index).find(|(earlier, _)| beginning.starts_with(earlier));
            assert_eq!(hiding, None, "{beginning}");
        }
    }
}
