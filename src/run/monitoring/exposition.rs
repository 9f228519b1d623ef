//! The Prometheus text exposition format, version 0.0.4: written whole or not at all.

use crate::files;
use chrono::{DateTime, Utc};
use std::fmt::Write as _;
use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The longest file that is read back, in bytes: ours have some tens of thousands.
const LONGEST: u64 = 1 << 20;

/// A page of figures.
#[derive(Default)]
pub struct FiguresPage {
    text: String,
    name: &'static str,
}

impl FiguresPage {
    /// Begins a figure that goes up and down.
    pub fn gauge(&mut self, name: &'static str, help: &str) {
        self.family(name, help, "gauge");
    }

    /// Begins a figure that only grows; its name ends in `_total`.
    pub fn counter(&mut self, name: &'static str, help: &str) {
        self.family(name, help, "counter");
    }

    fn family(&mut self, name: &'static str, help: &str, kind: &str) {
        self.name = name;
        let help = help.replace('\\', "\\\\").replace('\n', "\\n");
        let _ = write!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
    }

    /// A value of the figure that was begun last.
    pub fn sample(&mut self, labels: &[(&str, &str)], value: f64) {
        self.text.push_str(self.name);
        if !labels.is_empty() {
            let pair = |(name, value): &(&str, &str)| format!("{name}=\"{}\"", escaped(value));
            let pairs: Vec<String> = labels.iter().map(pair).collect();
            let _ = write!(self.text, "{{{}}}", pairs.join(","));
        }
        let _ = writeln!(self.text, " {value}");
    }

    /// A whole number.
    pub fn count(&mut self, labels: &[(&str, &str)], value: i64) {
        // exact to 2^53; what poms counts is far below
        #[allow(clippy::cast_precision_loss)]
        self.sample(labels, value as f64);
    }

    /// A moment, as seconds since 1970.
    pub fn moment(&mut self, labels: &[(&str, &str)], moment: DateTime<Utc>) {
        self.sample(labels, seconds(moment));
    }

    /// The text.
    pub fn finish(self) -> String {
        self.text
    }
}

/// Seconds since 1970, to the millisecond.
#[allow(clippy::cast_precision_loss)]
pub fn seconds(moment: DateTime<Utc>) -> f64 {
    moment.timestamp_millis() as f64 / 1000.0
}

/// The value of a label: three characters are escaped.
fn escaped(value: &str) -> String {
    let value = value.replace('\\', "\\\\").replace('"', "\\\"");
    value.replace('\n', "\\n")
}

/// The value of a figure without labels in a page that was written before.
pub fn value(text: &str, name: &str) -> Option<f64> {
    let mut values = text.lines().filter_map(|line| {
        let (word, value) = line.split_once(' ')?;
        (word == name).then_some(value)
    });
    let value: f64 = values.next()?.parse().ok()?;
    value.is_finite().then_some(value)
}

/// What stands in the file; `None` when there is none that can be read.
pub fn read(file: &Path) -> Option<String> {
    files::read_text(file, LONGEST).ok()
}

/// The name under which a page is written before it takes its place. It has another ending, so that
/// no collector reads it; runs exclude each other, so one name is enough and nothing piles up.
fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".tmp");
    PathBuf::from(name)
}

/// Makes the file under its other name, readable by everyone.
fn make(file: &Path, text: &str) -> io::Result<PathBuf> {
    let path = beside(file);
    match std::fs::remove_file(&path) {
        Err(fault) if fault.kind() != io::ErrorKind::NotFound => return Err(fault),
        _ => {}
    }
    // never through a link that somebody else put there
    let mut options = OpenOptions::new();
    let made = options.write(true).create_new(true).mode(0o600).open(&path);
    let written = made.and_then(|mut new| {
        new.write_all(text.as_bytes())?;
        // against the umask of poms, which is for secrets: there is none in it
        new.set_permissions(Permissions::from_mode(0o644))?;
        new.sync_all()
    });
    match written {
        Ok(()) => Ok(path),
        Err(fault) => {
            let _ = std::fs::remove_file(&path);
            Err(fault)
        }
    }
}

/// Puts a page into the file's place: whole, or the old one stays.
///
/// # Errors
/// The disk's.
pub fn write(file: &Path, text: &str) -> io::Result<()> {
    let path = make(file, text)?;
    if let Err(fault) = std::fs::rename(&path, file) {
        let _ = std::fs::remove_file(&path);
        return Err(fault);
    }
    let folder = file.parent().filter(|path| !path.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// Tries everything but taking the file's place.
///
/// # Errors
/// The disk's.
pub fn rehearse(file: &Path) -> io::Result<()> {
    let path = make(file, "# poms check\n")?;
    std::fs::remove_file(path)?;
    match std::fs::metadata(file) {
        Ok(there) if there.is_dir() => Err(io::Error::other("it is a folder")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_text_as_the_format_has_it() {
        let mut page = FiguresPage::default();
        page.gauge("poms_things", "Things,\nby \\ kind.");
        page.sample(&[("kind", "a \"b\" \\ c\nd"), ("x", "")], 2.5);
        page.counter("poms_runs_total", "Runs.");
        page.count(&[], 1_234_567);
        let text = page.finish();
        assert_eq!(
            text,
            "# HELP poms_things Things,\\nby \\\\ kind.\n# TYPE poms_things gauge\n\
             poms_things{kind=\"a \\\"b\\\" \\\\ c\\nd\",x=\"\"} 2.5\n\
             # HELP poms_runs_total Runs.\n# TYPE poms_runs_total counter\npoms_runs_total 1234567\n"
        );
        assert_eq!(value(&text, "poms_runs_total"), Some(1_234_567.0));
        assert_eq!(value(&text, "poms_things"), None);
        assert_eq!(value("poms_runs_total NaN", "poms_runs_total"), None);
    }

    #[test]
    fn a_page_takes_the_place_of_the_one_before_and_leaves_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("poms.prom");
        let left = dir.path().join("poms.prom.tmp");
        std::os::unix::fs::symlink("/etc/passwd", &left).unwrap();
        for text in ["one 1\n", "two 2\n"] {
            write(&file, text).unwrap();
            rehearse(&file).unwrap();
            assert_eq!(read(&file).as_deref(), Some(text));
        }
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o644);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
        assert!(write(&dir.path().join("no/where"), "x").is_err());
    }
}
