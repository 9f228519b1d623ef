//! Keys that lead out of the file: paths, and where secrets come from.

use super::{NamedFile, Section};
use crate::config::keys;
use crate::config::safety::Need;
use crate::config::secret::SecretSource;
use std::path::PathBuf;

impl Section<'_> {
    /// A path, made absolute. The file is noted with the protection that it needs.
    pub fn path(&self, key: &str, need: Need) -> Option<PathBuf> {
        let text = self.text(key)?;
        if text.is_empty() {
            self.fault(key, "is empty: it must be a path");
            return None;
        }
        Some(self.named(key, &text, need))
    }

    /// Paths, as [`Section::path`].
    pub fn paths(&self, key: &str, need: Need) -> Vec<PathBuf> {
        let texts = self.texts(key);
        if texts.iter().any(String::is_empty) {
            self.fault(key, "has an empty path");
        }
        let named = texts.iter().filter(|text| !text.is_empty());
        named.map(|text| self.named(key, text, need)).collect()
    }

    /// Notes a file that the key names, or that follows from it.
    pub fn named(&self, key: &str, path: &str, need: Need) -> PathBuf {
        let path = self.doc.base.join(path);
        self.doc.files.borrow_mut().push(NamedFile {
            line: self.line_of(key),
            key: self.full(key),
            path: path.clone(),
            need,
        });
        path
    }

    /// The secret `name`, from whichever of `name`, `name_file`, `name_command`,
    /// `name_credential` is written (those that the table knows); a fault when there are two.
    pub fn secret(&self, name: &str) -> Option<SecretSource> {
        let known = keys::of(self.path);
        let written: Vec<String> = ["", "_file", "_command", "_credential"]
            .iter()
            .map(|form| format!("{name}{form}"))
            .filter(|key| known.contains(&key.as_str()) && self.has(key))
            .collect();
        let [key] = written.as_slice() else {
            if let Some(second) = written.get(1) {
                self.fault(second, format!("{} is there too: keep one", written[0]));
            }
            return None;
        };
        if key == name {
            self.doc.inline_secret.set(true);
            return self.text(key).map(|text| SecretSource::Inline(text.into()));
        }
        if key.ends_with("_file") {
            return self.path(key, Need::Private).map(SecretSource::File);
        }
        if key.ends_with("_credential") {
            let name = self.text(key)?;
            if name.is_empty() || name.contains('/') || name.starts_with('.') {
                self.fault(key, "must be the plain name of a systemd credential");
                return None;
            }
            return Some(SecretSource::Credential(name));
        }
        self.command(key)
    }

    fn command(&self, key: &str) -> Option<SecretSource> {
        let is_list = self.get(key)?.get_ref().is_array();
        let mut words = self.texts(key);
        if !is_list || words.first().is_none_or(String::is_empty) {
            self.fault(
                key,
                "must be a list, the program first: [\"pass\", \"show\", \"shop\"]; no shell reads it",
            );
            return None;
        }
        // a plain name is looked for in PATH, a relative path beside the configuration
        if words[0].contains('/') {
            words[0] = self.doc.base.join(&words[0]).to_string_lossy().into_owned();
        }
        Some(SecretSource::Command(words))
    }
}
