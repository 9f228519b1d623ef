//! GraphQL documents, as far as poms writes them (<https://spec.graphql.org>): operations with variables, fields
//! with arguments, fragments.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::iter::Peekable;
use std::vec::IntoIter;

/// A document.
#[derive(Debug, Default)]
pub struct Document {
    pub operations: Vec<Operation>,
    /// By name: the type that it is on, and its fields.
    pub fragments: BTreeMap<String, (String, Vec<Selection>)>,
}

/// A query or mutation.
#[derive(Debug)]
pub struct Operation {
    pub is_mutation: bool,
    pub name: String,
    /// Names and types.
    pub variables: Vec<(String, String)>,
    pub selections: Vec<Selection>,
}

/// What is wanted of an object.
#[derive(Debug)]
pub enum Selection {
    Field {
        name: String,
        arguments: Vec<(String, Argument)>,
        selections: Vec<Selection>,
    },
    Spread(String),
}

/// The value of an argument.
#[derive(Debug, Clone)]
pub enum Argument {
    Variable(String),
    Enum(String),
    Plain(Value),
}

type Tokens = Peekable<IntoIter<String>>;

/// Reads a document; panics where it is none.
pub fn parse(text: &str) -> Document {
    let mut tokens = tokens(text).into_iter().peekable();
    let mut document = Document::default();
    while let Some(word) = tokens.next() {
        match word.as_str() {
            "query" | "mutation" => {
                let name = tokens.next().expect("a name");
                let mut variables = Vec::new();
                if took(&mut tokens, "(") {
                    while !took(&mut tokens, ")") {
                        expect(&mut tokens, "$");
                        let name = tokens.next().expect("a variable");
                        expect(&mut tokens, ":");
                        variables.push((name, written_type(&mut tokens)));
                    }
                }
                document.operations.push(Operation {
                    is_mutation: word == "mutation",
                    name,
                    variables,
                    selections: selections(&mut tokens),
                });
            }
            "fragment" => {
                let name = tokens.next().expect("a name");
                expect(&mut tokens, "on");
                let on = tokens.next().expect("a type");
                let found = selections(&mut tokens);
                let before = document.fragments.insert(name.clone(), (on, found));
                assert!(before.is_none(), "two fragments {name}");
            }
            other => panic!("{other} begins nothing"),
        }
    }
    document
}

fn written_type(tokens: &mut Tokens) -> String {
    let mut text = match took(tokens, "[") {
        true => {
            let inner = written_type(tokens);
            expect(tokens, "]");
            format!("[{inner}]")
        }
        false => tokens.next().expect("a type"),
    };
    if took(tokens, "!") {
        text.push('!');
    }
    text
}

fn selections(tokens: &mut Tokens) -> Vec<Selection> {
    expect(tokens, "{");
    let mut found = Vec::new();
    while !took(tokens, "}") {
        if took(tokens, "...") {
            found.push(Selection::Spread(tokens.next().expect("a fragment")));
            continue;
        }
        let name = tokens.next().expect("a field");
        let mut arguments = Vec::new();
        if took(tokens, "(") {
            while !took(tokens, ")") {
                let name = tokens.next().expect("an argument");
                expect(tokens, ":");
                arguments.push((name, argument(tokens)));
            }
        }
        let inner = match tokens.peek().is_some_and(|next| next == "{") {
            true => selections(tokens),
            false => Vec::new(),
        };
        found.push(Selection::Field {
            name,
            arguments,
            selections: inner,
        });
    }
    assert!(!found.is_empty(), "an empty selection");
    found
}

fn argument(tokens: &mut Tokens) -> Argument {
    let word = tokens.next().expect("a value");
    match word.as_str() {
        "$" => Argument::Variable(tokens.next().expect("a variable")),
        "true" | "false" => Argument::Plain(json!(word == "true")),
        "null" => Argument::Plain(Value::Null),
        text if text.starts_with('"') => Argument::Plain(json!(&text[1..text.len() - 1])),
        number if number.parse::<i64>().is_ok() => {
            Argument::Plain(json!(number.parse::<i64>().expect("a number")))
        }
        _ => Argument::Enum(word),
    }
}

fn took(tokens: &mut Tokens, wanted: &str) -> bool {
    tokens.next_if(|next| next == wanted).is_some()
}

fn expect(tokens: &mut Tokens, wanted: &str) {
    let next = tokens.next().unwrap_or_default();
    assert_eq!(next, wanted, "in a GraphQL document");
}

fn tokens(text: &str) -> Vec<String> {
    let mut rest = text;
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        let Some(first) = rest.chars().next() else {
            return found;
        };
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let end = match first {
            '.' => 3,
            '"' => rest[1..].find('"').expect("the end of a text") + 2,
            c if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        found.push(rest[..end].to_owned());
        rest = &rest[end..];
    }
}
