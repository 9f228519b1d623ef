//! Shops on loopback ports that answer as their published interfaces do, and misbehave when told to.

pub mod beds;
mod filter;
pub mod graphql;
mod orders;
mod run;
pub mod schema;
pub mod shopify;
pub mod woocommerce;

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

/// One request.
pub struct Asked {
    pub method: String,
    pub path: String,
    /// Decoded.
    pub query: Vec<(String, String)>,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Asked {
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    pub fn param(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub headers: String,
    pub body: Vec<u8>,
}

pub fn answer(status: u16, body: impl Into<Vec<u8>>) -> Answer {
    Answer {
        status,
        headers: "Content-Type: application/json\r\n".to_owned(),
        body: body.into(),
    }
}

/// What happens to the next request instead of its answer, or to that.
#[derive(Clone, Debug)]
pub enum Act {
    /// As if nothing were wrong.
    Well,
    /// This status, headers and body; nothing is done.
    Say(u16, &'static str, String),
    /// Nothing is done, and the connection ends.
    Drop,
    /// Nothing is done, and nothing comes as long as the other side waits.
    Silence,
    /// It is done, and so many bytes of the answer come.
    Cut(usize),
    /// It is done, and this is the answer.
    DoAndSay(u16, &'static str, String),
}

/// A shop that a server answers for.
pub trait Shop: Send + 'static {
    /// Whether the next act is meant for a request like this.
    fn is_counted(&self, asked: &Asked) -> bool;
    fn respond(&mut self, asked: &Asked) -> Answer;
}

struct Inner<S> {
    shop: S,
    acts: VecDeque<Act>,
    requests: Vec<String>,
    /// Bytes of each answer, whether or not all of them were sent.
    lengths: Vec<usize>,
    closed: bool,
}

/// The server, until it is dropped.
pub struct ShopServer<S: Shop> {
    pub port: u16,
    inner: Arc<Mutex<Inner<S>>>,
}

impl<S: Shop> ShopServer<S> {
    pub fn start(shop: S) -> ShopServer<S> {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let inner = Arc::new(Mutex::new(Inner {
            shop,
            acts: VecDeque::new(),
            requests: Vec::new(),
            lengths: Vec::new(),
            closed: false,
        }));
        let shared = Arc::clone(&inner);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if lock(&shared).closed {
                    return;
                }
                let inner = Arc::clone(&shared);
                std::thread::spawn(move || {
                    let _ = stream.set_read_timeout(Some(Duration::from_secs(20)));
                    let _ = stream.set_nodelay(true);
                    let mut reader = BufReader::new(&stream);
                    while let Ok(Some(asked)) = read(&mut reader) {
                        if !serve(&stream, &asked, &inner) {
                            break;
                        }
                    }
                    let _ = stream.shutdown(Shutdown::Both);
                });
            }
        });
        ShopServer { port, inner }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn with<T>(&self, look: impl FnOnce(&mut S) -> T) -> T {
        look(&mut lock(&self.inner).shop)
    }

    /// What happens to the next counted request.
    pub fn next(&self, act: Act) -> &ShopServer<S> {
        lock(&self.inner).acts.push_back(act);
        self
    }

    /// Forgets what was still to go wrong.
    pub fn calm(&self) {
        lock(&self.inner).acts.clear();
    }

    /// Bytes of each counted answer since.
    pub fn lengths(&self) -> Vec<usize> {
        std::mem::take(&mut lock(&self.inner).lengths)
    }

    /// `METHOD path` of all that came since.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.inner).requests)
    }
}

impl<S: Shop> Drop for ShopServer<S> {
    fn drop(&mut self) {
        lock(&self.inner).closed = true;
        // wakes the thread that waits for connections
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn lock<S: Shop>(inner: &Mutex<Inner<S>>) -> MutexGuard<'_, Inner<S>> {
    // a shop whose test failed within it still answers, so that the test ends by what it says
    inner
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Whether the connection goes on.
fn serve<S: Shop>(mut stream: &TcpStream, asked: &Asked, inner: &Mutex<Inner<S>>) -> bool {
    let mut inner = lock(inner);
    inner
        .requests
        .push(format!("{} {}", asked.method, asked.path));
    let is_counted = inner.shop.is_counted(asked);
    let act = match is_counted {
        true => inner.acts.pop_front().unwrap_or(Act::Well),
        false => Act::Well,
    };
    let said = |status, headers: &str, body: String| Answer {
        status,
        headers: headers.to_owned(),
        body: body.into_bytes(),
    };
    let (answer, cut) = match act {
        Act::Drop => return false,
        Act::Silence => {
            drop(inner);
            let _ = stream.read(&mut [0]);
            return false;
        }
        Act::Say(status, headers, body) => (said(status, headers, body), None),
        Act::Well => (inner.shop.respond(asked), None),
        Act::Cut(at) => (inner.shop.respond(asked), Some(at)),
        Act::DoAndSay(status, headers, body) => {
            inner.shop.respond(asked);
            (said(status, headers, body), None)
        }
    };
    let (status, length) = (answer.status, answer.body.len());
    let mut bytes = format!(
        "HTTP/1.1 {status} Answer\r\nContent-Length: {length}\r\n{}\r\n",
        answer.headers
    )
    .into_bytes();
    bytes.extend(answer.body);
    if is_counted {
        inner.lengths.push(bytes.len());
    }
    drop(inner);
    let end = cut.map_or(bytes.len(), |at| at.min(bytes.len()));
    stream.write_all(&bytes[..end]).is_ok() && cut.is_none()
}

fn read(reader: &mut BufReader<&TcpStream>) -> std::io::Result<Option<Asked>> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let Some(first) = lines.first() else {
        return Ok(None);
    };
    let mut words = first.split(' ');
    let method = words.next().unwrap_or_default().to_owned();
    let target = words.next().unwrap_or_default();
    let url = reqwest::Url::parse(&format!("http://shop{target}")).expect("a target");
    let headers: Vec<(String, String)> = lines[1..]
        .iter()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.map_or(0, |(_, length)| length.parse().expect("a length"));
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Some(Asked {
        method,
        path: url.path().to_owned(),
        query: url.query_pairs().into_owned().collect(),
        headers,
        body,
    }))
}
