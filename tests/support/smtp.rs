//! An SMTP server on a loopback port that does exactly what a test tells it, and remembers what it
//! has taken. One thread for each connection; std only.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the server does at a stage.
#[derive(Clone)]
pub enum Act {
    /// The usual reply.
    Usual,
    /// This reply (without CRLF) in place of the usual one.
    Say(&'static str),
    /// This reply, then the end of the connection.
    SayAndClose(&'static str),
    /// The end of the connection without a word.
    Close,
    /// The usual reply, and then this.
    Then(Arc<dyn Fn() + Send + Sync>),
    /// No reply; the connection stays.
    Stall,
}

/// What the server is about to answer: `connect`, `EHLO`, `MAIL`, …, `body` for the final dot.
#[derive(Clone)]
pub struct Stage {
    pub name: String,
    pub line: String,
    /// 0 for the first connection.
    pub connection: usize,
    /// How often this stage has come in this connection before.
    pub nth: usize,
}

type Script = dyn Fn(&Stage) -> Act + Send + Sync;

#[derive(Default)]
pub struct Seen {
    pub connections: usize,
    /// Messages whose final dot arrived and was not refused: the server has them, whether or not
    /// its answer got through.
    pub taken: Vec<Vec<u8>>,
    pub commands: Vec<String>,
    /// Bytes said to and heard from clients, and connections that were cut.
    pub said: usize,
    pub heard: usize,
    pub cut: usize,
    /// Nobody needs the server any more.
    closed: bool,
}

/// The server, until it is dropped.
pub struct Fake {
    pub port: u16,
    pub seen: Arc<Mutex<Seen>>,
}

/// Where connections end: after so many bytes of the server's or of the client's, in all but the
/// connections from `spare` on.
#[derive(Clone, Copy)]
pub struct Cut {
    pub server: usize,
    pub client: usize,
    pub spare: usize,
}

pub const NO_CUT: Cut = Cut {
    server: usize::MAX,
    client: usize::MAX,
    spare: 0,
};

impl Fake {
    pub fn start(
        extensions: &[&str],
        cut: Cut,
        script: impl Fn(&Stage) -> Act + Send + Sync + 'static,
    ) -> Fake {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let shared = seen.clone();
        let script: Arc<Script> = Arc::new(script);
        let ehlo = ["fake.example"].iter().chain(extensions).copied();
        let mut ehlo: Vec<String> = ehlo.map(|word| format!("250-{word}")).collect();
        let last = ehlo.pop().unwrap().replacen('-', " ", 1);
        ehlo.push(last);
        let ehlo = ehlo.join("\r\n");
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { return };
                let connection = {
                    let mut seen = shared.lock().unwrap();
                    if seen.closed {
                        return;
                    }
                    seen.connections += 1;
                    seen.connections - 1
                };
                let cut = if connection < cut.spare { cut } else { NO_CUT };
                let talk = Talk {
                    stream,
                    seen: shared.clone(),
                    script: script.clone(),
                    ehlo: ehlo.clone(),
                    connection,
                    may_send: cut.server,
                    may_read: cut.client,
                    input: Vec::new(),
                    counts: Vec::new(),
                };
                std::thread::spawn(move || talk.run());
            }
        });
        Fake { port, seen }
    }

    /// Does the usual thing always.
    pub fn usual(extensions: &[&str]) -> Fake {
        Fake::start(extensions, NO_CUT, |_| Act::Usual)
    }

    /// One act at the first time of one stage of the first connection, else the usual.
    pub fn once(extensions: &[&str], stage: &'static str, act: Act) -> Fake {
        Fake::start(extensions, NO_CUT, move |at| {
            match at.name == stage && at.nth == 0 && at.connection == 0 {
                true => act.clone(),
                false => Act::Usual,
            }
        })
    }

    pub fn taken(&self) -> usize {
        self.seen.lock().unwrap().taken.len()
    }

    pub fn connections(&self) -> usize {
        self.seen.lock().unwrap().connections
    }

    pub fn commands(&self) -> Vec<String> {
        self.seen.lock().unwrap().commands.clone()
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        if let Ok(mut seen) = self.seen.lock() {
            seen.closed = true;
        }
        // wakes the thread that waits for connections
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

struct Talk {
    stream: TcpStream,
    seen: Arc<Mutex<Seen>>,
    script: Arc<Script>,
    ehlo: String,
    connection: usize,
    may_send: usize,
    may_read: usize,
    input: Vec<u8>,
    counts: Vec<String>,
}

impl Talk {
    fn run(mut self) {
        let _ = self.stream.set_nodelay(true);
        let _ = self.stream.set_read_timeout(Some(Duration::from_secs(20)));
        let _ = self.session();
        if self.may_send == 0 || self.may_read == 0 {
            self.seen.lock().unwrap().cut += 1;
        }
        let _ = self.stream.shutdown(Shutdown::Both);
    }

    /// `None` is the end of the connection.
    fn session(&mut self) -> Option<()> {
        self.answer("connect", "", "220 fake.example ESMTP")?;
        loop {
            let line = self.until(b"\r\n")?;
            let line = String::from_utf8_lossy(&line).trim_end().to_owned();
            self.seen.lock().unwrap().commands.push(line.clone());
            let verb = line.split([' ', ':']).next().unwrap().to_ascii_uppercase();
            let ehlo = self.ehlo.clone();
            let said = match verb.as_str() {
                "EHLO" => self.answer("EHLO", &line, &ehlo)?,
                "HELO" => self.answer("HELO", &line, "250 fake")?,
                "MAIL" | "RCPT" | "RSET" => self.answer(&verb, &line, "250 2.0.0 ok")?,
                "DATA" => self.answer("DATA", &line, "354 go on")?,
                "QUIT" => {
                    self.answer("QUIT", &line, "221 bye")?;
                    return None;
                }
                _ => self.answer(&verb, &line, "502 what?")?,
            };
            if verb == "DATA" && said.starts_with("354") {
                self.body()?;
            }
        }
    }

    fn body(&mut self) -> Option<()> {
        // 354 is out; nobody answers this stage, but a script may act on it
        let stage = self.stage("content", "", true);
        let _ = (self.script)(&stage);
        let body = self.until(b"\r\n.\r\n")?;
        // taken unless the script refuses it: what the client learns of it is another matter
        let stage = self.stage("body", "", false);
        let act = (self.script)(&stage);
        if !matches!(act, Act::Say(word) | Act::SayAndClose(word) if !word.starts_with('2')) {
            self.seen.lock().unwrap().taken.push(body);
        }
        self.answer("body", "", "250 2.0.0 queued as 4711")?;
        Some(())
    }

    fn stage(&mut self, name: &str, line: &str, count: bool) -> Stage {
        let nth = self.counts.iter().filter(|seen| *seen == name).count();
        if count {
            self.counts.push(name.to_owned());
        }
        Stage {
            name: name.to_owned(),
            line: line.to_owned(),
            connection: self.connection,
            nth,
        }
    }

    fn answer(&mut self, name: &str, line: &str, usual: &str) -> Option<String> {
        let stage = self.stage(name, line, true);
        match (self.script)(&stage) {
            Act::Usual => self.say(usual),
            Act::Say(words) => self.say(words),
            Act::SayAndClose(words) => {
                self.say(words);
                None
            }
            Act::Close => None,
            Act::Then(deed) => {
                let said = self.say(usual);
                deed();
                said
            }
            Act::Stall => {
                // until the client goes away
                let mut rest = [0; 4096];
                while self.stream.read(&mut rest).is_ok_and(|count| count > 0) {}
                None
            }
        }
    }

    fn say(&mut self, words: &str) -> Option<String> {
        let bytes = format!("{words}\r\n").into_bytes();
        let count = bytes.len().min(self.may_send);
        self.may_send -= count;
        self.seen.lock().unwrap().said += count;
        self.stream.write_all(&bytes[..count]).ok()?;
        (self.may_send > 0).then(|| words.to_owned())
    }

    fn until(&mut self, end: &[u8]) -> Option<Vec<u8>> {
        loop {
            if let Some(at) = self.input.windows(end.len()).position(|part| part == end) {
                return Some(self.input.drain(..at + end.len()).collect());
            }
            if self.may_read == 0 {
                return None;
            }
            let mut bytes = [0; 4096];
            let room = bytes.len().min(self.may_read);
            let count = self
                .stream
                .read(&mut bytes[..room])
                .ok()
                .filter(|n| *n > 0)?;
            self.may_read -= count;
            self.seen.lock().unwrap().heard += count;
            self.input.extend_from_slice(&bytes[..count]);
        }
    }
}
