//! The paths of an archive, each once.

use std::collections::BTreeSet;

/// The paths that an archive has so far.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// Takes the path, or when it is taken the same with a number before its extension: the lowest that is free, from 2.
    pub(super) fn take(&mut self, path: &str) -> String {
        let free = self.free(path);
        self.taken.insert(free.clone());
        free
    }

    fn free(&self, path: &str) -> String {
        if !self.taken.contains(path) {
            return path.to_owned();
        }
        let (stem, extension) = match path.rsplit_once('.') {
            Some((stem, extension))
                if !stem.is_empty() && !stem.ends_with('/') && !extension.contains('/') =>
            {
                (stem, format!(".{extension}"))
            }
            _ => (path, String::new()),
        };
        let mut number: u32 = 2;
        loop {
            let numbered = format!("{stem} ({number}){extension}");
            if !self.taken.contains(&numbered) {
                return numbered;
            }
            number += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_path_gets_a_number_before_its_extension() {
        let mut names = Names::default();
        for (path, expected) in [
            ("photos/1.jpg", "photos/1.jpg"),
            ("photos/1.jpg", "photos/1 (2).jpg"),
            ("photos/1.jpg", "photos/1 (3).jpg"),
            ("photos/1 (2).jpg", "photos/1 (2) (2).jpg"),
            ("a.b/plain", "a.b/plain"),
            ("a.b/plain", "a.b/plain (2)"),
            (".hidden", ".hidden"),
            (".hidden", ".hidden (2)"),
        ] {
            assert_eq!(names.take(path), expected);
        }
    }
}
