//! All packs: those that come with the program, and those of a directory of the installation.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use generation::Prompt;
use thiserror::Error;

use super::pack::SUBJECT;
use super::{Style, StylePack};
use crate::callback::StyleCode;

/// The files of the folder `styles`, by name.
const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/style_packs.rs"));
/// The longest that whoever is in the picture is called, in characters.
const LONGEST_SUBJECT: usize = 200;

/// Why packs cannot be used. Each names the file.
#[derive(Debug, Error)]
pub enum StyleError {
    /// A file or directory cannot be read.
    #[error("{path} cannot be read")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is no pack.
    #[error("{file} is no pack of styles: {reason}")]
    NoPack {
        /// The file's name.
        file: String,
        /// What is wrong, and where.
        reason: String,
    },
    /// A pack or style is incomplete.
    #[error("{file}: {what}")]
    Incomplete {
        /// The file's name.
        file: String,
        /// What is missing.
        what: String,
    },
    /// Two packs, or two styles, cannot be told apart.
    #[error("{file}: the id {id:?} is taken; choose another one")]
    Taken {
        /// The file's name.
        file: String,
        /// The id.
        id: String,
    },
}

/// All packs of styles, in their order.
#[derive(Debug, Clone)]
pub struct StyleCatalogue {
    packs: Vec<StylePack>,
}

impl StyleCatalogue {
    /// The packs that come with the program.
    ///
    /// # Errors
    /// Never in a released program: a test loads them.
    pub fn embedded() -> Result<Self, StyleError> {
        let mut catalogue = Self { packs: Vec::new() };
        for (file, text) in EMBEDDED {
            catalogue.add(file, text)?;
        }
        Ok(catalogue)
    }

    /// The packs that come with the program, and after them every `*.yaml` of a directory, by name.
    ///
    /// # Errors
    /// When the directory cannot be read, or a file is no complete pack; the error names it.
    pub fn with_directory(directory: &Path) -> Result<Self, StyleError> {
        let unreadable = |path: &Path, source| StyleError::Unreadable { path: path.to_owned(), source };
        let mut catalogue = Self::embedded()?;
        let entries = fs::read_dir(directory).map_err(|error| unreadable(directory, error))?;
        let mut files = entries
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| unreadable(directory, error))?;
        files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
        files.sort();
        for path in files {
            let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
            catalogue.add(&path.display().to_string(), &text)?;
        }
        Ok(catalogue)
    }

    /// The packs, in their order.
    pub(crate) fn packs(&self) -> &[StylePack] {
        &self.packs
    }

    /// The pack that a button means.
    pub(crate) fn pack(&self, code: StyleCode) -> Option<&StylePack> {
        self.packs.iter().find(|pack| pack.code() == code)
    }

    /// The style that a button means.
    pub(crate) fn style(&self, code: StyleCode) -> Option<&Style> {
        self.packs
            .iter()
            .flat_map(StylePack::styles)
            .find(|(candidate, _)| *candidate == code)
            .map(|(_, style)| style)
    }

    fn add(&mut self, file: &str, text: &str) -> Result<(), StyleError> {
        let pack: StylePack = serde_saphyr::from_str(text)
            .map_err(|error| StyleError::NoPack { file: file.to_owned(), reason: error.to_string() })?;
        check(file, &pack)?;
        let taken = |id: &str| StyleError::Taken { file: file.to_owned(), id: id.to_owned() };
        if self.pack(pack.code()).is_some() {
            return Err(taken(&pack.id));
        }
        let mut codes: BTreeSet<StyleCode> =
            self.packs.iter().flat_map(StylePack::styles).map(|(code, _)| code).collect();
        for (code, style) in pack.styles() {
            if !codes.insert(code) {
                return Err(taken(&style.id));
            }
        }
        self.packs.push(pack);
        Ok(())
    }
}

fn check(file: &str, pack: &StylePack) -> Result<(), StyleError> {
    let incomplete = |what: String| StyleError::Incomplete { file: file.to_owned(), what };
    if !pack.titles().are_complete() {
        return Err(incomplete("the pack has no title in some language".to_owned()));
    }
    if pack.styles().next().is_none() {
        return Err(incomplete("the pack has no style".to_owned()));
    }
    for (_, style) in pack.styles() {
        if !style.titles().are_complete() {
            return Err(incomplete(format!("the style {} has no title in some language", style.id)));
        }
        if !style.prompt.contains(SUBJECT) {
            return Err(incomplete(format!("the prompt of the style {} has no {SUBJECT}", style.id)));
        }
        if Prompt::new(&style.describe(&"x".repeat(LONGEST_SUBJECT))).is_err() {
            return Err(incomplete(format!("the prompt of the style {} is too long", style.id)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Language;

    const PACK: &str = "
id: mine
title: { en: Mine, ru: Моё }
styles:
  - id: one
    title: { en: One, ru: Один }
    prompt: A photo of {subject} on the Moon
";

    fn with(text: &str) -> Result<StyleCatalogue, StyleError> {
        let mut catalogue = StyleCatalogue::embedded()?;
        catalogue.add("mine.yaml", text).map(|()| catalogue)
    }

    #[test]
    fn every_style_that_comes_with_the_program_is_complete() {
        let catalogue = StyleCatalogue::embedded().unwrap();
        assert!(catalogue.packs().len() >= 6);
        let styles: Vec<_> = catalogue.packs().iter().flat_map(StylePack::styles).collect();
        assert!(styles.len() >= 24, "{}", styles.len());
        for (code, style) in styles {
            assert_eq!(catalogue.style(code), Some(style));
            assert_ne!(style.title(Language::English), style.title(Language::Russian), "{}", style.id);
            let description = style.describe("a fox");
            assert!(description.contains("a fox") && !description.contains(['{', '}']), "{description}");
        }
    }

    #[test]
    fn a_pack_is_added_without_code() {
        let catalogue = with(PACK).unwrap();
        let pack = catalogue.packs().last().unwrap();
        assert_eq!(pack.title(Language::Russian), "Моё");
        let (code, _) = pack.styles().next().unwrap();
        assert_eq!(catalogue.style(code).unwrap().describe("a fox"), "A photo of a fox on the Moon");
    }

    #[test]
    fn a_directory_adds_its_packs_to_the_others() {
        let folder = std::env::temp_dir().join(format!("style-packs-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("mine.yaml"), PACK).unwrap();
        fs::write(folder.join("notes.txt"), "no pack").unwrap();
        let packs = StyleCatalogue::embedded().unwrap().packs().len();
        let catalogue = StyleCatalogue::with_directory(&folder).unwrap();
        assert_eq!(catalogue.packs().len(), packs + 1);

        fs::write(folder.join("broken.yaml"), "id: [").unwrap();
        let error = StyleCatalogue::with_directory(&folder).unwrap_err();
        assert!(error.to_string().contains("broken.yaml"), "{error}");
        fs::remove_dir_all(&folder).unwrap();
        let error = StyleCatalogue::with_directory(&folder).unwrap_err();
        assert!(matches!(error, StyleError::Unreadable { .. }), "{error}");
    }

    #[test]
    fn what_is_missing_is_named() {
        let says = |text: &str, words: &str| {
            let error = with(text).unwrap_err().to_string();
            assert!(error.contains("mine.yaml") && error.contains(words), "{error}");
        };
        says(&PACK.replace("{subject}", "somebody"), "{subject}");
        says(&PACK.replace(", ru: Один", ", ru: ' '"), "one");
        says(&PACK.replace(", ru: Моё", ""), "ru");
        says(&PACK.replace("on the Moon", &"on the Moon ".repeat(400)), "too long");
        says(&PACK.replace("id: mine", "id: studio"), "studio");
        says(&PACK.replace("id: mine", "colour: red\nid: mine"), "colour");
        says("id: mine\ntitle: { en: Mine, ru: Моё }\nstyles: []", "no style");
    }
}
