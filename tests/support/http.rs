//! A small HTTP server on this machine that keeps what it is asked.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The server; its thread ends with the test process.
pub struct Calls {
    /// Its port.
    pub port: u16,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Calls {
    /// Answers everything with this status line and headers; `""` never answers.
    pub fn start(answer: &'static str) -> Calls {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let lines = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&lines);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut reader = BufReader::new(stream);
                let mut first = String::new();
                let _ = reader.read_line(&mut first);
                if first.is_empty() {
                    continue; // it came and asked nothing
                }
                let mut line = first.clone();
                while line.trim_end() != "" {
                    line.clear();
                    let _ = reader.read_line(&mut line);
                }
                seen.lock().unwrap().push(first.trim_end().to_owned());
                if answer.is_empty() {
                    std::thread::sleep(Duration::from_secs(30));
                }
                let whole =
                    format!("HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                let _ = reader.get_mut().write_all(whole.as_bytes());
            }
        });
        Calls { port, lines }
    }

    /// The request lines so far; none is kept.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.lines.lock().unwrap())
    }
}
