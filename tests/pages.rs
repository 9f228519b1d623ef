//! Man pages and the page of commands are the command line's own: made from its definitions, and
//! committed, so that a package is made of files and who reads the papers finds them.
//!
//! `POMS_DOCS=write cargo test --test main -- pages::` writes them anew.

use clap::{Arg, Command, CommandFactory};
use poms::cli::args::Args;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn are_written() -> bool {
    std::env::var("POMS_DOCS").is_ok_and(|word| word == "write")
}

/// A page for each command: file name and text.
fn man_pages() -> BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    clap_mangen::generate_to(Args::command(), folder.path()).unwrap();
    let pages = std::fs::read_dir(folder.path()).unwrap();
    pages
        .map(|page| {
            let page = page.unwrap();
            let name = page.file_name().into_string().unwrap();
            (format!("man/{name}"), std::fs::read(page.path()).unwrap())
        })
        .collect()
}

#[test]
fn man_pages_are_those_of_the_command_line() {
    let all = man_pages();
    let packaging = file("packaging");
    if are_written() {
        let _ = std::fs::remove_dir_all(packaging.join("man"));
        std::fs::create_dir_all(packaging.join("man")).unwrap();
        for (name, text) in &all {
            std::fs::write(packaging.join(name), text).unwrap();
        }
        return;
    }
    for (name, text) in &all {
        let kept = std::fs::read(packaging.join(name)).unwrap_or_default();
        assert!(
            kept == *text,
            "packaging/{name} is not what the command line says: POMS_DOCS=write writes it anew"
        );
    }
    for file in std::fs::read_dir(packaging.join("man")).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        let known = all.contains_key(&format!("man/{name}"));
        assert!(known, "packaging/man/{name} is of no command");
    }
}

/// Text as Markdown shows it: no tags, and no cells where a table stands around it.
fn plain(text: &str) -> String {
    let text = text.replace('<', "&lt;").replace('>', "&gt;");
    text.replace('|', "\\|").replace('\n', " ")
}

/// What stands below a command's arguments in its help: sentences, and examples, which are indented.
fn below(command: &Command) -> String {
    let Some(help) = command.get_after_help() else {
        return String::new();
    };
    let help = help.to_string();
    let (examples, words): (Vec<&str>, Vec<&str>) =
        help.lines().partition(|line| line.starts_with("  "));
    let words = words
        .into_iter()
        .filter(|line| !line.starts_with("Example"));
    let mut page: String = words.map(|line| format!("{}\n\n", plain(line))).collect();
    if !examples.is_empty() {
        let lines: Vec<&str> = examples.iter().map(|line| line.trim_start()).collect();
        let _ = write!(page, "```\n{}\n```\n\n", lines.join("\n"));
    }
    page
}

/// How an argument is typed, such as `--note <TEXT>` or `<FILE>...`.
fn typed(arg: &Arg) -> String {
    let name = arg.get_value_names().unwrap_or_default().join(" ");
    let many = if arg.is_required_set() && arg.is_positional() || !arg.is_positional() {
        format!("<{name}>")
    } else {
        format!("[{name}]")
    };
    let value = match arg.get_num_args() {
        Some(count) if !count.takes_values() => String::new(),
        Some(count) if count.min_values() == 0 && !arg.is_positional() => format!(" [{many}]"),
        _ => format!(" {many}"),
    };
    let flags = [
        arg.get_short().map(|short| format!("-{short}")),
        arg.get_long().map(|long| format!("--{long}")),
    ];
    let flags: Vec<String> = flags.into_iter().flatten().collect();
    format!("{}{value}", flags.join(", ")).trim().to_owned()
}

/// A row for an argument: how it is typed, what it means, and what it takes.
fn argument(arg: &Arg) -> String {
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let mut about = plain(&help);
    let values = arg.get_possible_values();
    let values: Vec<&str> = values.iter().map(|value| value.get_name()).collect();
    if !values.is_empty() && arg.get_num_args().is_some_and(|n| n.takes_values()) {
        let _ = write!(about, " (`{}`)", values.join("`, `"));
    }
    let defaults: Vec<_> = arg.get_default_values().iter().collect();
    if arg.get_num_args().is_some_and(|n| n.takes_values())
        && let Some(default) = defaults.first().and_then(|word| word.to_str())
        && !default.is_empty()
    {
        let _ = write!(about, "; `{default}` unless said");
    }
    if arg.is_required_set() && !arg.is_positional() {
        about += "; must be given";
    }
    format!("| `{}` | {about} |\n", typed(arg).replace('|', "\\|"))
}

/// The arguments of a command, but those that every command takes.
fn arguments(command: &Command) -> String {
    let own = command
        .get_arguments()
        .filter(|arg| !arg.is_global_set() && !matches!(arg.get_id().as_str(), "help" | "version"));
    let rows: String = own.map(argument).collect();
    match rows.is_empty() {
        true => String::new(),
        false => format!("| argument | what it says |\n|---|---|\n{rows}\n"),
    }
}

/// One command that does something, and below a group each of its own.
fn part(command: &Command, path: &str, level: usize, page: &mut String, list: &mut String) {
    let path = format!("{path} {}", command.get_name());
    let about = command.get_about().map(ToString::to_string);
    let about = plain(&about.unwrap_or_default());
    let marks = "#".repeat(level);
    let anchor = path.replace(' ', "-");
    let _ = write!(page, "{marks} {path}\n\n{about}.\n\n");
    if !command.has_subcommands() {
        let _ = writeln!(list, "| [`{path}`](#{anchor}) | {about} |");
        let usage = command.clone().render_usage().to_string();
        let _ = write!(page, "```\n{}\n```\n\n", usage.trim());
        *page += &arguments(command);
    }
    *page += &below(command);
    for inner in command.get_subcommands() {
        if inner.get_name() != "help" {
            part(inner, &path, level + 1, page, list);
        }
    }
}

/// The exit codes as the help names them: `0 done, 1 something failed …`.
fn exit_codes(help: &str) -> String {
    let line = help.lines().find_map(|l| l.strip_prefix("Exit codes: "));
    let mut rows: Vec<String> = Vec::new();
    for piece in line.unwrap().trim_end_matches('.').split(", ") {
        match piece.split_once(' ') {
            Some((code, means)) if code.parse::<u8>().is_ok() => {
                rows.push(format!("| {code} | {means}"));
            }
            _ => *rows.last_mut().unwrap() += &format!(", {piece}"),
        }
    }
    let rows = rows.join(" |\n");
    format!("| exit code | means |\n|---|---|\n{rows} |\n")
}

/// Markdown of all commands.
fn page_of_commands() -> String {
    let mut command = Args::command();
    command.build();
    let help = command.get_after_help().unwrap().to_string();
    let (mut page, mut list) = (String::new(), String::new());
    for inner in command.get_subcommands() {
        if inner.get_name() != "help" {
            part(inner, "poms", 2, &mut page, &mut list);
        }
    }
    let everywhere: String = command
        .get_arguments()
        .filter(|arg| arg.is_global_set())
        .map(argument)
        .collect();
    let first = help.lines().next().unwrap();
    format!(
        "# Commands\n\n\
<!-- made from the command line's definitions, src/cli/args.rs, by tests/pages.rs -->\n\n\
What `poms help`, `--help` after each command and the man pages say, on one page. \
{}\n\n\
Each command that changes something takes `--dry-run`: it does all of it, says what came of it, \
and forgets it (`demo`, `init` and `backup`, which only make files, refuse it).\n\n\
| every command takes | what it says |\n|---|---|\n{everywhere}\n\
{}\n\
The exit codes at length, and what `--json` prints: [formats.md](formats.md#exit-codes).\n\n\
| command | does |\n|---|---|\n{list}\n{}\n",
        plain(first),
        exit_codes(&help),
        page.trim_end()
    )
}

#[test]
fn page_of_commands_is_that_of_the_command_line() {
    let page = page_of_commands();
    let kept = file("docs/commands.md");
    if are_written() {
        std::fs::write(kept, page).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(kept).unwrap_or_default();
    for (written, true_one) in kept.lines().zip(page.lines()) {
        assert_eq!(written, true_one, "POMS_DOCS=write writes the page anew");
    }
    assert_eq!(kept, page);
}
