//! A fax service on a loopback port that follows the published description of the Sinch Fax API
//! (version 3): it refuses what the description does not allow, keeps what it took, and misbehaves
//! when a test tells it to. One thread for each connection; std only.

use serde_json::{Value, json};
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub const PROJECT: &str = "11111111-2222-3333-4444-555555555555";
pub const KEY: &str = "fax-key-id";
pub const SECRET: &str = "canary-fax-secret";

/// What the service does with the next post.
#[derive(Clone, Debug)]
pub enum Act {
    /// Takes it and says so.
    Take,
    /// Takes it, and the connection ends without a word.
    TakeAndDrop,
    /// Does not take it, and the connection ends after all of it was read.
    Drop,
    /// This status, headers and body; not taken.
    Say(u16, &'static str, &'static str),
    /// Takes it and says this status.
    TakeAndSay(u16),
    /// Takes it, or does not, and says nothing for a long time.
    Hang { taken: bool },
}

/// Where a connection ends: after so many bytes of the client's or of the server's.
#[derive(Clone, Copy)]
pub struct Cut {
    pub client: usize,
    pub server: usize,
}

#[derive(Default)]
pub struct State {
    /// All that it took, as its resources.
    pub faxes: Vec<Value>,
    /// The PDFs, in the same order.
    pub files: Vec<Vec<u8>>,
    /// For the next posts; when empty, `Take`.
    pub acts: VecDeque<Act>,
    /// A status for every question (GET), if it does not answer them.
    pub questions: Option<u16>,
    /// `METHOD path` of every request that came whole.
    pub requests: Vec<String>,
    /// For connections to come.
    pub cut: Option<Cut>,
    /// Bytes of the longest request, and of the answer to it.
    pub heard: usize,
    pub said: usize,
    /// Faxes on a page of a list.
    pub page: usize,
    /// What a request had wrong, for a test to fail by.
    pub wrong: Vec<String>,
    /// Nobody needs the service any more.
    closed: bool,
}

/// The service, until it is dropped.
pub struct FakeSinch {
    pub port: u16,
    pub state: Arc<Mutex<State>>,
}

impl FakeSinch {
    pub fn start() -> FakeSinch {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let state = Arc::new(Mutex::new(State {
            page: 2,
            ..State::default()
        }));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if shared.lock().is_ok_and(|state| state.closed) {
                    return;
                }
                let state = Arc::clone(&shared);
                std::thread::spawn(move || {
                    let _ = serve(&stream, &state);
                    let _ = stream.shutdown(Shutdown::Both);
                });
            }
        });
        FakeSinch { port, state }
    }

    pub fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.state.lock().expect("the fake's state"))
    }

    pub fn next(&self, act: Act) -> &FakeSinch {
        self.with(|state| state.acts.push_back(act));
        self
    }

    pub fn taken(&self) -> usize {
        self.with(|state| state.faxes.len())
    }

    /// The fax of this place ends; the fields are those of the description.
    pub fn ends(&self, place: usize, fields: Value) {
        self.with(|state| {
            for (name, value) in fields.as_object().expect("fields") {
                state.faxes[place][name] = value.clone();
            }
        });
    }

    /// Fails when a request was not as the description wants it.
    pub fn all_fine(&self) {
        let wrong = self.with(|state| state.wrong.clone());
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}

impl Drop for FakeSinch {
    fn drop(&mut self) {
        if let Ok(mut state) = self.state.lock() {
            state.closed = true;
        }
        // wakes the thread that waits for connections
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

struct Request {
    method: String,
    path: String,
    query: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// Bytes of all of it.
    length: u64,
}

impl Request {
    fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }
}

fn serve(stream: &TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    stream.set_nodelay(true)?;
    let cut = state.lock().expect("the fake's state").cut;
    let limit = cut.map_or(usize::MAX, |cut| cut.client);
    let Some(request) = read(stream, limit)? else {
        return Ok(());
    };
    let hangs = |state: &State| {
        request.method == "POST" && matches!(state.acts.front(), Some(Act::Hang { .. }))
    };
    let hangs = hangs(&state.lock().expect("the fake's state"));
    let answer = respond(&request, &mut state.lock().expect("the fake's state"));
    if hangs {
        std::thread::sleep(Duration::from_secs(20));
    }
    let Some(answer) = answer else { return Ok(()) };
    {
        let mut state = state.lock().expect("the fake's state");
        if state.heard < request.length as usize {
            (state.heard, state.said) = (request.length as usize, answer.len());
        }
    }
    let end = cut.map_or(answer.len(), |cut| cut.server.min(answer.len()));
    let mut writer = stream;
    writer.write_all(&answer[..end])
}

/// The request, if all of it came before the cut.
fn read(stream: &TcpStream, limit: usize) -> std::io::Result<Option<Request>> {
    let mut reader = BufReader::with_capacity(1, stream).take(limit as u64);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || !line.ends_with('\n') {
            return Ok(None);
        }
        let line = line.trim_end().to_owned();
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    let mut words = lines[0].split(' ');
    let method = words.next().unwrap_or_default().to_owned();
    let target = words.next().unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let headers: Vec<(String, String)> = lines[1..]
        .iter()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
        .collect();
    let mut request = Request {
        method,
        path: path.to_owned(),
        query: query.to_owned(),
        headers,
        body: Vec::new(),
        length: 0,
    };
    let length: usize = request.header("content-length").parse().unwrap_or(0);
    let mut body = vec![0; length];
    if reader.read_exact(&mut body).is_err() {
        return Ok(None);
    }
    request.body = body;
    request.length = limit as u64 - reader.limit();
    Ok(Some(request))
}

fn answer(status: u16, headers: &str, body: &str) -> Option<Vec<u8>> {
    let length = body.len();
    Some(
        format!("HTTP/1.1 {status} Answer\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n{body}")
            .into_bytes(),
    )
}

/// `None` ends the connection without a word.
fn respond(request: &Request, state: &mut State) -> Option<Vec<u8>> {
    let (method, path) = (request.method.as_str(), request.path.as_str());
    state.requests.push(format!("{method} {path}"));
    let login = openssl::base64::encode_block(format!("{KEY}:{SECRET}").as_bytes());
    if request.header("authorization") != format!("Basic {login}") {
        return answer(
            401,
            "",
            r#"{"error":{"code":401,"message":"Unauthorized"}}"#,
        );
    }
    let below = format!("/v3/projects/{PROJECT}/faxes");
    let Some(rest) = path.strip_prefix(below.as_str()) else {
        return answer(404, "", r#"{"error":{"message":"no such project"}}"#);
    };
    match (method, rest) {
        ("POST", "") => post(request, state),
        ("GET", "") => match state.questions {
            Some(status) => answer(status, "", "{}"),
            None => list(request, state),
        },
        ("GET", one) => match state.questions {
            Some(status) => answer(status, "", "{}"),
            None => {
                let id = one.trim_start_matches('/');
                let found = state.faxes.iter().find(|fax| fax["id"] == id);
                match found {
                    Some(fax) => answer(200, "", &fax.to_string()),
                    None => answer(404, "", "{}"),
                }
            }
        },
        _ => answer(405, "", "{}"),
    }
}

/// What the description wants of a fax in JSON.
fn fault(request: &Request, fax: &Value) -> Option<String> {
    if request.header("content-type") != "application/json" {
        return Some("the content type is not application/json".to_owned());
    }
    let number = |value: &Value| {
        let digits = value.as_str().and_then(|text| text.strip_prefix('+'));
        digits.is_some_and(|digits| {
            (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
        })
    };
    if !number(&fax["to"]) || (!fax["from"].is_null() && !number(&fax["from"])) {
        return Some("a number is not E.164".to_owned());
    }
    let files = fax["files"].as_array().map(Vec::as_slice);
    let Some([file]) = files else {
        return Some("files is not a list of one".to_owned());
    };
    let bytes = file["file"]
        .as_str()
        .and_then(|text| openssl::base64::decode_block(text).ok());
    if file["fileType"] != "PDF" || !bytes.is_some_and(|bytes| bytes.starts_with(b"%PDF-")) {
        return Some("the file is no PDF in base64".to_owned());
    }
    if !fax["labels"]["poms_reference"].is_string() {
        return Some("the label is missing".to_owned());
    }
    if fax["headerText"]
        .as_str()
        .is_some_and(|text| text.chars().count() > 50)
    {
        return Some("headerText is longer than 50".to_owned());
    }
    if fax["maxRetries"].as_i64().is_some_and(|most| most > 5) {
        return Some("maxRetries is above 5".to_owned());
    }
    const KNOWN: [&str; 9] = [
        "to",
        "from",
        "files",
        "labels",
        "headerText",
        "headerPageNumbers",
        "imageConversionMethod",
        "maxRetries",
        "serviceId",
    ];
    let unknown = fax
        .as_object()
        .and_then(|all| all.keys().find(|name| !KNOWN.contains(&name.as_str())));
    unknown.map(|name| format!("the field {name} is unknown"))
}

fn post(request: &Request, state: &mut State) -> Option<Vec<u8>> {
    let fax: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    if let Some(fault) = fault(request, &fax) {
        state.wrong.push(fault.clone());
        let body = json!({"error": {"code": 400, "message": fault}});
        return answer(400, "", &body.to_string());
    }
    let act = state.acts.pop_front().unwrap_or(Act::Take);
    match act {
        Act::Drop | Act::Hang { taken: false } => return None,
        Act::Say(status, headers, body) => return answer(status, headers, body),
        _ => {}
    }
    let place = state.faxes.len() + 1;
    let resource = json!({
        "id": format!("01FAX{place:04}"), "direction": "OUTBOUND", "to": fax["to"], "from": fax["from"],
        "status": "QUEUED", "labels": fax["labels"], "createTime": format!("2025-06-02T10:{place:02}:00Z"),
        "projectId": PROJECT, "headerText": fax["headerText"], "maxRetries": fax["maxRetries"], "retryCount": 0
    });
    let file = fax["files"][0]["file"].as_str().unwrap_or_default();
    state
        .files
        .push(openssl::base64::decode_block(file).unwrap_or_default());
    state.faxes.push(resource.clone());
    match act {
        Act::TakeAndDrop | Act::Hang { .. } => None,
        Act::TakeAndSay(status) => answer(status, "", "{}"),
        _ => answer(200, "", &resource.to_string()),
    }
}

/// Pages count from 1; the filter of numbers is by their beginning.
fn list(request: &Request, state: &mut State) -> Option<Vec<u8>> {
    let value = |name: &str| {
        let found = request.query.split('&').find_map(|pair| {
            let (known, value) = pair.split_once('=')?;
            (known == name).then(|| value.replace("%2B", "+"))
        });
        found.unwrap_or_default()
    };
    let to = value("to");
    let found: Vec<&Value> = state
        .faxes
        .iter()
        .rev()
        .filter(|fax| {
            fax["to"]
                .as_str()
                .is_some_and(|known| known.starts_with(&to))
        })
        .collect();
    let page: usize = value("page").parse().unwrap_or(1);
    let shown: Vec<&&Value> = found
        .iter()
        .skip(page.saturating_sub(1) * state.page)
        .take(state.page)
        .collect();
    let body = json!({"pageNumber": page, "pageSize": state.page, "totalItems": found.len(), "faxes": shown});
    answer(200, "", &body.to_string())
}
