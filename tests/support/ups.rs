//! UPS as its specification has it, on a plain socket: every request is checked for what the
//! published OpenAPI documents demand, and answers come from a script.

use serde_json::{Value, json};
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How one request is answered.
#[derive(Clone, Debug)]
pub enum Reply {
    /// With this status and body.
    With(u16, String),
    /// Not at all: the connection stays open.
    Hang,
    /// With the beginning of a body that never ends.
    Stall,
    /// By closing the connection.
    Drop,
    /// To another place.
    Redirect(String),
}

/// One request.
#[derive(Clone, Debug)]
pub struct Request {
    /// Method and path.
    pub line: String,
    /// Headers, names in small letters.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Request {
    /// A header, empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("a JSON body")
    }
}

#[derive(Default)]
struct State {
    seen: Vec<Request>,
    wrong: Vec<String>,
    tokens: VecDeque<Reply>,
    transits: VecDeque<Reply>,
    tracks: VecDeque<Reply>,
    parcels: Vec<(String, Reply)>,
    arrives: String,
    leaving: Vec<(String, String)>,
    given: usize,
    revoked: Vec<String>,
}

/// The server. It ends with the test's process.
pub struct Ups {
    /// Where it listens.
    pub port: u16,
    state: Arc<Mutex<State>>,
}

/// A good answer of Time in Transit: next day, ground on `arrives`.
pub fn services(arrives: &str) -> String {
    let service = |level: &str, words: &str, day: &str| {
        json!({"serviceLevel": level, "serviceLevelDescription": words, "shipDate": "2025-06-03",
               "deliveryDate": day, "commitTime": "23:00:00", "deliveryTime": "23:00:00",
               "deliveryDayOfWeek": "FRI", "businessTransitDays": 3, "saturdayDeliveryDate": null})
    };
    json!({"validationList": null, "destinationPickList": null, "originPickList": null,
           "emsResponse": {"shipDate": "2025-06-03", "shipTime": "13:0:36", "serviceLevel": "A",
               "guaranteeSuspended": false, "numberOfServices": 2, "services": [
                   service("1DMS", "UPS Next Day Air® Early", "2025-06-04"),
                   service("GND", "UPS Ground", arrives)]}})
    .to_string()
}

/// An error of the gateway.
pub fn gateway(status: u16, code: &str, message: &str) -> Reply {
    let body = json!({"response": {"errors": [{"code": code, "message": message}]}});
    Reply::With(status, body.to_string())
}

impl Ups {
    /// Starts one where everything arrives on a day.
    pub fn start(arrives: &str) -> Ups {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let state = Arc::new(Mutex::new(State {
            arrives: arrives.to_owned(),
            ..State::default()
        }));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || serve(stream, &shared));
            }
        });
        Ups { port, state }
    }

    /// The table of the configuration that leads here.
    pub fn config(&self, more: &str) -> String {
        format!(
            "[promise]\nkind = \"ups\"\nserver = \"http://127.0.0.1:{}\"\nclient_id = \"shop-id\"\n\
             client_secret_file = \"keys/ups.secret\"\nbudget_seconds = 2\n{more}\n",
            self.port
        )
    }

    /// Scripts the next answers about tokens.
    pub fn tokens(&self, replies: &[Reply]) -> &Ups {
        self.state.lock().unwrap().tokens.extend(replies.to_vec());
        self
    }

    /// Scripts the next answers about transit.
    pub fn transits(&self, replies: &[Reply]) -> &Ups {
        self.state.lock().unwrap().transits.extend(replies.to_vec());
        self
    }

    /// Scripts the next answers about parcels.
    pub fn tracks(&self, replies: &[Reply]) -> &Ups {
        self.state.lock().unwrap().tracks.extend(replies.to_vec());
        self
    }

    /// What leaves on a day arrives on another one.
    pub fn leaving(&self, day: &str, arrives: &str) -> &Ups {
        let mut state = self.state.lock().unwrap();
        state.leaving.push((day.to_owned(), arrives.to_owned()));
        self
    }

    /// From now on this is what is said of a parcel, whenever the script of [`Ups::tracks`] is empty.
    pub fn parcel(&self, number: &str, reply: Reply) -> &Ups {
        let mut state = self.state.lock().unwrap();
        state.parcels.insert(0, (number.to_owned(), reply));
        self
    }

    /// Every token given so far is answered with 401 from now on.
    pub fn revoke(&self) {
        let mut state = self.state.lock().unwrap();
        let all = (1..=state.given).map(|n| format!("Bearer token-{n}"));
        state.revoked = all.collect();
    }

    /// The requests since this was last asked, of a path that has `part`.
    pub fn seen(&self, part: &str) -> Vec<Request> {
        let state = self.state.lock().unwrap();
        assert!(state.wrong.is_empty(), "{:#?}", state.wrong);
        let seen = state.seen.iter().filter(|one| one.line.contains(part));
        seen.cloned().collect()
    }
}

fn serve(stream: TcpStream, state: &Mutex<State>) {
    let mut reader = BufReader::new(stream.try_clone().expect("a socket"));
    let mut stream = stream;
    while let Some(request) = read(&mut reader) {
        let reply = {
            let mut state = state.lock().unwrap();
            let wrong = check(&request);
            state.wrong.extend(wrong);
            state.seen.push(request.clone());
            answer(&mut state, &request)
        };
        match reply {
            Reply::With(status, body) => {
                let head = format!(
                    "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
                    body.len()
                );
                if stream.write_all((head + &body).as_bytes()).is_err() {
                    return;
                }
            }
            Reply::Hang => std::thread::sleep(Duration::from_secs(600)),
            Reply::Stall => {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{");
                std::thread::sleep(Duration::from_secs(600));
            }
            Reply::Drop => return,
            Reply::Redirect(to) => {
                let head = format!("HTTP/1.1 302 X\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n");
                let _ = stream.write_all(head.as_bytes());
            }
        }
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|n| *n > 0)?;
    let mut headers = Vec::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim().split_once(':') else {
            break;
        };
        headers.push((name.to_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length: usize = length.map_or(0, |(_, value)| value.parse().unwrap_or(0));
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request {
        line: line.trim_end_matches(" HTTP/1.1\r\n").to_owned(),
        headers,
        body: String::from_utf8(body).ok()?,
    })
}

fn answer(state: &mut State, request: &Request) -> Reply {
    if request.line.contains("/security/") {
        return state.tokens.pop_front().unwrap_or_else(|| {
            state.given += 1;
            let body = json!({"token_type": "Bearer", "issued_at": "1665748432802", "client_id": "shop-id",
                "access_token": format!("token-{}", state.given), "scope": "", "expires_in": "14399",
                "refresh_count": "0", "status": "approved"});
            Reply::With(200, body.to_string())
        });
    }
    let token = request.header("authorization").to_owned();
    if state.revoked.contains(&token) {
        return gateway(401, "250002", "Invalid Authentication Information.");
    }
    if request.line.contains("/track/") {
        let of = |(number, _): &&(String, Reply)| request.line.contains(number.as_str());
        let known = state.parcels.iter().find(of).map(|(_, reply)| reply);
        let known = known.cloned();
        let next = state.tracks.pop_front().or(known);
        return next.unwrap_or_else(|| gateway(404, "TW0001", "Tracking Information Not Found"));
    }
    let of = |(day, _): &&(String, String)| request.json()["shipDate"] == day.as_str();
    let known = state.leaving.iter().find(of);
    let arrives = known.map_or(&state.arrives, |(_, arrives)| arrives);
    let good = Reply::With(200, services(arrives));
    state.transits.pop_front().unwrap_or(good)
}

/// What the published OpenAPI documents demand of a request.
fn check(request: &Request) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut must = |fine: bool, what: &str| {
        if !fine {
            wrong.push(format!("{}: {what}: {request:?}", request.line));
        }
    };
    if request.line.starts_with("POST /security/") {
        must(request.line == "POST /security/v1/oauth/token", "path");
        // shop-id:hunter2
        must(
            request.header("authorization") == "Basic c2hvcC1pZDpodW50ZXIy",
            "Basic",
        );
        let form = "application/x-www-form-urlencoded";
        must(request.header("content-type") == form, "content type");
        must(request.body == "grant_type=client_credentials", "form");
        return wrong;
    }
    must(
        request.header("authorization").starts_with("Bearer "),
        "Bearer",
    );
    must(request.header("transid").len() == 32, "transId");
    let source = request.header("transactionsrc").len();
    must((1..=512).contains(&source), "transactionSrc");
    if request.line.starts_with("GET /api/track/v1/details/") {
        return wrong;
    }
    must(
        request.line == "POST /api/shipments/v1/transittimes",
        "path",
    );
    must(
        request.header("content-type") == "application/json",
        "content type",
    );
    check_body(&request.json(), &mut must);
    wrong
}

/// What the schema `TimeInTransitRequest` and its text demand within the US.
fn check_body(body: &Value, must: &mut impl FnMut(bool, &str)) {
    for (field, least, most) in [
        ("originCountryCode", 2, 2),
        ("destinationCountryCode", 2, 2),
        ("originPostalCode", 5, 10),
        ("destinationPostalCode", 5, 10),
        ("residentialIndicator", 2, 2),
        ("shipDate", 10, 10),
    ] {
        let length = body[field].as_str().map_or(0, str::len);
        must((least..=most).contains(&length), field);
    }
    for (field, value) in body.as_object().into_iter().flatten() {
        let known = [
            "origin",
            "destination",
            "residentialIndicator",
            "shipDate",
            "avvFlag",
            "numberOfPackages",
        ];
        must(known.iter().any(|k| field.starts_with(k)), "unknown field");
        must(
            value
                .as_str()
                .is_none_or(|text| (1..=50).contains(&text.len())),
            field,
        );
    }
    must(body["numberOfPackages"].is_i64(), "numberOfPackages");
    must(body["avvFlag"].is_boolean(), "avvFlag");
}
