use super::*;
use crate::intake::inbound::{Inbound, Marks, read};
use chrono::{DateTime, Utc};
use proptest::prelude::*;
use serde_json::Value;
use std::path::{Path, PathBuf};

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

fn fixtures(folder: &str) -> Vec<(PathBuf, Vec<u8>, Value)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/bounces")
        .join(folder);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "eml"))
        .collect();
    paths.sort();
    let load = |path: PathBuf| {
        let expected = std::fs::read(path.with_extension("expected.json")).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        (path, bytes, serde_json::from_slice(&expected).unwrap())
    };
    paths.into_iter().map(load).collect()
}

fn with_crlf(bytes: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(bytes)
        .replace('\n', "\r\n")
        .into_bytes()
}

fn inbound(raw: &[u8]) -> Inbound {
    read(raw, &Marks::default(), NOW, NOW).unwrap()
}

#[test]
fn reports_of_all_systems_are_told_from_what_looks_like_them() {
    let (reports, harmless) = (fixtures(""), fixtures("harmless"));
    let failed = reports
        .iter()
        .filter(|(.., wanted)| wanted["class"] == "failed");
    assert!(failed.count() >= 12 && harmless.len() >= 20);
    for (path, bytes, wanted) in reports.iter().chain(&harmless) {
        for raw in [bytes.clone(), with_crlf(bytes)] {
            let mail = inbound(&raw);
            assert_eq!(mail.class.word(), wanted["class"], "{}", path.display());
            let Class::Report(report) = &mail.class else {
                continue;
            };
            let (path, says) = (path.display(), wanted["says"].as_str().unwrap());
            assert!(
                report.diagnostic.contains(says),
                "{path}: {}",
                report.diagnostic
            );
            let about = wanted["about"].as_str().unwrap().to_owned();
            assert!(report.about.contains(&about), "{path}: {:?}", report.about);
            assert_eq!(
                serde_json::json!(report.recipients),
                wanted["recipients"],
                "{path}"
            );
        }
    }
}

#[test]
fn what_is_no_report_names_no_mail_of_ours() {
    for (path, bytes, _) in fixtures("harmless") {
        let mail = inbound(&bytes);
        assert!(
            !matches!(mail.class, Class::Report(_)),
            "{}",
            path.display()
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn damaged_reports_are_read_without_a_panic(which in 0..1000_usize, cut in 0.0..1.0_f64, junk: Vec<u8>) {
        let all = fixtures("");
        let (_, bytes, _) = &all[which % all.len()];
        let at = (bytes.len() as f64 * cut) as usize;
        let damaged = [&bytes[..at], &junk, &bytes[at..]].concat();
        let _ = read(&damaged, &Marks::default(), NOW, NOW);
        let _ = read(&bytes[..at], &Marks::default(), NOW, NOW);
    }
}
