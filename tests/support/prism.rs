//! Prism (Stoplight), which answers after OpenAPI documents and checks each request against them.
//! One Prism for each document, and one door before them, so that poms sees one UPS: the door takes
//! the server's `/api` off, adds what Prism shall prefer, and writes down what was not as published.

use super::ports;
use super::ups::{Request, read_request};
use std::io::{BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

#[derive(Default)]
struct State {
    prefer: String,
    moved: Vec<(String, String)>,
    seen: Vec<Request>,
    wrong: Vec<String>,
}

/// The documents of one UPS, served.
pub struct Prism {
    /// Where the door is.
    pub port: u16,
    state: Arc<Mutex<State>>,
    servers: Vec<Child>,
}

/// The program, where `tests/ups-spec` put it.
pub fn program() -> Option<PathBuf> {
    std::env::var_os("POMS_PRISM").map(PathBuf::from)
}

impl Prism {
    /// Serves documents by the beginning of their paths; `strict` has Prism refuse what is not as
    /// published, requests and its own answers.
    pub fn start(program: &Path, documents: &[(&str, PathBuf)], strict: bool) -> Prism {
        let mut servers = Vec::new();
        let mut ways = Vec::new();
        for (prefix, document) in documents {
            let port = ports::free();
            let mut command = Command::new(program);
            command.args(["mock", "--host", "127.0.0.1", "--port", &port.to_string()]);
            if strict {
                command.arg("--errors");
            }
            let child = command
                .arg(document)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .process_group(0)
                .spawn()
                .unwrap_or_else(|fault| panic!("{}: {fault}", program.display()));
            servers.push(child);
            ways.push(((*prefix).to_owned(), port));
        }
        let begun = Instant::now();
        for (_, port) in &ways {
            while TcpStream::connect(("127.0.0.1", *port)).is_err() {
                assert!(
                    begun.elapsed() < Duration::from_secs(120),
                    "Prism does not listen"
                );
                std::thread::sleep(Duration::from_millis(50));
            }
        }
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (shared, ways) = (Arc::clone(&shared), ways.clone());
                std::thread::spawn(move || serve(stream, &ways, &shared));
            }
        });
        Prism {
            port,
            state,
            servers,
        }
    }

    /// What Prism shall prefer from now on: `code=429`, `example=ok`, `dynamic=true`.
    pub fn prefer(&self, what: &str) {
        self.state.lock().unwrap().prefer = what.to_owned();
    }

    /// Texts of the published examples that stand for others: their days are of another year.
    pub fn moved(&self, from: &str, to: &str) {
        let mut state = self.state.lock().unwrap();
        state.moved.push((from.to_owned(), to.to_owned()));
    }

    /// The requests whose line has a part, since the last time; and that each was as published.
    pub fn take(&self, part: &str) -> Vec<Request> {
        let mut state = self.state.lock().unwrap();
        assert!(state.wrong.is_empty(), "{:#?}", state.wrong);
        let seen = std::mem::take(&mut state.seen);
        seen.into_iter()
            .filter(|one| one.line.contains(part))
            .collect()
    }

    /// What was not as published, and forgets it.
    pub fn wrong(&self) -> Vec<String> {
        std::mem::take(&mut self.state.lock().unwrap().wrong)
    }
}

impl Drop for Prism {
    fn drop(&mut self) {
        for server in &mut self.servers {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

fn serve(mut stream: TcpStream, ways: &[(String, u16)], state: &Mutex<State>) {
    let mut reader = BufReader::new(stream.try_clone().expect("a socket"));
    while let Some(request) = read_request(&mut reader) {
        let path = request.line.split(' ').nth(1).unwrap_or_default();
        let path = path.strip_prefix("/api").unwrap_or(path);
        let way = ways
            .iter()
            .find(|(prefix, _)| path.starts_with(prefix.as_str()));
        let (prefer, moved) = {
            let state = state.lock().unwrap();
            (state.prefer.clone(), state.moved.clone())
        };
        let Some((status, violations, mut body)) =
            way.and_then(|(_, port)| forward(&request, path, *port, &prefer))
        else {
            state
                .lock()
                .unwrap()
                .wrong
                .push(format!("no answer to {request:?}"));
            return;
        };
        {
            let mut state = state.lock().unwrap();
            if let Some(what) = against_the_document(&violations, &body) {
                state.wrong.push(format!("{what}: {request:?}"));
            }
            state.seen.push(request);
        }
        for (from, to) in moved {
            body = body.replace(&from, &to);
        }
        let head = format!(
            "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        if stream.write_all((head + &body).as_bytes()).is_err() {
            return;
        }
    }
}

/// What Prism found wrong with the request: in its header, or in an answer of its own where the
/// document has none for bad requests. A status or example that the document does not have, and
/// what is wrong with Prism's own answer, is not the request's fault.
fn against_the_document<'a>(violations: &'a str, body: &'a str) -> Option<&'a str> {
    if violations.contains("\"request\"") {
        return Some(violations);
    }
    let kind = body.split("stoplight.io/prism/errors#").nth(1)?;
    (!kind.starts_with("NOT_FOUND") && !kind.starts_with("VIOLATIONS")).then_some(body)
}

/// Asks one Prism: status, what it found wrong, body.
fn forward(
    request: &Request,
    path: &str,
    port: u16,
    prefer: &str,
) -> Option<(u16, String, String)> {
    let method = request.line.split(' ').next()?;
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .ok()?;
    let mut head = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
    let kept = request
        .headers
        .iter()
        .filter(|(name, _)| name != "connection");
    for (name, value) in kept {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if !prefer.is_empty() {
        head.push_str(&format!("Prefer: {prefer}\r\n"));
    }
    stream
        .write_all(format!("{head}\r\n{}", request.body).as_bytes())
        .ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let found = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("sl-violations")
            .then(|| value.to_owned())
    });
    Some((status, found.unwrap_or_default(), body.to_owned()))
}
