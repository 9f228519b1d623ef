//! Lists that lie at an address, given by Python's own web server, and what a server may say instead.

use super::feed::{list, shelf, written};
use super::*;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

/// A web server over a folder; it ends with the test.
struct Web {
    child: Child,
    port: u16,
}

impl Drop for Web {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Web {
    /// Python's, which knows `Last-Modified` and `If-Modified-Since`; it names the port that it was given.
    fn over(folder: &std::path::Path) -> Web {
        let args = ["-u", "-m", "http.server", "--bind", "127.0.0.1", "0"];
        let mut child = Command::new("python3")
            .args(args)
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("python3 runs");
        let mut line = String::new();
        let out = child.stdout.take().expect("its words");
        BufReader::new(out).read_line(&mut line).expect("a line");
        let port = line.split("port ").nth(1).and_then(|rest| {
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().ok()
        });
        let port = port.unwrap_or_else(|| panic!("no port in {line:?}"));
        Web { child, port }
    }
}

fn source(port: u16, more: &str) -> String {
    format!(
        "[[source]]\nname = \"acme-web\"\nkind = \"https\"\nurl = \"http://127.0.0.1:{port}/acme/list.csv\"\n\
         stock_of = \"ACME\"\n{more}\n"
    )
}

fn messages(shelf: &Shelf) -> usize {
    let list = shelf.desk.run(&["message", "list", "--json"]).ok().json();
    list["messages"].as_array().expect("a list").len()
}

#[test]
fn a_list_at_an_address_is_asked_for_every_hour_and_taken_when_it_is_another() {
    let shelf = shelf();
    let web = Web::over(&shelf.desk.path("lists"));
    std::fs::create_dir(shelf.desk.path("lists/acme")).unwrap();
    shelf.desk.config(&source(web.port, ""));
    let put = |text: &str, moment: &str| {
        shelf.desk.file("lists/acme/list.csv", text.as_bytes());
        written(&shelf.desk.path("lists/acme/list.csv"), moment);
    };
    put(&list(3), "2025-06-02T09:00:00Z");
    let said = shelf.desk.run(&["check"]).ok().stdout;
    assert!(said.contains("written 2025-06-02 09:00 UTC"), "{said}");
    shelf.desk.run(&["process"]).ok();
    assert_eq!(shelf.available("ACME"), 3);
    // within the hour nobody asks; after it nothing is new
    put(&list(8), "2025-06-02T10:00:00Z");
    shelf.desk.now("2025-06-02T10:20:00Z");
    shelf.desk.run(&["process"]).ok();
    assert_eq!(shelf.available("ACME"), 3);
    shelf.desk.now("2025-06-02T11:20:00Z");
    shelf.desk.run(&["process"]).ok();
    assert_eq!(shelf.available("ACME"), 8);
    shelf.desk.now("2025-06-02T13:00:00Z");
    shelf.desk.run(&["process"]).ok();
    assert_eq!(messages(&shelf), 2);
    // a list that nobody writes any more grows old, however often it is asked for
    shelf.desk.now("2025-06-04T11:00:00Z");
    shelf.desk.run(&["process"]).done();
    assert_eq!(shelf.open()[0].1, "stock_stale");
    // a port on which nobody listens, and which no other test is given
    shelf.desk.config(&source(9, ""));
    shelf.desk.now("2025-06-04T13:00:00Z");
    shelf
        .desk
        .run(&["process"])
        .fails(1, &["source acme-web", "/acme/list.csv cannot be asked"]);
    shelf.desk.run(&["verify"]).ok();
}

/// Answers everything with these bytes, and keeps what it was asked.
fn answering(answer: &'static str) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&asked);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(stream);
            let mut head = String::new();
            while reader.read_line(&mut head).is_ok_and(|read| read > 2) {}
            kept.lock().unwrap().push(head);
            let _ = reader.get_mut().write_all(answer.as_bytes());
            let _ = reader.get_mut().shutdown(std::net::Shutdown::Write);
            let _ = reader.read_to_end(&mut Vec::new());
        }
    });
    (port, asked)
}

#[test]
fn poms_proves_itself_and_what_is_no_list_is_told() {
    let shelf = shelf();
    for (answer, words) in [
        (
            "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n",
            "HTTP status 401; ask the vendor for another user",
        ),
        (
            "HTTP/1.1 302 Found\r\nLocation: https://other.example/l.csv?key=77\r\nContent-Length: 0\r\n\r\n",
            "it points to https://other.example/l.csv: is that the vendor's?",
        ),
        (
            "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n",
            "ask the vendor where its list is now",
        ),
        (
            "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n",
            "HTTP status 500; the next run tries again",
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nsku,qty\n",
            "cannot be asked",
        ),
    ] {
        let (port, _) = answering(answer);
        let more = "user = \"shop\"\npassword = \"hush-77\"\n";
        shelf.desk.config(&source(port, more));
        let said = shelf.desk.run(&["process"]);
        said.fails(1, &["source acme-web", words]);
        let said = shelf.desk.run(&["check"]).stdout;
        assert!(said.contains(words), "{said}");
        assert!(
            !said.contains("hush-77") && !said.contains("key=77"),
            "{said}"
        );
    }
    let page =
        "HTTP/1.1 200 OK\r\nContent-Length: 33\r\n\r\n<html>We are back soon.</html>\r\n\r\n";
    let (port, asked) = answering(page);
    shelf.desk.config(&source(port, "token = \"hush-78\"\n"));
    shelf.desk.run(&["process"]).done();
    assert_eq!(shelf.open()[0].1, "stock_unread");
    assert!(
        asked.lock().unwrap()[0]
            .to_ascii_lowercase()
            .contains("authorization: bearer hush-78")
    );
}

#[test]
fn an_address_is_configured_whole_or_refused() {
    let shelf = shelf();
    for (config, words) in [
        (
            source(9, "").replace("stock_of = \"ACME\"", ""),
            "stock_of names the vendor",
        ),
        (source(9, "user = \"u\""), "needs password_file"),
        (source(9, "password = \"p\""), "whose is the password"),
        (
            source(9, "user = \"u\"\npassword = \"p\"\ntoken = \"t\""),
            "keep one way",
        ),
        (source(9, "trusted = true"), "is for kind = \"folder\""),
        (
            source(9, "").replace("http://127.0.0.1", "http://vendor.example"),
            "must begin with https",
        ),
        (
            source(9, "").replace("http://", "http://u:p@"),
            "without user",
        ),
    ] {
        shelf.desk.config(&config);
        shelf.desk.run(&["process"]).fails(2, &[words]);
    }
}
