//! Where files of a folder lie that were written on after they were read.

use super::super::written_on::{ReadFile, ReadFiles, WrittenOn};
use super::folder_in;
use super::taken::Stamp;
use std::fs;
use std::os::unix::fs::DirEntryExt;
use std::path::{Path, PathBuf};

/// The most files that are looked at again; of more, the latest.
pub(super) const MOST: usize = 2_000;

/// Those that were written on since they were read, where they were put away.
pub(super) fn written_on(
    read: &ReadFiles<Stamp>,
    folder: &Path,
    away: [&str; 2],
) -> Vec<WrittenOn<PathBuf, Stamp>> {
    let mut found = Vec::new();
    for one in &read.read {
        let places = away.iter().map(|away| folder_in(folder, away));
        let Some((path, stamp)) = places.filter_map(|place| find(&place, one)).next() else {
            continue;
        };
        if stamp != one.was {
            let (name, was) = (one.name.clone(), one.was);
            found.push(WrittenOn { name, path, was });
        }
    }
    found
}

/// A file in the folder into which it was put away: under its name, or under another if that was taken.
fn find(folder: &Path, one: &ReadFile<Stamp>) -> Option<(PathBuf, Stamp)> {
    let stamp = |path: &Path| {
        let stamp = Stamp::of(&fs::symlink_metadata(path).ok()?);
        stamp.is_same_file(&one.was).then_some(stamp)
    };
    let path = folder.join(&one.name);
    if let Some(stamp) = stamp(&path) {
        return Some((path, stamp));
    }
    let entries = fs::read_dir(folder).ok()?;
    let mut same = entries
        .flatten()
        .filter(|entry| one.was.has_inode(entry.ino()));
    same.find_map(|entry| Some((entry.path(), stamp(&entry.path())?)))
}
