//! One question or act at Shopify: who asks, what it may cost, and what the answer means. An answer with errors
//! in it is no answer, also where there are data beside them.

use super::ShopifySettings;
use super::cost::Costs;
use super::query::Operation;
use crate::domain::text::line;
use crate::http::{
    Body, CallLimits, Credentials, HttpAnswer, HttpClient, Request, TokenFault, TokenScheme, Tokens,
};
use crate::shops::{LONGEST_ANSWER, ShopFault, refusal};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::time::Duration;

/// Why an operation gave nothing.
#[derive(Debug)]
pub(super) enum AskFault {
    /// It costs more than one operation may: ask for less at once.
    TooCostly,
    /// The place in the list is none that the shop knows: begin anew.
    BadCursor,
    /// Everything else.
    Shop(ShopFault),
}

impl AskFault {
    /// For who cannot ask for less.
    pub(super) fn whole(self, shop: &str) -> ShopFault {
        match self {
            AskFault::Shop(fault) => fault,
            AskFault::TooCostly => ShopFault::passing(format!(
                "{shop} finds what we ask too dear for one question"
            )),
            AskFault::BadCursor => ShopFault::passing(format!(
                "{shop} does not know the place in its list that it gave us"
            )),
        }
    }
}

impl From<ShopFault> for AskFault {
    fn from(fault: ShopFault) -> AskFault {
        AskFault::Shop(fault)
    }
}

/// The way to one shop within one run.
pub(super) struct ShopifyApi {
    http: HttpClient,
    tokens: Tokens,
    costs: Costs,
    shop: String,
    version: String,
    /// The version by which the last answer was given, where it is another.
    pub(super) served_by: Option<String>,
}

impl ShopifyApi {
    /// Looks the host up; asks nothing yet.
    ///
    /// # Errors
    /// Why it may not be asked.
    pub(super) fn open(
        settings: &ShopifySettings,
        now: DateTime<Utc>,
    ) -> Result<ShopifyApi, ShopFault> {
        let limits = CallLimits {
            one_call: settings.timeout,
            deadline: settings.deadline,
            longest_answer: LONGEST_ANSWER,
            // an idle one that the shop has closed would fail the next question
            keep_connections: false,
        };
        let http = HttpClient::new(&settings.endpoint, limits).map_err(|why| {
            ShopFault::passing(format!("{} cannot be asked: {why}", settings.shop))
        })?;
        let credentials = Credentials {
            service: "Shopify",
            scheme: TokenScheme::Header("X-Shopify-Access-Token"),
            path: &["admin", "oauth", "access_token"],
            headers: Vec::new(),
            of: settings.endpoint.base.as_str().to_owned(),
            client_id: settings.client_id.clone(),
            secret: settings.client_secret.clone(),
            file: settings.token_file.clone(),
        };
        Ok(ShopifyApi {
            http,
            tokens: Tokens::new(credentials, now),
            costs: Costs::new(),
            shop: settings.shop.clone(),
            version: settings.api_version.clone(),
            served_by: None,
        })
    }

    /// The same with more patience, or less: all that it waits for points.
    pub(super) fn patient(mut self, patience: Duration) -> ShopifyApi {
        self.costs = Costs::patient(patience);
        self
    }

    /// Gets a fresh token, to prove that the shop knows the app.
    ///
    /// # Errors
    /// When it gives none.
    pub(super) fn log_in(&self) -> Result<(), ShopFault> {
        let proved = self.tokens.prove(&self.http);
        proved.map_err(|fault| self.no_token(fault))
    }

    /// Asks, and gives `data` of the answer. Waits where points lack for a few seconds only.
    ///
    /// # Errors
    /// [`AskFault`]; its fault is `Unknown` where the operation may have been done.
    pub(super) fn ask(
        &mut self,
        operation: Operation,
        variables: &Value,
    ) -> Result<Value, AskFault> {
        let body = json!({
            "operationName": operation.name,
            "query": operation.document(),
            "variables": variables,
        });
        let body = body.to_string();
        self.wait(operation.name)?;
        match self.once(operation.name, body.as_bytes()) {
            // it was not done: once more when there are points for it again
            Err(Asked::Throttled) => {
                self.wait(operation.name)?;
                self.once(operation.name, body.as_bytes())
            }
            other => other,
        }
        .map_err(|fault| match fault {
            Asked::Throttled => self.busy(operation.name).into(),
            Asked::Fault(fault) => fault,
        })
    }

    fn busy(&self, operation: &str) -> ShopFault {
        let rest = Some(self.costs.missing(operation)).filter(|rest| !rest.is_zero());
        let what = format!("{} has enough of our requests (THROTTLED)", self.shop);
        ShopFault::busy(what, rest)
    }

    /// Waits until there are points for the operation.
    fn wait(&mut self, operation: &str) -> Result<(), AskFault> {
        let missing = self.costs.missing(operation);
        if missing.is_zero() {
            return Ok(());
        }
        if !self.costs.waits(missing) {
            return Err(self.busy(operation).into());
        }
        std::thread::sleep(missing);
        Ok(())
    }

    fn once(&mut self, operation: &'static str, body: &[u8]) -> Result<Value, Asked> {
        let path = ["admin", "api", self.version.as_str(), "graphql.json"];
        let request = Request {
            body: Body::Json(body),
            ..Request::get(&path, &[])
        };
        let answer = self.tokens.send(&self.http, &request);
        let answer = answer.map_err(|fault| self.no_token(fault))?;
        self.served_by = answer
            .header("X-Shopify-API-Version")
            .filter(|served| *served != self.version)
            .map(line);
        let value: Option<Value> = answer.json().ok();
        if let Some(value) = &value {
            self.costs.note(operation, value);
        }
        read(&self.shop, &answer, value)
    }

    fn no_token(&self, fault: TokenFault) -> ShopFault {
        let shop = &self.shop;
        let remedy = "compare client_id and client_secret with the app's settings in Shopify's Dev Dashboard, and see \
                      that the app is installed in this shop";
        match fault {
            TokenFault::Secret(why) => ShopFault::lasting(why, "see to client_secret"),
            TokenFault::Failed(failure) => ShopFault::of_failure(shop, &failure),
            TokenFault::Malformed(why) => {
                ShopFault::passing(format!("{shop} gave a token that makes no sense: {why}"))
            }
            TokenFault::Refused(status @ (400 | 401 | 403), body) => {
                let said = refused_token(&body);
                let what = format!("{shop} gives the app no token ({status}{said})");
                ShopFault::lasting(what, remedy)
            }
            TokenFault::Refused(404, _) => no_such_shop(shop),
            TokenFault::Refused(status, _) => refusal(shop, status, None)
                .unwrap_or_else(|| ShopFault::passing(format!("{shop} gives no token ({status})"))),
        }
    }
}

/// The word of an error (RFC 6749, 5.2), which names the reason and no secret.
fn refused_token(body: &[u8]) -> String {
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    let word = value["error"].as_str().unwrap_or_default();
    match word.len() <= 60 && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
        true if !word.is_empty() => format!(", {word}"),
        _ => String::new(),
    }
}

fn no_such_shop(shop: &str) -> ShopFault {
    ShopFault::lasting(
        format!("{shop} is no shop that Shopify knows, or has not this version of the API (404)"),
        "shop must be the name that ends in .myshopify.com; leave api_version out",
    )
}

/// What an answer means, within.
enum Asked {
    Throttled,
    Fault(AskFault),
}

impl From<ShopFault> for Asked {
    fn from(fault: ShopFault) -> Asked {
        Asked::Fault(AskFault::Shop(fault))
    }
}

fn read(shop: &str, answer: &HttpAnswer, value: Option<Value>) -> Result<Value, Asked> {
    let errors = value.as_ref().map(|value| &value["errors"]);
    let codes = |word: &str| errors.is_some_and(|errors| has_code(errors, word));
    if codes("THROTTLED") {
        return Err(Asked::Throttled);
    }
    if codes("MAX_COST_EXCEEDED") {
        return Err(Asked::Fault(AskFault::TooCostly));
    }
    let status = answer.status;
    if let Some(fault) = refusal(shop, status, answer.retry_after) {
        return Err(fault.into());
    }
    match status {
        200 => {}
        401 => {
            return Err(ShopFault::lasting(
                format!("{shop} refuses the token that it has just given (401)"),
                "install the app in the shop anew",
            )
            .into());
        }
        402 | 423 => {
            let what = format!("{shop} is frozen or locked at Shopify ({status})");
            return Err(ShopFault::lasting(what, "look into the shop's admin").into());
        }
        404 => return Err(no_such_shop(shop).into()),
        _ => {
            let what = format!("{shop} refuses ({status})");
            return Err(ShopFault::lasting(what, "see whether the app may still enter").into());
        }
    }
    let Some(mut value) = value else {
        let what = format!("{shop} answers with something that is no JSON");
        return Err(ShopFault::unknown(what).into());
    };
    let some = |errors: &Value| {
        errors
            .as_array()
            .map_or(!errors.is_null(), |list| !list.is_empty())
    };
    if some(&value["errors"]) {
        return Err(Asked::Fault(of_errors(shop, &value)));
    }
    match value.get_mut("data").map(Value::take) {
        Some(data @ Value::Object(_)) => Ok(data),
        _ => Err(ShopFault::unknown(format!("{shop} answers without data")).into()),
    }
}

fn has_code(errors: &Value, word: &str) -> bool {
    let list = errors.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().any(|error| error["extensions"]["code"] == word)
}

/// What errors beside or instead of data mean.
fn of_errors(shop: &str, answer: &Value) -> AskFault {
    let errors = &answer["errors"];
    let list = errors.as_array().map(Vec::as_slice).unwrap_or_default();
    let said: Vec<String> = list
        .iter()
        .filter_map(|error| error["message"].as_str())
        .take(3)
        .map(|text| line(text).chars().take(200).collect())
        .collect();
    let said = match said.is_empty() {
        true => line(errors.as_str().unwrap_or("no reason given")),
        false => said.join("; "),
    };
    if has_code(errors, "ACCESS_DENIED") {
        let needed = list
            .iter()
            .find_map(|error| error["extensions"]["requiredAccess"].as_str())
            .map(|needed| format!(": it needs {}", line(needed)))
            .unwrap_or_default();
        return AskFault::Shop(ShopFault::lasting(
            format!("{shop} does not let the app do this{needed} ({said})"),
            "give the app the permission in Shopify's Dev Dashboard, release the version, and let the shop accept it",
        ));
    }
    let is_schema = list.iter().any(|error| {
        let code = error["extensions"]["code"].as_str().unwrap_or_default();
        matches!(
            code,
            "undefinedField" | "argumentNotAccepted" | "undefinedType" | "variableMismatch"
        )
    });
    if is_schema {
        return AskFault::Shop(ShopFault::lasting(
            format!("{shop} does not understand what poms asks ({said})"),
            "leave api_version out, or install a newer poms",
        ));
    }
    if said.to_lowercase().contains("cursor") {
        return AskFault::BadCursor;
    }
    let what = format!("{shop} answers with an error ({said})");
    AskFault::Shop(match answer["data"].is_object() {
        // a part was done, or was not
        true => ShopFault::unknown(what),
        false => ShopFault::passing(what),
    })
}
