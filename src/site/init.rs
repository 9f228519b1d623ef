//! `poms init`: an empty site to fill in. Makes folders and files with the modes that the start
//! demands, and overwrites nothing.

use crate::clock;
use crate::config::safety::{self, Need};
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The commented configuration that a new site gets.
pub const CONFIG: &str = include_str!("../../config/poms.toml");

/// An example of a format that a site describes itself, and a document of it. No run reads the first before it is
/// renamed to `.toml`.
pub const FORMAT_EXAMPLE: [(&str, &str); 2] = [
    (
        "formats/example.toml.txt",
        include_str!("../../config/formats/example.toml.txt"),
    ),
    (
        "formats/example.csv",
        include_str!("../../config/formats/example.csv"),
    ),
];

/// The line of [`CONFIG`] that a site with templates of its own has without its `#`.
const TEMPLATES_LINE: &str = "#templates = \"templates\"";

/// Where the key of reply tokens is.
pub const TOKEN_KEY: &str = "keys/tokens.key";

/// A fresh key for reply tokens: 64 hexadecimal digits.
pub fn token_key() -> Zeroizing<Vec<u8>> {
    let random = Zeroizing::new(clock::random::<32>());
    Zeroizing::new(format!("{}\n", clock::hex(&*random)).into_bytes())
}

/// A fresh key pair, armoured.
pub struct MadeKey {
    /// The secret half, which is written with mode 0600.
    pub secret: Zeroizing<Vec<u8>>,
    /// The public half, for the web shop.
    pub public: Vec<u8>,
}

/// What the new site gets beside its configuration and folders.
#[derive(Default)]
pub struct InitOptions<'a> {
    /// Makes the shop's key, if one is asked for; called when nothing stands in the way.
    pub generate_key: Option<&'a dyn Fn() -> Result<MadeKey, String>>,
    /// Copies of the built-in templates, by file name, if they are asked for.
    pub templates: &'a [(&'a str, &'a str)],
}

/// What was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InitReport {
    /// Files and folders, in the order in which they were made.
    pub made: Vec<PathBuf>,
    /// What to do next, in order.
    pub next: Vec<String>,
}

/// Why no site was made.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// Files are there that would have been overwritten; nothing was made.
    #[error(
        "nothing was made, as these exist already: {}. Choose an empty folder, or move them away", list(.0)
    )]
    Exists(Vec<PathBuf>),
    /// The folder is open to other users; nothing was made.
    #[error("{0}")]
    Unsafe(String),
    /// The key could not be made.
    #[error("the shop's key could not be made: {0}")]
    Key(String),
    /// The disk refused.
    #[error("{} could not be made: {error}", path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
}

fn list(paths: &[PathBuf]) -> String {
    let shown: Vec<String> = paths.iter().map(|p| p.display().to_string()).collect();
    shown.join(", ")
}

/// Makes a site in `dir`, which may be there already.
///
/// # Errors
/// When a file of the same name exists (then nothing is made), or something cannot be written.
pub fn init(dir: &Path, options: &InitOptions<'_>) -> Result<InitReport, InitError> {
    let mut texts = vec![
        ("poms.toml".to_owned(), Zeroizing::new(config(options))),
        (TOKEN_KEY.to_owned(), token_key()),
    ];
    for (name, text) in FORMAT_EXAMPLE {
        let bytes = Zeroizing::new(text.as_bytes().to_vec());
        texts.push((name.to_owned(), bytes));
    }
    for (name, text) in options.templates {
        texts.push((
            format!("templates/{name}"),
            Zeroizing::new(text.as_bytes().to_vec()),
        ));
    }
    let mut names: Vec<&str> = texts.iter().map(|(name, _)| name.as_str()).collect();
    if options.generate_key.is_some() {
        names.extend(["keys/shop.sec.asc", "keys/shop.pub.asc"]);
    }
    let paths = names.iter().map(|name| dir.join(name));
    let existing: Vec<PathBuf> = paths
        .filter(|path| path.symlink_metadata().is_ok())
        .collect();
    if !existing.is_empty() {
        return Err(InitError::Exists(existing));
    }
    for name in ["poms.db", "keys/shop.sec.asc"] {
        safety::check(&dir.join(name), Need::Ledger).map_err(InitError::Unsafe)?;
    }
    if let Some(generate) = options.generate_key {
        let key = generate().map_err(InitError::Key)?;
        texts.push(("keys/shop.sec.asc".to_owned(), key.secret));
        texts.push(("keys/shop.pub.asc".to_owned(), Zeroizing::new(key.public)));
    }
    let mut made = Vec::new();
    folder(dir, &mut made)?;
    folder(&dir.join("keys"), &mut made)?;
    maildir(&dir.join("mail/orders"), &mut made)?;
    for (name, bytes) in &texts {
        let path = dir.join(name);
        if let Some(parent) = path.parent() {
            folder(parent, &mut made)?;
        }
        private_file(&path, bytes)?;
        made.push(path);
    }
    Ok(InitReport {
        made,
        next: next_steps(dir, options),
    })
}

fn config(options: &InitOptions<'_>) -> Vec<u8> {
    let text = if options.templates.is_empty() {
        CONFIG.to_owned()
    } else {
        CONFIG.replace(TEMPLATES_LINE, TEMPLATES_LINE.trim_start_matches('#'))
    };
    text.into_bytes()
}

fn next_steps(dir: &Path, options: &InitOptions<'_>) -> Vec<String> {
    let at = dir.display();
    let key = if options.generate_key.is_some() {
        format!("give {at}/keys/shop.pub.asc to the web shop, which encrypts orders with it")
    } else {
        format!(
            "put the shop's secret key into {at}/keys/shop.sec.asc, mode 0600 (or use init --generate-key)"
        )
    };
    vec![
        format!("edit {at}/poms.toml: name, addresses, mailbox, mail server"),
        key,
        format!(
            "put the web shop's public key, with which it signs, into {at}/keys/webshop.pub.asc; where orders come from a \
             shop's interface or a trusted folder alone, set trusted_signers = [] instead"
        ),
        format!("poms --config {at}/poms.toml vendors import FILE, then catalogue import FILE"),
        format!("poms --config {at}/poms.toml check"),
        "add the line of cron.example to your crontab".to_owned(),
    ]
}

/// Makes a folder, and those above it, for its owner alone (0700). One that is there stays as it is.
///
/// # Errors
/// When it cannot be made, or something else has its name.
pub fn folder(path: &Path, made: &mut Vec<PathBuf>) -> Result<(), InitError> {
    if path.as_os_str().is_empty() || path.is_dir() {
        return Ok(());
    }
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|error| InitError::Io {
            path: path.to_owned(),
            error,
        })?;
    made.push(path.to_owned());
    Ok(())
}

/// Makes an empty Maildir: `new`, `cur` and `tmp`.
///
/// # Errors
/// As [`folder`].
pub fn maildir(path: &Path, made: &mut Vec<PathBuf>) -> Result<(), InitError> {
    folder(path, made)?;
    let parts = ["new", "cur", "tmp"];
    parts
        .iter()
        .try_for_each(|part| folder(&path.join(part), &mut Vec::new()))
}

/// Writes a new file that only its owner can read (0600), and sees it onto the disk.
///
/// # Errors
/// When a file of the name exists, links included, or the disk refuses.
pub fn private_file(path: &Path, bytes: &[u8]) -> Result<(), InitError> {
    let write = || -> std::io::Result<()> {
        let options = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path);
        let mut file: File = options?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => InitError::Exists(vec![path.to_owned()]),
        _ => InitError::Io {
            path: path.to_owned(),
            error,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn key() -> Result<MadeKey, String> {
        Ok(MadeKey {
            secret: Zeroizing::new(b"secret".to_vec()),
            public: b"public".to_vec(),
        })
    }

    fn mode(path: &Path) -> u32 {
        path.metadata()
            .map_or(0, |m| m.permissions().mode() & 0o777)
    }

    #[test]
    fn a_new_site_is_closed_to_others_and_its_configuration_is_valid() {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("a/site");
        let options = InitOptions {
            generate_key: Some(&key),
            templates: &[("po.txt", "{{ po }}")],
        };
        let report = init(&dir, &options).unwrap();
        for made in &report.made {
            let wanted = if made.is_dir() { 0o700 } else { 0o600 };
            assert_eq!(mode(made), wanted, "{}", made.display());
        }
        assert_eq!(
            std::fs::read(dir.join("keys/shop.sec.asc")).unwrap(),
            b"secret"
        );
        assert!(dir.join("mail/orders/tmp").is_dir());
        let config = Config::read(&dir.join("poms.toml")).map_err(|e| e.to_string());
        let templates = config.map(|config| config.site.templates);
        assert_eq!(templates, Ok(Some(dir.join("templates"))));
        assert!(report.next.iter().any(|step| step.contains("shop.pub.asc")));
    }

    #[test]
    fn a_site_without_requests_has_neither_key_nor_templates() {
        let temp = tempfile::tempdir().unwrap();
        init(temp.path(), &InitOptions::default()).unwrap();
        assert!(!temp.path().join("templates").exists());
        assert!(!temp.path().join("keys/shop.sec.asc").exists());
        let config = Config::read(&temp.path().join("poms.toml"));
        assert!(config.is_ok_and(|config| config.site.templates.is_none()));
    }

    #[test]
    fn what_exists_is_named_and_nothing_is_made() {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path();
        std::fs::write(dir.join("poms.toml"), "mine").unwrap();
        std::fs::create_dir(dir.join("keys")).unwrap();
        symlink("/nowhere", dir.join("keys/shop.pub.asc")).unwrap();
        let options = InitOptions {
            generate_key: Some(&|| panic!("no key may be made")),
            templates: &[],
        };
        let fault = init(dir, &options).unwrap_err().to_string();
        assert!(
            fault.contains("poms.toml") && fault.contains("shop.pub.asc"),
            "{fault}"
        );
        assert_eq!(std::fs::read(dir.join("poms.toml")).unwrap(), b"mine");
        assert!(!dir.join("mail").exists());
    }

    #[test]
    fn a_folder_open_to_others_gets_no_site() {
        let temp = tempfile::tempdir().unwrap();
        let open = std::fs::Permissions::from_mode(0o777);
        std::fs::set_permissions(temp.path(), open).unwrap();
        let fault = init(temp.path(), &InitOptions::default()).unwrap_err();
        assert!(fault.to_string().contains("chmod go-w"), "{fault}");
        assert!(!temp.path().join("poms.toml").exists());
    }

    #[test]
    fn the_line_that_turns_templates_on_is_in_the_example() {
        assert_eq!(CONFIG.matches(TEMPLATES_LINE).count(), 1);
    }
}
