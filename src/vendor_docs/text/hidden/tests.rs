use super::*;
use proptest::prelude::*;

#[test]
fn what_nobody_sees_is_gone() {
    for (html, seen) in [
        ("<p>a</p><p style=\"display:none\">b</p>c", "<p>a</p>c"),
        (
            "a<div style='display: none !important'><div>b</div>c</div>d",
            "ad",
        ),
        ("a<span style=\"font-size:0\">b</span>c", "ac"),
        ("a<span style=\"font-size:1px;color:#fff\">b</span>c", "ac"),
        ("a<span style=\"color:#ffffff\">b</span>c", "ac"),
        (
            "a<span style=\"background:#eee;color:white\">b</span>c",
            "ac",
        ),
        ("a<font color=\"white\">b</font>c", "ac"),
        ("a<p hidden>b</p>c", "ac"),
        ("a<p style=\"opacity:0\">b</p>c", "ac"),
        ("a<p style=\"max-height:0px;overflow:hidden\">b</p>c", "ac"),
        ("a<p style=\"position:absolute;left:-9999px\">b</p>c", "ac"),
        ("a<template><p>b</p></template>c", "ac"),
        ("a<!-- <p>b</p> -->c", "ac"),
        ("a<p style=\"visibility:hidden\">never closed", "a"),
        // the next paragraph ends one that is never closed
        ("a<p style=\"display:none\">b<p>c", "a<p>c"),
    ] {
        assert_eq!(without(html), seen, "{html}");
    }
    for (sheet, html, seen) in [
        (".x, .y{display:none}", "a<p class=\"z x\">b</p>c", "ac"),
        ("p{display:none}", "a<p>b</p>c", "ac"),
        ("#top{visibility:hidden}", "a<p id=top>b</p>c", "ac"),
        ("p.x{font-size:0}", "a<p class=x>b</p><p>c", "a<p>c"),
        ("@media screen{p{display:none}}", "a<p>b</p>c", "ac"),
        ("/* } */ td{display:none}", "a<td>b</td>c", "ac"),
        (".x{color:#fff;background:#fff}", "a<i class=x>b</i>c", "ac"),
    ] {
        let style = format!("<style>{sheet}</style>");
        assert_eq!(
            without(&format!("{style}{html}")),
            format!("{style}{seen}"),
            "{sheet}"
        );
    }
}

#[test]
fn what_is_struck_out_is_said_to_be() {
    let struck = "a [struck out: sent # pieces] c";
    for html in [
        "a<s>sent 2 pieces</s>c",
        "a<strike>sent 2 pieces</strike>c",
        "a<del>sent <b>2</b> pieces</del>c",
        "a<p style='text-decoration: line-through'>sent 2 pieces</p>c",
        "a<p style=\"text-decoration:underline line-through red\">sent 2 pieces</p>c",
        "a<p style='text-decoration-line:line-through'>sent 2 pieces</p>c",
    ] {
        let seen = without(html);
        assert!(
            seen.ends_with(struck.trim_start_matches('a')),
            "{html}: {seen}"
        );
    }
    for sheet in [
        ".x{text-decoration:line-through}",
        "p{text-decoration-line:line-through}",
        "div .x{text-decoration:line-through}",
        "@media screen{.x{text-decoration:line-through}}",
        "p[class]{text-decoration:line-through}",
    ] {
        let html = format!("<style>{sheet}</style>a<p class=x>sent 2 pieces</p>c");
        assert!(without(&html).ends_with(struck), "{sheet}");
    }
    assert_eq!(without("a<s> </s>c"), "ac");
    assert_eq!(
        without("a<textarea>2</textarea>c"),
        "a [not shown or to be filled in: #] c"
    );
}

#[test]
fn what_a_sheet_may_hide_is_told() {
    for (sheet, html) in [
        ("div p{display:none}", "<p>b</p>"),
        (".x{display:none} .x{display:block}", "<p class=x>b</p>"),
        (".x{display:none}", "<p class=x style='display:block'>b</p>"),
        ("@supports (x:y){p{display:none}}", "<p>b</p>"),
        ("p:first-child{display:none}", "<p>b</p>"),
    ] {
        let seen = without(&format!("<style>{sheet}</style>{html}"));
        assert!(
            seen.ends_with(" [hidden by a style sheet: b] "),
            "{sheet}: {seen}"
        );
    }
    let any = without("<style>*{display:none}</style><p>b</p>");
    assert!(any.starts_with("<p>[a style sheet may hide"), "{any}");
}

#[test]
fn what_is_seen_stays() {
    for html in [
        "<td style=\"background:#0055aa\"><a style=\"color:#fff\">Track</a></td>",
        "<p style=\"font-size:10px\">a</p>",
        "<p style=\"line-height:0\">a</p><p style=\"opacity:0.9\">b</p>",
        "<p style=\"color:#333\">a</p>",
        "<div style=\"border-width:0\">a</div>",
        "<a href=\"x\" title=\"hidden\">a</a>",
        "<p class=x>a</p>",
    ] {
        assert_eq!(without(html), html, "{html}");
    }
    // what newsletters, Outlook and Gmail set
    for sheet in [
        "body,td{font-family:Arial,sans-serif;font-size:14px;color:#333;margin:0;padding:0}",
        "p{margin:0;color:#1a1a1a;text-decoration:none}",
        "a{text-decoration:none} a:hover{text-decoration:underline;visibility:hidden}",
        "@media only screen and (max-width:600px){p{display:none!important} .x{width:100%}}",
        "@media (prefers-color-scheme:dark){p{color:#fff;display:none}}",
        "@font-face{font-family:x;src:url(y)} p.MsoNormal{mso-style-priority:99;font-size:11.0pt}",
        "#outlook a{padding:0} .ExternalClass *{line-height:100%} img{display:block;border:0}",
        "div[style*=\"margin: 16px 0\"]{margin:0!important} u + .body p{line-height:inherit}",
        ".preheader{display:none!important}",
        "@media print{*{display:none}}",
    ] {
        let html = format!("<style>{sheet}</style><p class=x>a</p>");
        assert_eq!(without(&html), html, "{sheet}");
    }
    for pattern in [&STYLE, &NAMES, &ATTRIBUTE] {
        assert!(pattern.is_some());
    }
}

proptest! {
    #[test]
    fn never_panics(html in "(<|>|</?p|</?s>|style=\"| style='display:none'|\"|color:#fff|<style>|\\{|\\}|;|@media|\\.x|<!--|-->|&#8212;|\\PC){0,40}") {
        without(&html);
    }
}
