//! What a bookkeeper sees of a large file on a terminal: a bar, on stderr, gone in the end. `script`
//! makes the terminal.

use super::scenes::{HEAD, site};
use std::process::Command;

#[test]
fn a_large_file_shows_how_far_it_is_on_a_terminal_and_nowhere_else() {
    let desk = site("");
    let rows: String = (0..2_000)
        .map(|n| format!("Nobody,N-{n},2025-06-03,,X,1,5.00,,5.00\n"))
        .collect();
    desk.file("big.csv", format!("{HEAD}{rows}").as_bytes());
    let piped = desk
        .run(&["import-invoices", "big.csv", "--dry-run", "--json"])
        .ok();
    assert_eq!(piped.json()["files"][0]["invoices"], 2_000);
    let command = format!(
        "stty cols 100; {} import-invoices big.csv --dry-run --json > out.json",
        env!("CARGO_BIN_EXE_poms")
    );
    let done = Command::new("script")
        .args(["-qec", &command, "/dev/null"])
        .current_dir(desk.path(""))
        .env("POMS_CONFIG", desk.path("poms.toml"))
        .env("POMS_NOW", "2025-06-04T10:00:00Z")
        .env("TERM", "xterm")
        .stdin(std::process::Stdio::null())
        .output()
        .expect("script runs");
    let screen = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success(), "{screen}");
    assert!(screen.contains("/2000 invoices, "), "{screen:?}");
    // the last thing that happens to the line is that it is wiped
    let wiped = screen.rfind("\u{1b}[2K").expect("wiped");
    assert_eq!(
        screen[wiped..].trim_start_matches("\u{1b}[2K").trim(),
        "",
        "{screen:?}"
    );
    let written = std::fs::read_to_string(desk.path("out.json")).expect("the answer");
    let json: serde_json::Value = serde_json::from_str(&written).expect("only JSON on stdout");
    assert_eq!(json["files"][0]["unmatched"], 2_000);
}
