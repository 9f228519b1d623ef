//! One question or act at a shop of WooCommerce (REST API v3). What is no JSON is no answer: shops send pages of
//! maintenance, of firewalls and of logins under any status.

use super::WooCommerceSettings;
use crate::domain::text::line;
use crate::http::{Auth, Body, CallLimits, HttpAnswer, HttpClient, Request};
use crate::shops::{LONGEST_ANSWER, ShopFault, refusal};
use secrecy::SecretString;
use serde_json::Value;

/// The way to one shop within one run. No `Debug`: it leads to a secret.
pub(super) struct WooCommerceApi {
    http: HttpClient,
    key: String,
    secret: SecretString,
    shop: String,
}

impl WooCommerceApi {
    /// Looks the host up and reads the secret; asks nothing yet.
    ///
    /// # Errors
    /// Why it may not be asked.
    pub(super) fn open(settings: &WooCommerceSettings) -> Result<WooCommerceApi, ShopFault> {
        let limits = CallLimits {
            one_call: settings.timeout,
            deadline: settings.deadline,
            longest_answer: LONGEST_ANSWER,
            // an idle one that the shop has closed would fail the next question
            keep_connections: false,
        };
        let secret = (settings.consumer_secret)()
            .map_err(|why| ShopFault::lasting(why, "see to consumer_secret"))?;
        let http = HttpClient::new(&settings.endpoint, limits).map_err(|why| {
            ShopFault::passing(format!("{} cannot be asked: {why}", settings.shop))
        })?;
        Ok(WooCommerceApi {
            http,
            key: settings.consumer_key.clone(),
            secret,
            shop: settings.shop.clone(),
        })
    }

    /// Asks for what lies at `path` below `wp-json`.
    ///
    /// # Errors
    /// That it is not to be had.
    pub(super) fn get(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<WooCommerceAnswer, ShopFault> {
        self.send(path, query, Body::Empty)
    }

    /// Posts JSON.
    ///
    /// # Errors
    /// That it was not taken; `Unknown` where it may have been.
    pub(super) fn post(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
        json: &[u8],
    ) -> Result<WooCommerceAnswer, ShopFault> {
        self.send(path, query, Body::Json(json))
    }

    fn send(
        &self,
        below: &[&str],
        query: &[(&str, &str)],
        body: Body<'_>,
    ) -> Result<WooCommerceAnswer, ShopFault> {
        let mut path = vec!["wp-json"];
        path.extend(below);
        let answer = self.http.send(&Request {
            auth: Auth::Basic(&self.key, &self.secret),
            body,
            ..Request::get(&path, query)
        });
        let answer = answer.map_err(|failure| ShopFault::of_failure(&self.shop, &failure))?;
        read(&self.shop, answer)
    }
}

/// An answer of a shop that did what was asked.
pub(super) struct WooCommerceAnswer {
    /// Its bytes.
    pub body: Vec<u8>,
    /// The same, read.
    pub value: Value,
    /// How many there are in all (`X-WP-Total`), where the shop says so.
    pub total: Option<u64>,
}

fn read(shop: &str, answer: HttpAnswer) -> Result<WooCommerceAnswer, ShopFault> {
    let status = answer.status;
    if let Some(fault) = refusal(shop, status, answer.retry_after) {
        return Err(fault);
    }
    let value: Option<Value> = serde_json::from_slice(&answer.body).ok();
    if !matches!(status, 200 | 201) {
        return Err(refused(shop, status, value.as_ref()));
    }
    let Some(value) = value else {
        let what = format!("{shop} answers with a page or with something else that is no JSON");
        return Err(ShopFault {
            remedy: "if it stays so, ask whoever runs the shop: a firewall, a maintenance page, or a PHP warning stands \
                     before the answer"
                .to_owned(),
            ..ShopFault::unknown(what)
        });
    };
    let total = answer.header("X-WP-Total");
    let total = total.and_then(|total| total.trim().parse().ok());
    Ok(WooCommerceAnswer {
        body: answer.body,
        value,
        total,
    })
}

/// What a refusal means. WordPress says its reason as `{"code": …, "message": …}`.
fn refused(shop: &str, status: u16, value: Option<&Value>) -> ShopFault {
    let part = |key: &str| {
        let text = value
            .and_then(|value| value[key].as_str())
            .unwrap_or_default();
        line(text).chars().take(200).collect::<String>()
    };
    let (code, said) = (part("code"), part("message"));
    let said = match (code.is_empty(), said.is_empty()) {
        (true, _) => format!("{status}"),
        (false, true) => format!("{status}, {code}"),
        (false, false) => format!("{status}, {code}: {said}"),
    };
    let (what, remedy) = match (status, code.as_str()) {
        (404, "rest_no_route") | (404, "") => (
            format!("{shop} has no WooCommerce REST API at /wp-json/wc/v3 ({said})"),
            "compare url with the shop's address; in WordPress, Settings, Permalinks must be other than \"Plain\"",
        ),
        (401, "") | (403, "") => (
            format!("{shop} does not let us in ({said})"),
            "ask whoever runs the shop: a firewall, a password before the whole shop, or a list of addresses keeps us out",
        ),
        (401 | 403, _) => (
            format!("{shop} refuses the key ({said})"),
            "compare consumer_key and consumer_secret with WooCommerce, Settings, Advanced, REST API: the key needs \
             Read/Write, and its user must be a shop manager; if both are right, the web server takes away the header \
             Authorization",
        ),
        (400, "rest_invalid_param") => (
            format!("{shop} does not know what poms asks by ({said})"),
            "WooCommerce 5.8 or newer is needed",
        ),
        _ => return ShopFault::refused(format!("{shop} refuses ({said})"), ""),
    };
    ShopFault::lasting(what, remedy)
}
