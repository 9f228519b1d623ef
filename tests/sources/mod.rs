//! Ways in beside mail: what a source gives becomes orders by its trust, once, and its cursor never stands
//! behind what was not stored.

mod folder;
mod gnupg;
mod pages;
mod sftp;
mod watched;
mod written_on;

use crate::support::desk::TestDesk;
use poms::intake::openpgp::make;
use serde_json::{Value, json};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// A site with a folder `in`, watched under these settings.
fn desk(settings: &str) -> TestDesk {
    let desk = TestDesk::stocked();
    let mut folder = std::fs::DirBuilder::new();
    folder.mode(0o700).create(desk.path("in")).unwrap();
    set(&desk, settings);
    desk
}

/// Sets the settings of the folder `in`.
fn set(desk: &TestDesk, settings: &str) {
    desk.config(&format!(
        "[[source]]\nname = \"files\"\nkind = \"folder\"\npath = \"in\"\n{settings}\n"
    ));
}

const TRUSTED: &str = "settle_seconds = 0\ntrusted = true";
const SIGNED: &str = "settle_seconds = 0";

/// One of orders that are not alike.
fn order(number: usize) -> Value {
    let mut order = TestDesk::plain_order(&format!("W20000{number}"));
    order["lines"][0]["qty"] = json!(number);
    let cents = 10823 * number;
    order["total"] = json!(format!("{}.{:02}", cents / 100, cents % 100));
    order["customer"]["email"] = json!(format!("customer{number}@mail.example"));
    order
}

/// An order as a file that is signed and not encrypted.
fn signed(desk: &TestDesk, order: &Value) -> Vec<u8> {
    let text = order.to_string();
    make::sign_inside(text.as_bytes(), desk.webshop_key(), desk.moment()).unwrap()
}

/// The names of the files of a folder, without those that are hidden.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with('.'))
        .collect();
    names.sort();
    names
}

fn left(desk: &TestDesk) -> Vec<String> {
    names(&desk.path("in"))
}

fn processed(desk: &TestDesk) -> Vec<String> {
    names(&desk.path("in/.processed"))
}

fn failed(desk: &TestDesk) -> Vec<String> {
    names(&desk.path("in/.failed"))
}

/// All messages, the newest first.
fn messages(desk: &TestDesk) -> Vec<Value> {
    let list = desk.run(&["--json", "message", "list"]).ok().json();
    list["messages"].as_array().unwrap().clone()
}

/// The states of all messages, the oldest first.
fn states(desk: &TestDesk) -> Vec<String> {
    let rows = messages(desk).into_iter().rev();
    rows.map(|row| row["state"].as_str().unwrap().to_owned())
        .collect()
}

fn mode(path: &PathBuf, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}
