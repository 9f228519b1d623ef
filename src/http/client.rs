//! The client of one service.

use super::{Endpoint, Failure, HttpAnswer, Reason, innermost};
use crate::clock;
use crate::files;
use reqwest::Url;
use reqwest::blocking::{Client, RequestBuilder};
use reqwest::header::HeaderValue;
use reqwest::redirect::Policy;
use secrecy::{ExposeSecret, SecretString};
use std::time::{Duration, Instant};

/// The bounds of a call: time and bytes.
#[derive(Clone, Copy, Debug)]
pub struct CallLimits {
    /// The longest that one call takes, from the look-up of the name to the last byte.
    pub one_call: Duration,
    /// When all calls end.
    pub deadline: Option<Instant>,
    /// The longest answer that is read, in bytes; a longer one is refused, not cut.
    pub longest_answer: u64,
    /// Whether a connection serves several requests. One that broke while it was idle is found out
    /// by a request, of which it is then unknown whether it was taken: not for what must not be
    /// done twice.
    pub keep_connections: bool,
}

/// A client of one service. No `Debug`: its address may be a secret.
pub struct HttpClient {
    http: Client,
    base: Url,
    limits: CallLimits,
}

/// One request. No `Debug`: it leads to secrets.
pub struct Request<'a> {
    /// Segments of the path below the service's address; they are escaped.
    pub path: &'a [&'a str],
    /// The query.
    pub query: &'a [(&'a str, &'a str)],
    /// Beside those of the body and of who asks.
    pub headers: &'a [(&'a str, &'a str)],
    /// The proof with which a caller asks.
    pub auth: Auth<'a>,
    /// What is sent: a GET without, a POST with.
    pub body: Body<'a>,
    /// The same key for the same act, so that the service does once what is sent twice
    /// (`Idempotency-Key`, draft-ietf-httpapi-idempotency-key-header).
    pub idempotency_key: Option<&'a str>,
}

/// The proof with which a caller asks.
#[derive(Clone, Copy)]
pub enum Auth<'a> {
    /// Nobody in particular, or the address says it.
    None,
    /// RFC 7617: name and password.
    Basic(&'a str, &'a SecretString),
    /// RFC 6750.
    Bearer(&'a SecretString),
    /// A token in a header of the service's own.
    Header(&'a str, &'a SecretString),
}

/// The body of a request.
#[derive(Clone, Copy)]
pub enum Body<'a> {
    /// Nothing: a GET.
    Empty,
    /// JSON: a POST.
    Json(&'a [u8]),
    /// `application/x-www-form-urlencoded`: a POST.
    Form(&'a [(&'a str, &'a str)]),
    /// One file: a POST.
    File(BodyFile<'a>),
    /// `multipart/form-data` (RFC 7578), a field a file: a POST.
    Files(&'a [BodyFile<'a>]),
}

/// A file in a body.
#[derive(Clone, Copy)]
pub struct BodyFile<'a> {
    /// The field's name, where there are several.
    pub field: &'a str,
    /// The file's name, where there are several.
    pub name: &'a str,
    /// Its media type.
    pub media_type: &'a str,
    /// All of it.
    pub bytes: &'a [u8],
}

/// The files as a form, whole: what streams is handed over by a thread of its own, whose failure hides that the
/// server could not be reached. The names are our own and need no quoting.
fn multipart(files: &[BodyFile<'_>], boundary: &str) -> Vec<u8> {
    let mut form = Vec::new();
    for file in files {
        let BodyFile {
            field,
            name,
            media_type,
            bytes,
        } = file;
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
             Content-Type: {media_type}\r\n\r\n"
        );
        form.extend_from_slice(head.as_bytes());
        form.extend_from_slice(bytes);
        form.extend_from_slice(b"\r\n");
    }
    form.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    form
}

impl<'a> Request<'a> {
    /// A question.
    pub fn get(path: &'a [&'a str], query: &'a [(&'a str, &'a str)]) -> Request<'a> {
        Request {
            path,
            query,
            headers: &[],
            auth: Auth::None,
            body: Body::Empty,
            idempotency_key: None,
        }
    }

    /// A body of JSON.
    pub fn post_json(path: &'a [&'a str], body: &'a [u8]) -> Request<'a> {
        Request {
            body: Body::Json(body),
            ..Request::get(path, &[])
        }
    }
}

impl HttpClient {
    /// Looks the host up and prepares TLS; sends nothing.
    ///
    /// # Errors
    /// Why the service may not be asked, in words; never more of its address than the host.
    pub fn new(endpoint: &Endpoint, limits: CallLimits) -> Result<HttpClient, String> {
        let now = Instant::now();
        let left = limits
            .deadline
            .map_or(limits.one_call, |end| end.saturating_duration_since(now));
        let addresses = endpoint.addresses(limits.one_call.min(left))?;
        let mut builder = Client::builder()
            .https_only(endpoint.base.scheme() == "https")
            .tls_version_min(reqwest::tls::Version::TLS_1_2)
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .referer(false)
            .connect_timeout(limits.one_call.min(Duration::from_secs(30)))
            // the addresses that were judged, and no others
            .resolve_to_addrs(endpoint.bare_host(), &addresses)
            .user_agent(concat!("poms/", env!("CARGO_PKG_VERSION")));
        if !limits.keep_connections {
            builder = builder.pool_max_idle_per_host(0);
        }
        if let Some(path) = &endpoint.ca_file {
            let wrong = |why: String| format!("cannot use {}: {why}", path.display());
            let pem = files::read(path, files::LARGEST_KEY);
            let pem = pem.map_err(|fault| wrong(fault.to_string()))?;
            let all = reqwest::Certificate::from_pem_bundle(&pem);
            builder = builder.tls_certs_only(all.map_err(|fault| wrong(innermost(&fault)))?);
        }
        Ok(HttpClient {
            http: builder.build().map_err(|fault| innermost(&fault))?,
            base: endpoint.base.clone(),
            limits,
        })
    }

    /// Sends one request, once.
    ///
    /// # Errors
    /// When no whole answer came; an answer of any status is none.
    pub fn send(&self, request: &Request<'_>) -> Result<HttpAnswer, Failure> {
        let mut left = self.limits.one_call;
        if let Some(end) = self.limits.deadline {
            left = left.min(end.saturating_duration_since(Instant::now()));
        }
        if left.is_zero() {
            return Err(Failure::NotSent(Reason::Late));
        }
        let sent = self.built(request)?.timeout(left).send();
        let response = sent.map_err(|fault| {
            let reason = Reason::of(&fault);
            // only a connection that never stood is certain; TLS is part of making it
            match fault.is_connect() || fault.is_builder() {
                true => Failure::NotSent(reason),
                false => Failure::Unknown(reason),
            }
        })?;
        HttpAnswer::of(response, self.limits.longest_answer).map_err(Failure::Unknown)
    }

    fn built(&self, request: &Request<'_>) -> Result<RequestBuilder, Failure> {
        let url = self.url(request)?;
        let mut built = match request.body {
            Body::Empty => self.http.get(url),
            Body::Json(bytes) => {
                let post = self
                    .http
                    .post(url)
                    .header("Content-Type", "application/json");
                post.body(bytes.to_vec())
            }
            Body::Form(fields) => self.http.post(url).form(fields),
            Body::File(file) => {
                let post = self.http.post(url).header("Content-Type", file.media_type);
                post.body(file.bytes.to_vec())
            }
            Body::Files(files) => {
                let boundary = format!("poms-{}", clock::hex(&clock::random::<16>()));
                let kind = format!("multipart/form-data; boundary={boundary}");
                let post = self.http.post(url).header("Content-Type", kind);
                post.body(multipart(files, &boundary))
            }
        };
        built = match request.auth {
            Auth::None => built,
            Auth::Basic(name, secret) => built.basic_auth(name, Some(secret.expose_secret())),
            Auth::Bearer(token) => built.bearer_auth(token.expose_secret()),
            Auth::Header(name, token) => {
                // never shown, also not by what logs headers
                let mut value = HeaderValue::from_str(token.expose_secret()).map_err(|_| {
                    let why = "the token has characters that no header may have".to_owned();
                    Failure::NotSent(Reason::Broken(why))
                })?;
                value.set_sensitive(true);
                built.header(name, value)
            }
        };
        if let Some(key) = request.idempotency_key {
            built = built.header("Idempotency-Key", key);
        }
        for (name, value) in request.headers {
            built = built.header(*name, *value);
        }
        let named = |(name, _): &(&str, &str)| name.eq_ignore_ascii_case("Accept");
        match request.headers.iter().any(named) {
            true => Ok(built),
            false => Ok(built.header("Accept", "application/json")),
        }
    }

    /// The service's address with path and query of the request added.
    fn url(&self, request: &Request<'_>) -> Result<Url, Failure> {
        let mut url = self.base.clone();
        if !request.path.is_empty() {
            let mut path = url.path_segments_mut().map_err(|()| {
                let why = "the address is none of a server".to_owned();
                Failure::NotSent(Reason::Broken(why))
            })?;
            path.pop_if_empty().extend(request.path);
        }
        if !request.query.is_empty() {
            url.query_pairs_mut().extend_pairs(request.query);
        }
        Ok(url)
    }
}
