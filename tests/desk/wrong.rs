//! Everything that can be typed wrongly: each answer says what is possible.

use super::morning;

/// What is typed, the exit code, and words of the answer.
const WRONG: &[(&[&str], i32, &[&str])] = &[
    (
        &["order", "show", "W9"],
        1,
        &["there is no order W9", "order search W9"],
    ),
    (&["order", "show"], 2, &["<ORDER>"]),
    (&["order", "shw", "W200001"], 2, &["show"]),
    (
        &["order", "list", "--state", "palced"],
        2,
        &["did you mean placed"],
    ),
    (
        &["order", "list", "--state", "x"],
        2,
        &["There are received, ready"],
    ),
    (&["order", "search", " "], 2, &["telephone"]),
    (&["order", "note", "W9", "x"], 1, &["there is no order W9"]),
    (
        &["order", "note", "W200001", "  "],
        1,
        &["the note is empty"],
    ),
    (&["order", "cancel", "W200001"], 2, &["--note"]),
    (
        &["order", "cancel", "W9", "--note", "x"],
        1,
        &["there is no order W9"],
    ),
    (
        &["exceptions", "show", "99"],
        1,
        &["there is no exception 99", "exceptions list --all"],
    ),
    (
        &["exceptions", "show", "W1"],
        2,
        &["invalid value 'W1'", "as the list shows it, such as 5"],
    ),
    (&["exceptions", "show", "-1"], 2, &["such as 5"]),
    (
        &["exceptions", "show", "#99"],
        1,
        &["there is no exception 99"],
    ),
    (&["outbox", "drop", "x", "--note", "y"], 2, &["such as 5"]),
    (&["message", "show", "5."], 2, &["such as 5"]),
    (
        &["order", "list", "--limit", "0"],
        2,
        &["a whole number from 1"],
    ),
    (
        &["po", "list", "--limit", "-3"],
        2,
        &["a whole number from 1"],
    ),
    (&["order", "list", "--days", "x"], 2, &["a whole number"]),
    (
        &["report", "margin", "--since", "x"],
        2,
        &["written as 2026-11-30"],
    ),
    (
        &["order", "show", "W200001~9"],
        1,
        &["there is no order W200001~9"],
    ),
    (
        &["order", "show", "W200001~x"],
        1,
        &["there is no order W200001~x"],
    ),
    (
        &["order", "show", "w200001-2"],
        1,
        &["is a purchase order of order W200001", "poms po show"],
    ),
    (&["order", "show", ""], 1, &["which order?"]),
    (
        &["po", "show", "W200001"],
        1,
        &["W200001 is an order; its purchase orders: W200001-1, W200001-2"],
    ),
    (
        &["po", "show", "W200002"],
        1,
        &["W200002 is an order, and has none"],
    ),
    (
        &[
            "exceptions",
            "resolve",
            "3",
            "--release",
            "--po",
            "W1-1",
            "--note",
            "x",
        ],
        1,
        &["takes no --po", "untrusted_sender"],
    ),
    (
        &["exceptions", "resolve", "3", "--dismiss", "--note", "x"],
        1,
        &["cannot be resolved with --dismiss", "Possible: --amend"],
    ),
    (
        &[
            "exceptions",
            "resolve",
            "3",
            "--amend",
            "foo=1",
            "--note",
            "x",
        ],
        1,
        &["'foo' is no single field of the order: there are order_number"],
    ),
    (
        &[
            "exceptions",
            "resolve",
            "3",
            "--amend",
            "ship_to.zpi=1",
            "--note",
            "x",
        ],
        1,
        &["did you mean zip?"],
    ),
    (
        &[
            "exceptions",
            "resolve",
            "3",
            "--amend",
            "lines.1.qty=x",
            "--note",
            "x",
        ],
        1,
        &["would not be valid: lines.1.qty is a text"],
    ),
    (
        &[
            "exceptions",
            "resolve",
            "3",
            "--amend",
            "lines.9.qty=1",
            "--note",
            "x",
        ],
        1,
        &["the order has lines 1 to 1"],
    ),
    (
        &["message", "list", "--state", "foo"],
        2,
        &["there is no state 'foo'. There are pending"],
    ),
    (&["catalogue", "show", "x"], 1, &["catalogue list"]),
    (&["vendors", "show", "x"], 1, &["vendors list"]),
    (&["stop", "on", "--note", " "], 1, &["the note is empty"]),
    (
        &["exceptions", "list", "--code", "badzip"],
        2,
        &["did you mean bad_zip"],
    ),
    (
        &["exceptions", "list", "--code", "q"],
        2,
        &["There are:", "po_box"],
    ),
    (
        &["exceptions", "list", "--order", "W9"],
        1,
        &["there is no order W9"],
    ),
    (
        &["exceptions", "list", "--severity", "off"],
        2,
        &["hold, warn"],
    ),
    (
        &["exceptions", "resolve", "99", "--release", "--note", "x"],
        1,
        &["there is no exception 99"],
    ),
    (
        &["po", "show", "W200001-9"],
        1,
        &["there is no purchase order W200001-9", "po list"],
    ),
    (
        &["po", "list", "--state", "send"],
        2,
        &["did you mean sent"],
    ),
    (
        &["po", "list", "--vendor", "acne"],
        1,
        &["did you mean ACME"],
    ),
    (&["po", "pdf", "W9"], 1, &["there is no purchase order W9"]),
    (
        &["po", "pdf", "W200001-1", "-o", "/nowhere/x.pdf"],
        1,
        &["cannot make /nowhere/x.pdf"],
    ),
    (
        &["po", "resend", "W9", "--note", "x"],
        1,
        &["there is no purchase order W9"],
    ),
    (
        &["outbox", "show", "99"],
        1,
        &["there is no delivery 99", "outbox list --all"],
    ),
    (
        &["outbox", "retry", "1", "--note", "x"],
        1,
        &["was sent already", "po resend"],
    ),
    (&["outbox", "drop", "1", "--note", "x"], 1, &["is sent"]),
    (
        &["message", "show", "99"],
        1,
        &["there is no message 99", "message list"],
    ),
    (
        &["message", "list", "--state", "hold"],
        2,
        &["did you mean held"],
    ),
    (
        &["message", "show", "5", "--raw", "--json"],
        2,
        &["no JSON"],
    ),
    (
        &["audit", "show", "message", "x"],
        1,
        &["'x' is no number of a message"],
    ),
    (
        &["audit", "show", "vendor", "NOPE"],
        1,
        &["no fact about vendor NOPE"],
    ),
    (&["backup", "/nowhere/x.db"], 1, &["/nowhere"]),
    (
        &["--config", "/nowhere/poms.toml", "status"],
        2,
        &["/nowhere/poms.toml"],
    ),
];

#[test]
fn every_wrong_word_gets_an_answer_that_helps() {
    let desk = morning();
    for (args, code, words) in WRONG {
        let answer = desk.run(args);
        assert_eq!(answer.stdout, "", "{args:?}");
        assert_eq!(answer.code, *code, "{args:?}: {}", answer.stderr);
        for word in *words {
            assert!(
                answer.stderr.contains(word),
                "{args:?} has no '{word}': {}",
                answer.stderr
            );
        }
    }
}

#[test]
fn commands_to_copy_carry_the_configuration_that_was_named() {
    let desk = morning();
    let moved = desk.path("a b.toml");
    std::fs::rename(desk.path("poms.toml"), &moved).expect("renamed");
    let name = moved.to_string_lossy();
    let shown = desk
        .run(&["--config", &name, "exceptions", "show", "1"])
        .ok()
        .stdout;
    assert!(
        shown.contains(&format!("poms --config '{name}' exceptions resolve 1 --")),
        "{shown}"
    );
}
