//! Files in mails, in words for the person who must look at them.

use super::foreign::cut;

/// Says of a file on which poms does not act what it is and what to do; `None` for what needs no words.
pub fn hint(name: &str, mime: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let mime = mime.to_ascii_lowercase();
    let named = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    let is = |words: &[&str]| words.iter().any(|word| mime.contains(word));
    if is(&["ms-tnef"]) || name == "winmail.dat" {
        return Some(
            "Outlook's own container (winmail.dat), which poms does not open: ask for plain text or CSV",
        );
    }
    if is(&["pkcs7-mime"]) || named(&[".p7m"]) {
        return Some(
            "encrypted or sealed with S/MIME, which poms does not open: ask for it in plain text or CSV",
        );
    }
    if is(&["text/calendar"]) || named(&[".ics"]) {
        return Some("a calendar's invitation or answer: poms does nothing with it");
    }
    if is(&["zip", "x-7z", "x-rar", "gzip"]) || named(&[".zip", ".7z", ".rar", ".gz", ".tgz"]) {
        return Some(
            "an archive, which poms does not open: write it out and unpack it; a CSV in it goes to poms import-advices",
        );
    }
    if is(&["spreadsheet", "ms-excel"]) || named(&[".xlsx", ".xls", ".xlsm", ".ods", ".numbers"]) {
        return Some(
            "a spreadsheet: poms reads one sheet that is a table of shipments or answers, and found none in it: write it out, save the right sheet as CSV, and poms import-advices reads that",
        );
    }
    if is(&["pdf", "msword", "wordprocessing", "rtf"])
        || named(&[".pdf", ".doc", ".docx", ".odt", ".rtf"])
    {
        return Some("a document, which poms does not read: write it out and look at it");
    }
    None
}

/// A file's name for people; one without a name has none.
pub fn shown_name(name: &str) -> String {
    match name.trim() {
        "" => "(without a name)".to_owned(),
        name => cut(name, 80),
    }
}

/// `14 bytes`, `13 kB`, `2.4 MB`.
pub fn size(bytes: usize) -> String {
    match bytes {
        0..=9_999 => format!("{bytes} bytes"),
        10_000..=999_999 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

/// `ship.xlsx (application/…, 13 kB)`.
pub fn told(name: &str, mime: &str, bytes: usize) -> String {
    format!("{} ({}, {})", shown_name(name), cut(mime, 80), size(bytes))
}

/// Several files in a sentence, what to do about each kind among them; `None` without any.
pub fn sentence<'a>(files: impl Iterator<Item = (&'a str, &'a str, usize)>) -> Option<String> {
    const MOST: usize = 8;
    let (mut names, mut hints): (Vec<String>, Vec<&str>) = (Vec::new(), Vec::new());
    let mut count = 0;
    for (name, mime, bytes) in files {
        count += 1;
        if count <= MOST {
            names.push(told(name, mime, bytes));
        }
        hints.extend(hint(name, mime).filter(|hint| !hints.contains(hint)));
    }
    if names.is_empty() {
        return None;
    }
    if count > MOST {
        names.push(format!("and {} more", count - MOST));
    }
    let hints = hints.iter().map(|hint| format!("; {hint}"));
    Some(format!("{}{}", names.join(", "), hints.collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_and_what_to_do_is_said_once() {
        let files = [
            ("a.xlsx", "application/octet-stream", 20_400),
            ("b.xls", "application/vnd.ms-excel", 7),
            ("", "text/calendar", 0),
            ("x\u{202e}y.png", "image/png", 2_410_000),
        ];
        let said = sentence(files.into_iter()).unwrap();
        assert!(said.starts_with(
            "a.xlsx (application/octet-stream, 20 kB), b.xls (application/vnd.ms-excel, 7 bytes), \
             (without a name) (text/calendar, 0 bytes), x\\u{202e}y.png (image/png, 2.4 MB); a spreadsheet"
        ), "{said}");
        assert_eq!(said.matches("a spreadsheet").count(), 1);
        assert_eq!(said.matches("a calendar").count(), 1);
        assert_eq!(sentence([].into_iter()), None);
    }
}
