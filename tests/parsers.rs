//! Inputs that fuzzing kept (`fuzz/README.md`): each parser of foreign bytes gets each of them.

use crate::kill::stream::Dice;
use crate::support::parsers::PARSERS;
use std::path::Path;

fn kept(parser: &str) -> Vec<std::path::PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(parser);
    let files =
        std::fs::read_dir(&folder).unwrap_or_else(|fault| panic!("{}: {fault}", folder.display()));
    files.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn no_input_that_was_kept_makes_a_parser_panic() {
    for (name, parser) in PARSERS {
        let files = kept(name);
        assert!(!files.is_empty(), "{name} has no inputs");
        for file in files {
            let data = std::fs::read(&file).unwrap();
            let read = std::panic::catch_unwind(|| parser(&data));
            assert!(read.is_ok(), "{name}: {}", file.display());
        }
    }
}

/// An input changed at up to four places: a byte set, taken out, or put in, or a piece of it twice.
fn changed(data: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut data = data.to_vec();
    for _ in 0..=dice.next() % 4 {
        let at = dice.next() as usize % (data.len() + 1);
        let byte = dice.next() as u8;
        match dice.next() % 4 {
            0 if at < data.len() => data[at] = byte,
            1 if at < data.len() => drop(data.remove(at)),
            2 => {
                let end = data.len().min(at + usize::from(byte));
                let piece = data[at..end].to_vec();
                data.splice(at..at, piece);
            }
            _ => data.insert(at, b"0\"{[:,}\n-.\\"[usize::from(byte) % 11]),
        }
    }
    data
}

/// Beside fuzzing, which is done by hand: a change of each, a thousand with `POMS_SWEEP=full`; of one parser alone,
/// where `POMS_PARSER` names it. Those that a server talks to wait for it, and are left to fuzzing.
#[test]
fn no_kept_input_that_is_changed_a_little_makes_a_parser_panic() {
    let wanted = std::env::var("POMS_PARSER").ok();
    let times = match std::env::var("POMS_SWEEP").as_deref() {
        Ok("full") => 1000,
        _ => 1,
    };
    let mut dice = Dice(7);
    for (name, parser) in PARSERS {
        let is_chosen = wanted.as_deref().is_none_or(|wanted| wanted == name);
        if !is_chosen || ["imap", "smtp"].contains(&name) {
            continue;
        }
        let mut files = kept(name);
        files.sort();
        for (file, _) in files
            .iter()
            .flat_map(|file| (0..times).map(move |n| (file, n)))
        {
            let data = changed(&std::fs::read(file).unwrap(), &mut dice);
            let read = std::panic::catch_unwind(|| parser(&data));
            let shown = String::from_utf8_lossy(&data).escape_debug().to_string();
            assert!(read.is_ok(), "{name}: {shown}");
        }
    }
}
