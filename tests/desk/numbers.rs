//! Numbers with a `#`, as Shopify's are: every command that poms prints can be pasted into a shell.

use crate::support::desk::TestDesk;

/// Fails where a command has a number that a shell would take for a comment.
fn can_be_pasted(said: &str) {
    for line in said.lines().filter(|line| line.contains("poms ")) {
        let command = line
            .split("poms ")
            .skip(1)
            .collect::<Vec<_>>()
            .join("poms ");
        assert!(!command.contains(" #1002"), "{line}");
    }
}

#[test]
fn numbers_with_a_hash_are_quoted_in_commands() {
    let desk = TestDesk::stocked();
    desk.order(&TestDesk::plain_order("#1002"));
    desk.order(&TestDesk::plain_order("#1003"));
    desk.run(&["process"]).ok();
    let mut quoted = 0;
    let mut run = |words: &[&str]| {
        let said = desk.run(words);
        let said = format!("{}\n{}", said.stdout, said.stderr);
        can_be_pasted(&said);
        quoted += said.matches("'#1002").count();
    };
    run(&["shipment", "add", "#1002-1", "--note", "x"]);
    run(&["po", "cancel-agreed", "#1002-1", "--note", "x"]);
    run(&["shipment", "arrived", "#1002-1", "--note", "x"]);
    run(&["po", "show", "#1002"]);
    run(&["order", "show", "#1002-1"]);
    run(&["order", "show", "#1002"]);
    run(&["order", "refund", "#1002", "--note", "x"]);
    run(&["order", "cancel", "#1002", "--note", "x"]);
    run(&["po", "show", "#1002-1"]);
    run(&["po", "cancel-refused", "#1002-1", "--note", "x"]);
    run(&["exceptions", "list"]);
    run(&["order", "show", "#1002"]);
    assert!(quoted >= 5, "{quoted}");
}
