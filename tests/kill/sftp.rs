//! Files of a real OpenSSH server's folder, and sessions with it that end after so many bytes of either side: no
//! file is lost, and none is put away before its order is in the ledger.

use super::cut::{End, NO_ADDRESS, first_run, one_order, points, sum_up};
use super::site::{contents, files, into_folder};
use super::*;
use crate::support::desk::CATALOGUE;
use crate::support::scene::{config, two_by_two};
use crate::support::sshd::Sshd;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;

/// A site that watches a folder of the server.
pub struct SftpSite {
    pub scene: Scene,
    /// Its folder of the server.
    folder: PathBuf,
    /// All files that were put there.
    put: Vec<Vec<u8>>,
}

impl SftpSite {
    /// By this port, with the n-th folder of the server.
    pub fn new(batch: &Scene, server: &Sshd, port: u16, number: usize) -> SftpSite {
        let scene = batch.again();
        let inbox = scene.path("mail/orders/new");
        let mails = contents(&inbox);
        let clear = |file: &PathBuf| std::fs::remove_file(file).unwrap();
        files(&inbox).iter().for_each(clear);
        let folder = server.path(&format!("files-{number}"));
        let put = into_folder(&folder, &mails);
        let table = format!(
            "[[source]]\nname = \"files\"\nkind = \"sftp\"\nhost = \"127.0.0.1\"\nport = {port}\nuser = \"{}\"\n\
             host_key = \"{}\"\nkey_file = \"{}\"\npath = \"{}\"\nsettle_seconds = 0\ntimeout_seconds = 60\n",
            server.user,
            server.fingerprint("ed25519"),
            server.path("user").display(),
            folder.display()
        );
        let out = "kind = \"maildir\"\npath = \"mail/sent\"";
        scene.configure(&two_by_two(&config(out, &table)));
        SftpSite { scene, folder, put }
    }

    fn kept(&self) -> Vec<Vec<u8>> {
        let places = [".processed", ".failed"].iter();
        let mut kept: Vec<Vec<u8>> = places
            .flat_map(|place| contents(&self.folder.join(place)))
            .collect();
        kept.sort();
        kept
    }

    /// What was put away is in the ledger, with its order.
    fn put_away_last(&self, at: &str) {
        let kept = self.kept().len();
        if kept > 0 {
            let orders = self.scene.count("SELECT COUNT(*) FROM orders");
            assert!(orders >= kept as i64, "{at}: {kept} files, {orders} orders");
        }
    }

    /// Two more runs, and all is as it must be.
    pub fn converges(&self, at: &str) -> Figures {
        self.put_away_last(at);
        run_again(&self.scene, LATER, at);
        let left = files(&self.folder)
            .into_iter()
            .filter(|path| path.is_file());
        assert_eq!(left.count(), 0, "{at}: a file was left");
        let mut put = self.put.clone();
        put.sort();
        assert!(self.kept() == put, "{at}: not the files that were put");
        let taken = references(&contents(&self.scene.path("mail/sent/new")));
        let figures = judge(&self.scene, SMALL, &taken, at);
        let _ = std::fs::remove_dir_all(&self.folder);
        figures
    }
}

/// Stands before the server and lets so many bytes through.
struct Proxy {
    port: u16,
    wire: Arc<Wire>,
}

/// What goes through a proxy.
#[derive(Default)]
struct Wire {
    /// Where the next connection ends.
    cut: Mutex<Option<End>>,
    /// Bytes of the server and of the client so far.
    said: AtomicUsize,
    heard: AtomicUsize,
    /// Nobody needs it any more.
    closed: AtomicUsize,
}

impl Proxy {
    fn before(server: u16, cut: Option<End>) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let wire = Arc::new(Wire::default());
        *wire.cut.lock().unwrap() = cut;
        let shared = wire.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if shared.closed.load(Ordering::SeqCst) > 0 {
                    return;
                }
                let (from, to) = match shared.cut.lock().unwrap().take() {
                    Some(End::Server(bytes)) => (bytes, usize::MAX),
                    Some(End::Client(bytes)) => (usize::MAX, bytes),
                    None => (usize::MAX, usize::MAX),
                };
                let server = TcpStream::connect(("127.0.0.1", server)).unwrap();
                let ends = (server.try_clone().unwrap(), client.try_clone().unwrap());
                let wire = shared.clone();
                std::thread::spawn(move || pass(server, client, from, |wire| &wire.said, &wire));
                let wire = shared.clone();
                let (server, client) = ends;
                std::thread::spawn(move || pass(client, server, to, |wire| &wire.heard, &wire));
            }
        });
        Proxy { port, wire }
    }

    fn passed(&self) -> (usize, usize) {
        let wire = &self.wire;
        let load = |count: &AtomicUsize| count.load(Ordering::SeqCst);
        (load(&wire.said), load(&wire.heard))
    }

    /// Whether the connection that was to be cut came.
    fn was_met(&self) -> bool {
        self.wire.cut.lock().unwrap().is_none()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.wire.closed.store(1, Ordering::SeqCst);
        // wakes the thread that waits for connections
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

/// Passes on what one side says, until it ends or may say no more: then both do.
fn pass(
    mut from: TcpStream,
    mut to: TcpStream,
    mut left: usize,
    count: fn(&Wire) -> &AtomicUsize,
    wire: &Wire,
) {
    let mut bytes = [0; 4096];
    while left > 0 {
        let room = bytes.len().min(left);
        let Some(got) = from.read(&mut bytes[..room]).ok().filter(|got| *got > 0) else {
            break;
        };
        left -= got;
        count(wire).fetch_add(got, Ordering::SeqCst);
        if to.write_all(&bytes[..got]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}

#[test]
fn sftp_at_every_byte() {
    let (batch, server) = (small_batch(), Sshd::start(&["ed25519"], ""));
    let number = AtomicUsize::new(0);
    let make = |cut: Option<End>| {
        let proxy = Proxy::before(server.port, cut);
        let number = number.fetch_add(1, Ordering::Relaxed);
        (SftpSite::new(&batch, &server, proxy.port, number), proxy)
    };
    let (site, proxy) = make(None);
    site.scene.run(&["process"], NOW).ok();
    let (said, heard) = proxy.passed();
    // padding is drawn anew for each session: the last bytes may come or not
    let chosen = points(said, heard, 1601, 1);
    let figures = each(&chosen, |end| {
        let ((site, proxy), at) = (make(Some(*end)), format!("SFTP cut: {end:?}"));
        first_run(&site.scene, NOW, &at);
        assert!(proxy.was_met(), "{at}: nobody came");
        site.converges(&at)
    });
    sum_up("SFTP cut", said + heard, &chosen, figures);
    assert_eq!(figures.unknown, 0, "a Maildir can be asked: {figures:?}");
}

/// A vendor's purchase orders go into the server's n-th folder, by this port.
fn dropping(batch: &Scene, server: &Sshd, port: u16, number: usize) -> (Scene, PathBuf) {
    let (scene, folder) = (batch.again(), server.path(&format!("drop-{number}")));
    std::fs::create_dir(&folder).unwrap();
    let table = format!(
        "[[vendor_drop]]\nvendor = \"ACME\"\nkind = \"sftp\"\nhost = \"127.0.0.1\"\nport = {port}\nuser = \"{}\"\n\
         host_key = \"{}\"\nkey_file = \"{}\"\npath = \"{}\"\ntimeout_seconds = 60\n{NO_ADDRESS}",
        server.user,
        server.fingerprint("ed25519"),
        server.path("user").display(),
        folder.display()
    );
    scene.configure(&config("kind = \"maildir\"\npath = \"mail/sent\"", &table));
    (scene, folder)
}

/// What came of it after two more runs.
fn dropped(scene: &Scene, folder: &std::path::Path, at: &str) -> Figures {
    run_again(scene, LATER, at);
    assert_eq!(scene.problems(), Vec::<String>::new(), "{at}");
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    let there: Vec<String> = files(folder).iter().map(name).collect();
    let whole = ["PO-W200001-1.csv", "PO-W200001-1.pdf"]
        .iter()
        .all(|name| there.iter().any(|found| found == name));
    let count = |sql: &str| scene.count(&format!("SELECT COUNT(*) FROM {sql}"));
    let sent = count("delivery WHERE state = 'sent' AND po_id IS NOT NULL");
    let unknown = count("delivery WHERE state = 'unknown'");
    assert_eq!(sent + unknown, 1, "{at}: neither sent nor unknown");
    let named = count("exception WHERE code = 'delivery_unknown' AND state = 'open'");
    assert_eq!(named, unknown, "{at}: not on the list");
    let _ = std::fs::remove_dir_all(folder);
    Figures {
        points: 1,
        lost: usize::from(sent == 1 && !whole),
        doubled: there.iter().filter(|name| name.contains("again")).count(),
        unknown: usize::from(unknown == 1),
        stuck: 0,
    }
}

#[test]
fn purchase_orders_dropped_at_every_byte() {
    const VENDORS: &str = "id,name,email,fax,channel,zip\nACME,Acme Home Goods,orders@acme.example,,drop,04101\n\
         BLUE,Blue Ridge Garden Supply,po@blueridge.example,,email,28801\n";
    let desk = TestDesk::new().vendors(VENDORS).catalogue(CATALOGUE);
    let (batch, server) = (one_order(&desk), Sshd::start(&["ed25519"], ""));
    let number = AtomicUsize::new(0);
    let make = |cut: Option<End>| {
        let proxy = Proxy::before(server.port, cut);
        let number = number.fetch_add(1, Ordering::Relaxed);
        (dropping(&batch, &server, proxy.port, number), proxy)
    };
    let ((scene, folder), proxy) = make(None);
    scene.run(&["process"], NOW).ok();
    let (said, heard) = proxy.passed();
    assert_eq!(dropped(&scene, &folder, "undisturbed").unknown, 0);
    let chosen = points(said, heard, 997, 1);
    let figures = each(&chosen, |end| {
        let (((scene, folder), proxy), at) = (make(Some(*end)), format!("drop cut: {end:?}"));
        first_run(&scene, NOW, &at);
        assert!(proxy.was_met(), "{at}: nobody came");
        dropped(&scene, &folder, &at)
    });
    sum_up("SFTP drop cut", said + heard, &chosen, figures);
}
