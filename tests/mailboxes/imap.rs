//! The suite over IMAP: a real Dovecot that moves, one that copies, one with another hierarchy.

use super::*;
use crate::imap::site::{ByImap, Site};
use crate::support::dovecot::Wishes;

struct Behind {
    site: ByImap,
    delivered: usize,
}

impl Bench for Behind {
    fn mailbox(&self) -> Box<dyn Mailbox> {
        self.site.open()
    }

    fn deliver(&mut self, content: &[u8]) {
        self.delivered += 1;
        self.site
            .deliver(&format!("{:05}.M1.host", self.delivered), content);
    }

    fn filed(&self, folder: FilingFolder) -> Vec<Vec<u8>> {
        let name = match folder {
            FilingFolder::Processed => "Processed",
            FilingFolder::Quarantine => "Quarantine",
        };
        self.site.content(name).into_keys().collect()
    }

    fn snatch(&mut self) {
        let mut other = self.mailbox();
        let handles = other.list().unwrap();
        let filed = other.file(&handles, FilingFolder::Quarantine);
        assert!(filed.iter().all(Result::is_ok));
    }
}

#[test]
fn imap_conforms() {
    let wishes = [
        Wishes::default(),
        Wishes {
            capabilities: Some("IMAP4rev1 UIDPLUS NAMESPACE"),
            ..Wishes::default()
        },
        Wishes {
            capabilities: Some("IMAP4rev1 NAMESPACE"),
            prefixed: true,
            ..Wishes::default()
        },
    ];
    for wishes in wishes {
        conforms(|| {
            Box::new(Behind {
                site: ByImap::new(wishes),
                delivered: 0,
            })
        });
    }
}
