//! Orders come as files of a real OpenSSH server's folder. A file is put away only when its order is in the
//! ledger.

use super::sweep::{Faults, Struck, Sweep};
use super::*;
use crate::kill::sftp::SftpSite;
use crate::support::sshd::Sshd;

impl Struck for SftpSite {
    fn scene(&self) -> &Scene {
        &self.scene
    }

    fn judged(&self, at: &str) -> Figures {
        self.converges(at)
    }
}

#[test]
fn at_every_system_call_with_files_of_a_server() {
    let (batch, server) = (small_batch(), Sshd::start(&["ed25519"], ""));
    let number = AtomicUsize::new(0);
    let make = || -> Box<dyn Struck> {
        let number = number.fetch_add(1, Ordering::Relaxed);
        Box::new(SftpSite::new(&batch, &server, server.port, number))
    };
    let sum = Sweep {
        name: "SFTP to Maildir",
        make: &make,
        trace: Trace::of_run(&all_calls()),
        every: step(12),
        faults: Faults::fewer(),
    }
    .run();
    assert_eq!(sum.unknown, 0, "a Maildir can be asked: {sum:?}");
}
