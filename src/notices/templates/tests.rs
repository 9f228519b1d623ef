//! What a site may put in place of the templates, and what is refused.

use super::*;

fn site(files: &[(&str, &str)]) -> (tempfile::TempDir, Result<Templates, TemplateError>) {
    let dir = tempfile::tempdir().unwrap();
    for (name, source) in files {
        std::fs::write(dir.path().join(name), source).unwrap();
    }
    let loaded = Templates::load(Some(dir.path()));
    (dir, loaded)
}

fn fault(files: &[(&str, &str)]) -> String {
    let (dir, loaded) = site(files);
    let prefix = format!("{}/", dir.path().display());
    loaded.unwrap_err().to_string().replace(&prefix, "")
}

#[test]
fn a_site_replaces_what_it_wants() {
    let (_dir, loaded) = site(&[
        (
            "customer_placed.txt",
            "Subject: Got {{ order_number }}\r\n\r\nHi {{ customer_name }}\r\n",
        ),
        ("customer_placed.html", ""),
        ("README.md", "not a template {{"),
    ]);
    let (_, placed, admin) = rehearsal::contexts(true);
    let templates = loaded.unwrap();
    let mail = templates.customer_placed(&placed).unwrap();
    assert_eq!(mail.subject, "Got 1001");
    assert_eq!(mail.text, "Hi Customer\n");
    assert!(mail.html.is_none());
    assert!(templates.admin_exceptions(&admin).is_ok());
}

/// One file changes the look of all mails to customers.
#[test]
fn a_site_replaces_the_frame_alone() {
    let (_dir, loaded) = site(&[(
        "customer_base.html",
        "<!DOCTYPE html>\n<title>{{ shop.name }}</title>\n<h2>{% block heading %}{% endblock %}</h2>\n\
         {% block content %}{% endblock %}\n",
    )]);
    let templates = loaded.unwrap();
    let (_, placed, _) = rehearsal::contexts(true);
    let (shipped, ..) = rehearsal::later(true);
    for (mail, heading) in [
        (
            templates.customer_placed(&placed),
            "Thank you for your order",
        ),
        (
            templates.customer(NoticeKind::Shipped, &shipped),
            "A part of your order is on its way",
        ),
    ] {
        let html = mail.unwrap().html.unwrap();
        assert!(html.contains(&format!("<h2>{heading}</h2>")), "{html}");
        assert!(!html.contains("Hello") && html.contains("Where it goes"));
    }
}

#[test]
fn faults_name_file_and_line() {
    let shown = [
        fault(&[("po_mail.txt", "Hello")]),
        fault(&[("po_mail.txt", "Subject: \n\nx")]),
        fault(&[("po_mail.txt", "Subject: {{ po.numbr }}\n\nx")]),
        fault(&[("po_mail.txt", "Subject: x\n\nHello\n{{ po.vendr_name }}\n")]),
        fault(&[("po_mail.txt", "Subject: x\n\n\n\n{% if po.number %}\n")]),
        fault(&[("customer_placed.html", "<p>\n{{ customer_name|safe }}")]),
        fault(&[("po_mial.txt", "Subject: x\n")]),
        fault(&[(
            "admin_exceptions.txt",
            "Subject: x\n{% include 'po_mail.txt' %}",
        )]),
        fault(&[(
            "admin_exceptions.txt",
            "Subject: x\n\n{{ site|money('USD') }}",
        )]),
        fault(&[(
            "customer_cancelled.txt",
            "Subject: x\n{% include '/etc/hostname' %}",
        )]),
        fault(&[(
            "customer_cancelled.txt",
            "Subject: x\n{% extends 'nothing.txt' %}",
        )]),
        fault(&[("customer_base.txt", "\n\nHello {{ custmer }}\n")]),
        fault(&[(
            "customer_parts.html",
            "{% macro parts(a, b) %}{% endmacro %}",
        )]),
        fault(&[(
            "customer_cancelled.html",
            "<p>{% autoescape false %}{{ customer_name }}{% endautoescape %}</p>",
        )]),
        fault(&[(
            "customer_cancelled.html",
            "<pre>{% include 'customer_base.txt' %}</pre>",
        )]),
    ]
    .join("\n");
    crate::golden::golden(
        "src/notices/templates/expected/faults_name_file_and_line.txt",
        &shown,
    );
}

#[test]
fn a_link_out_of_the_directory_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/etc/hostname", dir.path().join("po_mail.txt")).unwrap();
    let fault = Templates::load(Some(dir.path())).unwrap_err().to_string();
    assert!(
        fault.contains("leads out of the templates directory"),
        "{fault}"
    );
}

#[test]
fn a_directory_that_is_not_there_is_named() {
    let fault = Templates::load(Some(Path::new("/nonexistent/t"))).unwrap_err();
    assert!(fault.to_string().contains("/nonexistent/t"));
}

#[test]
fn mails_as_they_are() {
    let templates = Templates::load(None).unwrap();
    for full in [true, false] {
        let (po, placed, admin) = rehearsal::contexts(full);
        let (shipped, delayed, cancelled) = rehearsal::later(full);
        let questions = rehearsal::questions(full);
        let chases = rehearsal::chases(full);
        let kind = if full { "full" } else { "sparse" };
        let question = |at: usize| templates.customer(NoticeKind::Question, &questions[at]);
        for (name, mail) in [
            (
                "po",
                templates.purchase_order(&po, "PURCHASE ORDER 1001-1\n", full),
            ),
            ("placed", templates.customer_placed(&placed)),
            ("admin", templates.admin_exceptions(&admin)),
            ("shipped", templates.customer(NoticeKind::Shipped, &shipped)),
            (
                "not_shipped",
                templates.customer(NoticeKind::NotShipped, &rehearsal::not_shipped(full)),
            ),
            ("delayed", templates.customer(NoticeKind::Delayed, &delayed)),
            (
                "cancelled",
                templates.customer(NoticeKind::Cancelled, &cancelled),
            ),
            (
                "overdue",
                templates.customer(NoticeKind::Overdue, &rehearsal::overdue(full)),
            ),
            ("chase", templates.po_chase(&chases[0])),
            (
                "chases",
                templates.po_chases(&rehearsal::gathered(chases.clone())),
            ),
            (
                "taken_off",
                templates.customer(NoticeKind::TakenOff, &rehearsal::taken_off(full)),
            ),
            ("question_rejected", question(0)),
            ("question_backordered", question(1)),
            ("question_late", question(2)),
            ("dispute", templates.dispute(&rehearsal::dispute(full))),
        ] {
            let mail = mail.unwrap();
            // an address cannot be broken
            for line in mail.text.lines().filter(|line| !line.contains("://")) {
                assert!(crate::domain::text::columns(line) <= 76, "{line}");
            }
            let shown = format!("{}\n\n{}", mail.subject, mail.text);
            let file = format!("src/notices/templates/expected/{name}_{kind}.txt");
            crate::golden::golden(file, &shown);
        }
    }
}
