//! The files of a site's own templates directory.

use crate::files;
use std::collections::BTreeMap;
use std::path::Path;

/// Largest template file that is read, in bytes.
const LARGEST: u64 = 256 * 1024;

/// What is wrong with a template.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The file or directory cannot be read.
    // no field named source: it would be said once more as the cause
    #[error("{file}: {fault}")]
    Read {
        /// The file or directory.
        file: String,
        /// Why not.
        fault: std::io::Error,
    },
    /// A file that no mail is made from.
    #[error("{file}: poms has no template of this name; it has {known}")]
    Unknown {
        /// The file.
        file: String,
        /// The names that there are.
        known: String,
    },
    /// The template is wrong, or does not go with the values.
    #[error("{file}, line {line}: {message}")]
    Fault {
        /// The file, or the name of poms' own template.
        file: String,
        /// Counted from 1; 0 when not known.
        line: usize,
        /// What is wrong.
        message: String,
    },
}

/// The site's own templates: name to path and text.
pub(super) fn own_files(
    dir: &Path,
    names: &[&str],
) -> Result<BTreeMap<String, (String, String)>, TemplateError> {
    let unreadable = |file: &Path| {
        let file = file.display().to_string();
        move |fault| TemplateError::Read { file, fault }
    };
    let mut own = BTreeMap::new();
    let root = dir.canonicalize().map_err(unreadable(dir))?;
    for entry in std::fs::read_dir(dir).map_err(unreadable(dir))? {
        let path = entry.map_err(unreadable(dir))?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.starts_with('.') || !(name.ends_with(".txt") || name.ends_with(".html")) {
            continue;
        }
        if !names.contains(&name.as_str()) {
            return Err(TemplateError::Unknown {
                file: path.display().to_string(),
                known: names.join(", "),
            });
        }
        let real = path.canonicalize().map_err(unreadable(&path))?;
        let refuse = |why: &str| Err(unreadable(&path)(std::io::Error::other(why)));
        if !real.starts_with(&root) {
            return refuse("leads out of the templates directory");
        }
        let source = files::read_text(&real, LARGEST).map_err(unreadable(&path))?;
        own.insert(name, (path.display().to_string(), source));
    }
    Ok(own)
}
