//! An IMAP server in this process that does as it is told: it breaks off after so many bytes, and
//! it lies. It knows what poms needs and answers BAD to everything else.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};

/// What the server does when the body of one message is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stumble {
    /// Ends the connection before it.
    Close,
    /// Takes leave before it.
    Bye,
    /// Ends the connection in the middle of it.
    Half,
    /// Says nothing more, and keeps the connection.
    Stall,
    /// Refuses the whole command.
    No,
    /// Does not understand the whole command.
    Bad,
    /// Leaves it out, and says that all went well.
    Nothing,
    /// Sends it byte by byte, so slowly that it never ends.
    Dribble,
    /// Sends it under the UID before.
    WrongUid,
    /// Sends it and then another under the same UID.
    Twice,
    /// Sends it under its older name, with the UID behind it.
    OldName,
}

/// What it has, and how it behaves.
#[derive(Default)]
pub struct State {
    pub validity: u32,
    /// The inbox, by UID.
    pub inbox: Vec<(u32, Vec<u8>)>,
    /// What was moved, with the folder it went to.
    pub filed: Vec<(String, Vec<u8>)>,
    pub folders: Vec<String>,
    pub capabilities: &'static str,
    pub greeting: &'static str,
    /// Breaks off after so many bytes more, once.
    pub cut: Option<usize>,
    /// Breaks off after having read so many bytes more, once.
    pub deaf: Option<usize>,
    /// Bytes sent, and bytes read.
    pub sent: usize,
    pub heard: usize,
    /// Commands, without their tags.
    pub commands: Vec<String>,
    /// For commands that contain the first text, the second as the answer; `{tag}` is the tag.
    pub lies: Vec<(&'static str, Vec<u8>)>,
    /// At the body of these UIDs it stumbles, whenever they are asked for.
    pub stumbles: Vec<(u32, Stumble)>,
    /// Ends the connection after a lie.
    pub hang_up: bool,
    /// The tag of an AUTHENTICATE that was answered with a challenge, and what it gets in the end.
    pub challenged: Option<String>,
    pub verdict: &'static str,
    pub connections: usize,
    /// Nobody needs the server any more.
    closed: bool,
}

/// The server, until it is dropped.
pub struct Fake {
    pub port: u16,
    state: Arc<Mutex<State>>,
}

impl Fake {
    pub fn start(messages: &[Vec<u8>]) -> Fake {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("its number").port();
        let inbox = messages.iter().enumerate();
        let state = Arc::new(Mutex::new(State {
            validity: 7,
            inbox: inbox
                .map(|(n, content)| (10 + u32::try_from(n).expect("few"), content.clone()))
                .collect(),
            capabilities: "IMAP4rev1 AUTH=PLAIN SASL-IR MOVE UIDPLUS NAMESPACE",
            greeting: "* OK ready\r\n",
            ..State::default()
        }));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if shared.lock().is_ok_and(|state| state.closed) {
                    return;
                }
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || serve(stream, &shared));
            }
        });
        Fake { port, state }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("the state")
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        if let Ok(mut state) = self.state.lock() {
            state.closed = true;
        }
        // wakes the thread that waits for connections
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn serve(mut stream: TcpStream, shared: &Mutex<State>) {
    let _ = stream.set_nodelay(true);
    let stream_in = stream.try_clone().expect("a socket");
    let mut lines = BufReader::new(Ear {
        stream: stream_in,
        shared,
    });
    let greeting = {
        let mut state = shared.lock().expect("the state");
        state.connections += 1;
        state.greeting
    };
    if !send(&mut stream, shared, greeting.as_bytes()) {
        return;
    }
    let mut line = String::new();
    while lines.read_line(&mut line).is_ok_and(|count| count > 0) {
        if !line.ends_with('\n') {
            break;
        }
        let (tag, command) = line
            .trim_end()
            .split_once(' ')
            .unwrap_or((line.trim_end(), ""));
        if tag == "BYE" {
            return;
        }
        let answer = answer(&mut shared.lock().expect("the state"), tag, command);
        let lied = {
            let state = shared.lock().expect("the state");
            state.hang_up && state.lies.iter().any(|(part, _)| command.contains(part))
        };
        let at = stumble(&shared.lock().expect("the state"), command);
        if at == Some(Stumble::Stall) {
            send(&mut stream, shared, &answer);
            // until the other side loses its patience
            let _ = lines.read_line(&mut String::new());
            return;
        }
        if at == Some(Stumble::Dribble) {
            send(&mut stream, shared, &answer);
            while stream.write_all(b"x").is_ok() {
                std::thread::sleep(std::time::Duration::from_millis(100));
            }
            return;
        }
        let ends = matches!(at, Some(Stumble::Close | Stumble::Bye | Stumble::Half));
        if !send(&mut stream, shared, &answer) || lied || ends {
            let _ = stream.shutdown(Shutdown::Both);
            return;
        }
        line.clear();
    }
    let _ = stream.shutdown(Shutdown::Both);
}

/// Hears as much as it may.
struct Ear<'a> {
    stream: TcpStream,
    shared: &'a Mutex<State>,
}

impl Read for Ear<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> std::io::Result<usize> {
        let count = self.stream.read(bytes)?;
        let mut state = self.shared.lock().expect("the state");
        let heard = match state.deaf {
            Some(left) if left < count => {
                state.deaf = None;
                let _ = self.stream.shutdown(Shutdown::Both);
                left
            }
            left => {
                state.deaf = left.map(|left| left - count);
                count
            }
        };
        state.heard += heard;
        Ok(heard)
    }
}

fn send(stream: &mut TcpStream, shared: &Mutex<State>, bytes: &[u8]) -> bool {
    let mut state = shared.lock().expect("the state");
    let whole = match &mut state.cut {
        Some(left) if *left < bytes.len() => {
            let part = *left;
            state.cut = None;
            drop(state);
            let _ = stream.write_all(&bytes[..part]);
            let _ = stream.shutdown(Shutdown::Both);
            return false;
        }
        Some(left) => {
            *left -= bytes.len();
            bytes
        }
        None => bytes,
    };
    state.sent += whole.len();
    drop(state);
    stream.write_all(whole).is_ok()
}

fn answer(state: &mut State, tag: &str, command: &str) -> Vec<u8> {
    state.commands.push(command.to_owned());
    if let Some(challenged) = state.challenged.take() {
        state.commands.push(tag.to_owned());
        return format!("{challenged} {}\r\n", state.verdict).into_bytes();
    }
    let mut lies = state.lies.iter();
    if let Some((_, lie)) = lies.find(|(part, _)| command.contains(part)) {
        if lie.starts_with(b"+ ") {
            state.challenged = Some(tag.to_owned());
        }
        return replace(lie, b"{tag}", tag.as_bytes());
    }
    let mut out = Vec::new();
    if !usual(state, command, &mut out) {
        return format!("{tag} BAD what is '{command}'?\r\n").into_bytes();
    }
    let last = match stumble(state, command) {
        Some(Stumble::Bye) => "* BYE too busy\r\n".to_owned(),
        Some(Stumble::Close | Stumble::Half | Stumble::Stall | Stumble::Dribble) => String::new(),
        Some(Stumble::No) => format!("{tag} NO [SERVERBUG] internal error\r\n"),
        Some(Stumble::Bad) => format!("{tag} BAD Command Error. 12\r\n"),
        _ => format!("{tag} OK done\r\n"),
    };
    out.extend_from_slice(last.as_bytes());
    out
}

/// The untagged part of an honest answer; `false` when the command is not known.
fn usual(state: &mut State, command: &str, out: &mut Vec<u8>) -> bool {
    let words: Vec<&str> = command.split(' ').collect();
    match words.as_slice() {
        ["CAPABILITY"] => {
            out.extend_from_slice(format!("* CAPABILITY {}\r\n", state.capabilities).as_bytes())
        }
        ["NOOP" | "SUBSCRIBE", ..] | ["AUTHENTICATE" | "LOGIN", ..] => {}
        ["SELECT", "INBOX"] => out.extend_from_slice(
            format!(
                "* {} EXISTS\r\n* FLAGS (\\Seen \\Deleted)\r\n* OK [UIDVALIDITY {}] of now\r\n",
                state.inbox.len(),
                state.validity
            )
            .as_bytes(),
        ),
        ["UID", "SEARCH", ..] => {
            let uids: String = state
                .inbox
                .iter()
                .map(|(uid, _)| format!(" {uid}"))
                .collect();
            out.extend_from_slice(format!("* SEARCH{uids}\r\n").as_bytes());
        }
        ["UID", "FETCH", set, ..] => fetch(state, set, command, out),
        ["NAMESPACE"] => out.extend_from_slice(b"* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n"),
        ["LIST", _, name] if state.folders.iter().any(|folder| folder == name) => {
            out.extend_from_slice(format!("* LIST () \"/\" {name}\r\n").as_bytes());
        }
        ["LIST", ..] => {}
        ["CREATE", name] => state.folders.push((*name).to_owned()),
        ["UID", "MOVE", set, folder] if state.folders.iter().any(|known| known == folder) => {
            let (gone, stay) = std::mem::take(&mut state.inbox)
                .into_iter()
                .partition(|(uid, _)| covers(set, *uid));
            state.inbox = stay;
            let gone: Vec<(u32, Vec<u8>)> = gone;
            out.extend(gone.iter().flat_map(|_| *b"* 1 EXPUNGE\r\n"));
            let filed = gone
                .into_iter()
                .map(|(_, content)| ((*folder).to_owned(), content));
            state.filed.extend(filed);
        }
        _ => return false,
    }
    true
}

/// How the server stumbles over a command, if it does.
fn stumble(state: &State, command: &str) -> Option<Stumble> {
    let words: Vec<&str> = command.split(' ').collect();
    let ["UID", "FETCH", set, ..] = words.as_slice() else {
        return None;
    };
    let there = |uid: u32| state.inbox.iter().any(|(known, _)| *known == uid);
    let mut at = state.stumbles.iter();
    let met = at.find(|(uid, _)| command.contains("BODY") && there(*uid) && covers(set, *uid));
    met.map(|(_, how)| *how)
}

/// What is sent of a message at which the server stumbles; whether it goes on behind it.
fn stumbled(how: Stumble, seq: usize, (uid, content): (u32, &[u8]), out: &mut Vec<u8>) -> bool {
    let begun = |uid: u32, content: &[u8]| {
        format!("* {seq} FETCH (UID {uid} BODY[] {{{}}}\r\n", content.len()).into_bytes()
    };
    let whole = |uid: u32, content: &[u8]| [&begun(uid, content), content, b")\r\n"].concat();
    let sent = match how {
        Stumble::Nothing => Vec::new(),
        Stumble::WrongUid => whole(uid - 1, content),
        Stumble::Twice => {
            let other = b"From: x@shop.example\r\n\r\nanother\r\n";
            [whole(uid, content), whole(uid, other)].concat()
        }
        Stumble::OldName => {
            let head = format!("* {seq} FETCH (RFC822 {{{}}}\r\n", content.len());
            let behind = format!(" UID {uid})\r\n");
            [head.as_bytes(), content, behind.as_bytes()].concat()
        }
        Stumble::Dribble => begun(uid, content),
        Stumble::Half => [&begun(uid, content), &content[..content.len() / 2]].concat(),
        _ => return false,
    };
    out.extend(sent);
    !matches!(how, Stumble::Dribble | Stumble::Half)
}

fn fetch(state: &State, set: &str, command: &str, out: &mut Vec<u8>) {
    for (place, (uid, content)) in state
        .inbox
        .iter()
        .enumerate()
        .filter(|(_, (uid, _))| covers(set, *uid))
    {
        let seq = place + 1;
        if let Some(how) = stumble(state, command)
            && state.stumbles.contains(&(*uid, how))
        {
            match stumbled(how, seq, (*uid, content), out) {
                true => continue,
                false => return,
            }
        }
        if command.contains("BODY.PEEK[]<") {
            let part = command.split(['<', '>']).nth(1).expect("a part");
            let (offset, length) = part.split_once('.').expect("offset and length");
            let from = offset
                .parse::<usize>()
                .expect("a number")
                .min(content.len());
            let to = (from + length.parse::<usize>().expect("a number")).min(content.len());
            let part = &content[from..to];
            out.extend_from_slice(
                format!(
                    "* {seq} FETCH (UID {uid} BODY[]<{offset}> {{{}}}\r\n",
                    part.len()
                )
                .as_bytes(),
            );
            out.extend_from_slice(part);
            out.extend_from_slice(b")\r\n");
        } else if command.contains("BODY.PEEK[]") {
            out.extend_from_slice(
                format!("* {seq} FETCH (UID {uid} BODY[] {{{}}}\r\n", content.len()).as_bytes(),
            );
            out.extend_from_slice(content);
            out.extend_from_slice(b")\r\n");
        } else {
            out.extend_from_slice(
                format!(
                    "* {seq} FETCH (UID {uid} RFC822.SIZE {})\r\n",
                    content.len()
                )
                .as_bytes(),
            );
        }
    }
}

fn covers(set: &str, uid: u32) -> bool {
    set.split(',').any(|part| {
        let (from, to) = part.split_once(':').unwrap_or((part, part));
        let number = |text: &str| text.parse::<u32>().expect("a UID");
        (number(from)..=number(to)).contains(&uid)
    })
}

fn replace(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    match text.windows(from.len()).position(|part| part == from) {
        Some(at) => [&text[..at], to, &text[at + from.len()..]].concat(),
        None => text.to_vec(),
    }
}
