//! The formats of orders that a site describes itself, read where it is opened.

use crate::config::Config;
use crate::config::safety::{self, Need};
use crate::formats::OrderFormats;
use crate::formats::mapped::{self, MappedFormat};
use std::path::{Path, PathBuf};

/// Files of the site's own formats that cannot be used: everything that is wrong with them, a line each.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct WrongMappings(String);

/// poms' own formats and those in the folder `formats` of the site.
///
/// # Errors
/// Everything that is wrong with the files, a line each with file and line.
pub fn order_formats(config: &Config) -> Result<OrderFormats, WrongMappings> {
    let (mut own, mut faults) = (Vec::new(), Vec::new());
    for file in files(config).map_err(WrongMappings)? {
        match read(&file) {
            Ok(format) => own.push(format),
            Err(fault) => faults.push(fault),
        }
    }
    match faults.is_empty() {
        true => Ok(OrderFormats::with(own)),
        false => Err(WrongMappings(faults.join("\n"))),
    }
}

/// Every `.toml` in the folder, by name; none where there is no folder.
fn files(config: &Config) -> Result<Vec<PathBuf>, String> {
    let folder = &config.site.formats;
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let fault = |error| format!("{} cannot be read: {error}", folder.display());
    let entries = std::fs::read_dir(folder).map_err(fault)?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(fault)?.path();
        if path.extension().is_some_and(|end| end == "toml") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn read(file: &Path) -> Result<MappedFormat, String> {
    let bytes = safety::read(file, Need::Guarded, mapped::LONGEST)?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| format!("{}: is not UTF-8 text: save it as UTF-8", file.display()))?;
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    mapped::parse(&name, text).map_err(|faults| {
        let faults = faults
            .iter()
            .map(|fault| format!("{}:{fault}", file.display()));
        faults.collect::<Vec<_>>().join("\n")
    })
}
