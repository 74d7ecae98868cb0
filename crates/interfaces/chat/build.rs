//! Lists the packs of styles in `styles/`, so that a pack is added by adding its file.

use std::error::Error;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("styles");
    writeln!(io::stdout(), "cargo::rerun-if-changed={}", folder.display())?;
    let mut packs: Vec<PathBuf> =
        fs::read_dir(&folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    packs.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    packs.sort();

    let mut list = String::from("&[\n");
    for pack in &packs {
        let name = pack.file_name().and_then(|name| name.to_str()).ok_or("a pack's name is no text")?;
        writeln!(list, "    ({name:?}, include_str!({:?})),", pack.display().to_string())?;
    }
    list.push_str("]\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("style_packs.rs"), list)?;
    Ok(())
}
