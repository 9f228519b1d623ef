//! A folder by itself, without a run.

use super::*;
use poms::config::{FilesConfig, FolderConfig};
use poms::domain::lifecycle::MessageState;
use poms::intake::source::{Budget, Source, folder::Folder};
use std::time::Duration;

/// A folder by itself.
fn watched(path: &Path) -> Folder {
    let config = FolderConfig {
        path: path.to_owned(),
        trusted: false,
        files: FilesConfig {
            settle: Duration::ZERO,
            processed_folder: ".processed".to_owned(),
            failed_folder: ".failed".to_owned(),
            dated: false,
        },
    };
    Folder::open("files", &config).unwrap()
}

fn budget(bytes: u64) -> Budget {
    Budget {
        documents: 10,
        bytes,
        largest: 1 << 20,
        now: "2025-06-02T10:05:00Z".parse().unwrap(),
    }
}

#[test]
fn a_file_that_was_exchanged_or_written_to_is_not_moved_unread() {
    let temp = tempfile::tempdir().unwrap();
    for change in ["exchanged", "appended", "gone"] {
        let path = temp.path().join("W1.json");
        std::fs::write(&path, "{\"order_number\":\"W1\"}").unwrap();
        let mut folder = watched(temp.path());
        let documents = folder.poll(None, &budget(1 << 20)).unwrap().documents;
        assert_eq!(documents.len(), 1);
        match change {
            "exchanged" => {
                let other = temp.path().join(".other");
                std::fs::write(&other, "{\"order_number\":\"W2\"}").unwrap();
                std::fs::rename(&other, &path).unwrap();
            }
            "appended" => std::fs::write(&path, "{\"order_number\":\"W1\"}\nmore").unwrap(),
            _ => std::fs::remove_file(&path).unwrap(),
        }
        folder
            .settle(&documents[0].name, MessageState::Accepted)
            .unwrap();
        assert_eq!(path.exists(), change != "gone", "{change}");
        assert!(!temp.path().join(".processed/W1.json").exists(), "{change}");
        // once more does no harm
        folder
            .settle(&documents[0].name, MessageState::Accepted)
            .unwrap();
        let _ = std::fs::remove_file(&path);
    }
}

#[test]
fn a_full_folder_is_read_in_pages_each_file_once() {
    let temp = tempfile::tempdir().unwrap();
    for number in 0..25 {
        std::fs::write(
            temp.path().join(format!("{number:02}.json")),
            "x".repeat(100),
        )
        .unwrap();
    }
    let (mut folder, mut documents) = (watched(temp.path()), Vec::new());
    loop {
        let page = folder.poll(None, &budget(450)).unwrap();
        assert!(page.documents.len() <= 5);
        let more = page.more;
        documents.extend(page.documents);
        if !more {
            break;
        }
    }
    let names = documents.iter().map(|one| one.name.identity.as_str());
    let names: std::collections::BTreeSet<&str> = names.collect();
    assert_eq!((names.len(), documents.len()), (25, 25));
}
