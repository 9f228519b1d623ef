//! The one HTTP client before servers that answer as they like: what it promises whoever asks by it.

use poms::http::{
    Auth, CallLimits, Credentials, Endpoint, Failure, Hosts, HttpClient, Reason, Request,
    SettingNames, TokenFault, TokenScheme, Tokens,
};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

const MOST: u64 = 1000;

/// A server that gives each connection the next of the answers; what it was asked comes by the channel.
fn server(answers: Vec<&'static str>) -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, asked) = channel();
    std::thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut bytes = [0; 4096];
            let mut request = String::new();
            while !request.contains("\r\n\r\n") {
                let count = stream.read(&mut bytes).unwrap();
                request.push_str(&String::from_utf8_lossy(&bytes[..count]));
            }
            // who asks may be gone by then
            let _ = stream.write_all(answer.as_bytes());
            let _ = stream.shutdown(Shutdown::Write);
            let _ = sender.send(request);
            if answer.is_empty() {
                // hangs up without a word
                continue;
            }
            let _ = stream.read(&mut bytes);
        }
    });
    (port, asked)
}

fn endpoint(port: u16) -> Endpoint {
    Endpoint {
        base: format!("http://127.0.0.1:{port}/v1/").parse().unwrap(),
        hosts: Hosts::Public,
        allow_plaintext: false,
        ca_file: None,
        settings: SettingNames {
            base: "service.base_url",
            hosts: "service.allow_private",
        },
    }
}

fn client(port: u16) -> HttpClient {
    let limits = CallLimits {
        one_call: Duration::from_secs(10),
        deadline: None,
        longest_answer: MOST,
        keep_connections: false,
    };
    HttpClient::new(&endpoint(port), limits).unwrap()
}

fn ask(answer: &'static str) -> Result<(u16, Vec<u8>), Failure> {
    let (port, _asked) = server(vec![answer]);
    let answer = client(port).send(&Request::get(&["thing"], &[]))?;
    Ok((answer.status, answer.body))
}

#[test]
fn an_answer_is_whole_or_none() {
    let whole = ask("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    assert_eq!(whole.unwrap(), (200, b"ok".to_vec()));
    // a status is an answer, whatever it says, and nobody is followed
    let moved =
        ask("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(moved.unwrap().0, 302);
    let cut = ask("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"id\":");
    assert!(
        matches!(cut, Err(Failure::Unknown(Reason::Broken(_)))),
        "{cut:?}"
    );
    let silent = ask("");
    assert!(matches!(silent, Err(Failure::Unknown(_))), "{silent:?}");
    let long: &'static str = Box::leak(
        format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(MOST as usize + 1)).into_boxed_str(),
    );
    assert_eq!(ask(long), Err(Failure::Unknown(Reason::TooLong(MOST))));
}

#[test]
fn a_request_that_found_nobody_was_not_sent() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let failure = client(port)
        .send(&Request::get(&["secret-path"], &[]))
        .err()
        .unwrap();
    assert!(matches!(failure, Failure::NotSent(_)), "{failure:?}");
    assert!(!failure.to_string().contains("secret-path"), "{failure}");
    let over = CallLimits {
        one_call: Duration::from_secs(10),
        deadline: Some(Instant::now()),
        longest_answer: MOST,
        keep_connections: false,
    };
    let client = HttpClient::new(&endpoint(port), over).unwrap();
    let failure = client.send(&Request::get(&[], &[])).err().unwrap();
    assert_eq!(failure, Failure::NotSent(Reason::Late));
}

#[test]
fn what_is_asked_stands_in_the_request_once_and_escaped() {
    let (port, asked) = server(vec![
        "HTTP/1.1 201 Created\r\nRetry-After: 90\r\nContent-Length: 0\r\n\r\n",
    ]);
    let password = "p".to_owned().into();
    let request = Request {
        headers: &[("X-Shop", "1")],
        auth: Auth::Basic("us", &password),
        idempotency_key: Some("order-W1"),
        ..Request::post_json(&["orders", "a/../b"], b"{}")
    };
    let answer = client(port).send(&request).unwrap();
    assert_eq!(answer.retry_after, Some(Duration::from_secs(90)));
    let asked = asked.recv().unwrap().to_lowercase();
    for line in [
        "post /v1/orders/a%2f..%2fb http/1.1\r\n",
        "idempotency-key: order-w1\r\n",
        "authorization: basic dxm6ca==\r\n",
        "x-shop: 1\r\n",
        "content-type: application/json\r\n",
    ] {
        assert!(asked.contains(line), "{line} in {asked}");
    }
}

#[test]
fn a_token_that_is_refused_is_renewed_once() {
    let token = |name: &str| -> &'static str {
        let body = format!("{{\"access_token\":\"{name}\",\"expires_in\":\"3600\"}}");
        let length = body.len();
        Box::leak(
            format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}").into_boxed_str(),
        )
    };
    let no = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";
    let (port, asked) = server(vec![
        token("one"),
        no,
        token("two"),
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        // the next client finds the second token in the file
        no,
        "HTTP/1.1 400 Bad\r\nContent-Length: 3\r\n\r\nbad",
    ]);
    let folder = tempfile::tempdir().unwrap();
    let credentials = Credentials {
        service: "Example",
        scheme: TokenScheme::Bearer,
        path: &["token"],
        headers: Vec::new(),
        of: "example".to_owned(),
        client_id: "app".to_owned(),
        secret: std::sync::Arc::new(|| Ok("s".to_owned().into())),
        file: folder.path().join("token"),
    };
    let now = poms::clock::parse("2025-06-02T10:00:00Z").unwrap();
    let (client, question) = (client(port), Request::get(&["q"], &[]));
    let tokens = Tokens::new(credentials.clone(), now);
    assert_eq!(tokens.send(&client, &question).unwrap().status, 200);
    let refused = Tokens::new(credentials, now).send(&client, &question);
    assert!(matches!(refused, Err(TokenFault::Refused(400, _))));
    let bearers: Vec<String> = asked
        .try_iter()
        .filter_map(|request| {
            let line = request
                .lines()
                .find(|line| line.to_lowercase().contains("bearer"))?;
            Some(line.rsplit(' ').next()?.to_owned())
        })
        .collect();
    assert_eq!(bearers, ["one", "two", "two"]);
}
