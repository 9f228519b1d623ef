//! What is named as a file and is none, or has no end: pipes that nobody writes to, devices, sparse
//! files of terabytes. Each is refused by name, at once and without memory.

use crate::support::desk::{CATALOGUE, Output, TestDesk, VENDORS};
use crate::support::scene::{self, POMS, Scene};
use nix::sys::stat::Mode;
use serde_json::json;
use std::path::Path;

const NOW: &str = "2025-06-02T10:10:00Z";

/// A command with a third of the memory that a terabyte needs, and a minute: a hang or a gulp fails here
/// and not the whole suite.
fn bounded(scene: &Scene, args: &[&str]) -> Output {
    let bounds = ["-k", "1", "60", "prlimit", "--as=6000000000", POMS];
    scene::output(scene.command("timeout", &[&bounds[..], args].concat(), NOW))
}

/// What may stand where a file was expected, and what poms calls it.
type Special = (&'static str, fn(&Path), &'static str);

const SPECIALS: [Special; 4] = [
    (
        "a pipe",
        |path| nix::unistd::mkfifo(path, Mode::S_IRUSR | Mode::S_IWUSR).unwrap(),
        "a pipe",
    ),
    (
        "a device without end",
        |path| std::os::unix::fs::symlink("/dev/zero", path).unwrap(),
        "a device",
    ),
    (
        "a folder",
        |path| {
            use std::os::unix::fs::DirBuilderExt;
            std::fs::DirBuilder::new().mode(0o700).create(path).unwrap();
        },
        "a folder",
    ),
    (
        "a sparse file of eight terabytes",
        |path| {
            use std::os::unix::fs::OpenOptionsExt;
            let mut new = std::fs::OpenOptions::new();
            let new = new.write(true).create_new(true).mode(0o600).open(path);
            new.unwrap().set_len(1 << 43).unwrap();
        },
        "bytes",
    ),
];

/// A site with a ledger, an order that was placed, and its files.
fn site() -> Scene {
    let desk = TestDesk::stocked();
    desk.order(&TestDesk::plain_order("W200001"));
    desk.run(&["process"]).ok();
    let mut another = TestDesk::plain_order("W200002");
    another["customer"] =
        json!({"name": "Ann Lee", "email": "ann@mail.example", "phone": "859-589-9228"});
    another["ship_to"]["name"] = json!("Ann Lee");
    another["ship_to"]["street1"] = json!("1 Main Street");
    desk.order(&another);
    Scene::of(&desk)
}

fn replace(path: &Path, with: fn(&Path)) {
    let _ = std::fs::remove_file(path);
    with(path);
}

/// More of the configuration that names `special`, as the tables that they belong to.
fn configured(key: &str) -> String {
    let text = scene::config("kind = \"maildir\"\npath = \"mail/sent\"", "");
    match key {
        "openpgp" => text.replace("secret_keys", "vendor_keys = [\"special\"]\nsecret_keys"),
        "passphrase" => text.replace("secret_keys", "passphrase_file = \"special\"\nsecret_keys"),
        "fonts" => text.replace("timezone", "fonts = [\"special\"]\ntimezone"),
        "token_keys" => text.replace("timezone", "token_keys = [\"special\"]\ntimezone"),
        "templates" => text.replace("timezone", "templates = \"templates\"\ntimezone"),
        _ => {
            let server = "kind = \"smtp\"\nhost = \"127.0.0.1\"\nport = 1\nsecurity = \"tls\"\nca_file = \"special\"";
            scene::config(server, "")
        }
    }
}

#[test]
fn what_the_configuration_names_must_be_a_file() {
    let site = site();
    for (what, make, called) in SPECIALS {
        for file in [
            "poms.toml",
            "keys/shop.sec.asc",
            "keys/webshop.pub.asc",
            "poms.db",
            "poms.db.anchor",
        ] {
            let scene = site.again();
            replace(&scene.path(file), make);
            let said = bounded(&scene, &["process"]);
            let shown = format!("{file} is {what}: {}{}", said.stdout, said.stderr);
            assert!([1, 2].contains(&said.code), "{shown}");
            let name = file.rsplit('/').next().unwrap();
            // a sparse file in place of the ledger is for SQLite to judge
            if (file, called) != ("poms.db", "bytes") {
                assert!(said.stderr.contains(name), "{shown}");
                assert!(
                    said.stderr.contains(called) || said.stderr.contains("is no file"),
                    "{shown}"
                );
            }
        }
        for key in ["openpgp", "passphrase", "fonts", "token_keys", "ca_file"] {
            let scene = site.again();
            scene.configure(&configured(key));
            make(&scene.path("special"));
            let said = bounded(&scene, &["check"]);
            let shown = format!("{key} is {what}: {}{}", said.stdout, said.stderr);
            assert!([1, 2].contains(&said.code), "{shown}");
            let all = format!("{}{}", said.stdout, said.stderr);
            assert!(all.contains("special"), "{shown}");
            assert!(all.contains(called) || all.contains("no file"), "{shown}");
        }
    }
}

#[test]
fn templates_must_be_files_of_a_size() {
    let site = site();
    for (what, make, called) in SPECIALS {
        let scene = site.again();
        scene.configure(&configured("templates"));
        use std::os::unix::fs::DirBuilderExt;
        let mut folder = std::fs::DirBuilder::new();
        folder.mode(0o700).create(scene.path("templates")).unwrap();
        make(&scene.path("templates/po_mail.txt"));
        let said = bounded(&scene, &["process"]);
        assert_eq!(said.code, 2, "{what}: {}", said.stderr);
        let named = [called, "leads out", "no file"];
        let right = named.iter().any(|word| said.stderr.contains(word));
        assert!(
            right && said.stderr.contains("po_mail.txt"),
            "{}",
            said.stderr
        );
    }
}

#[test]
fn a_template_without_end_is_named_at_the_start() {
    let scene = site();
    scene.configure(&configured("templates"));
    use std::os::unix::fs::DirBuilderExt;
    let mut folder = std::fs::DirBuilder::new();
    folder.mode(0o700).create(scene.path("templates")).unwrap();
    let doubled = "{% set a %}{{ a }}{{ a }}{% endset %}\n".repeat(40);
    let doubled = format!("{{% set a %}}{{{{ po.number * 1000 }}}}{{% endset %}}\n{doubled}");
    let piece = "x".repeat(2000);
    let long = format!(
        "{{% set a %}}{{% for b in range(99999) %}}{{% for c in range(99) %}}{piece}{{% endfor %}}{{% endfor %}}{{% endset %}}"
    );
    for (body, words) in [
        (doubled.as_str(), "gathers more than"),
        (&long, "comes to no end"),
        (
            "{% for a in range(99999) %}{% for b in range(99999) %}{{ a }}{% endfor %}{% endfor %}",
            "comes to no end",
        ),
        (
            "{% macro m(n) %}{{ m(n + 1) }}{{ m(n + 1) }}{% endmacro %}{{ m(0) }}",
            "recursion",
        ),
        (
            "{% macro m(n) %}{% if n < 40 %}{{ m(n + 1) }}{{ m(n + 1) }}{% endif %}{% endmacro %}{{ m(0) }}",
            "comes to no end",
        ),
        (
            "{% for a in range(99999) %}{{ po.number * 1000 }}{% endfor %}",
            "MiB of text",
        ),
    ] {
        let text = format!("Subject: {{{{ po.number }}}}\n\nDear vendor,\n{body}\n");
        std::fs::write(scene.path("templates/po_mail.txt"), text).unwrap();
        let said = bounded(&scene, &["process"]);
        assert_eq!(said.code, 2, "{body}: {}{}", said.stdout, said.stderr);
        let right = said.stderr.contains(words) && said.stderr.contains("po_mail.txt, line");
        assert!(right, "{body}: {}", said.stderr);
    }
}

/// Neither the engine's steps nor what is printed know how long a text is that is joined to itself.
#[test]
fn a_template_that_doubles_a_text_is_named_before_it_takes_the_memory() {
    let scene = site();
    scene.configure(&configured("templates"));
    use std::os::unix::fs::DirBuilderExt;
    let mut folder = std::fs::DirBuilder::new();
    folder.mode(0o700).create(scene.path("templates")).unwrap();
    let begin = "{% set n = namespace(x=po.number) %}";
    let lines = format!(
        "{{% set x = po.number %}}{}",
        "{% set x = x ~ x %}\n".repeat(60)
    );
    for grows in [
        format!("{begin}{{% for i in range(60) %}}{{% set n.x = n.x ~ n.x %}}{{% endfor %}}"),
        format!(
            "{begin}{{% for i in range(60) %}}{{% set n.x = n.x|replace('W', n.x) ~ 'W' %}}{{% endfor %}}"
        ),
        lines,
    ] {
        let text = format!("Subject: {{{{ po.number }}}}\n\nDear vendor,\n{grows}\n");
        std::fs::write(scene.path("templates/po_mail.txt"), text).unwrap();
        for args in [&["check"][..], &["process"]] {
            let said = bounded(&scene, args);
            assert_eq!(said.code, 2, "{grows}: {}{}", said.stdout, said.stderr);
            let right = ["po_mail.txt: takes more than 512 MiB", "Mend the template"];
            let right = right.iter().all(|words| said.stderr.contains(words));
            assert!(right, "{grows}: {}", said.stderr);
        }
    }
}

#[test]
fn what_a_person_names_must_be_a_file() {
    let site = site();
    let commands: [&[&str]; 4] = [
        &["catalogue", "import", "special"],
        &["vendors", "import", "special"],
        &["import-advices", "special"],
        &["import-invoices", "special"],
    ];
    for (what, make, called) in SPECIALS {
        let scene = site.again();
        make(&scene.path("special"));
        for args in commands {
            let said = bounded(&scene, args);
            let shown = format!("{args:?}, {what}: {}{}", said.stdout, said.stderr);
            assert_eq!(said.code, 1, "{shown}");
            let named = said.stderr.contains(called) || said.stderr.contains("larger than");
            assert!(named && said.stderr.contains("special"), "{shown}");
        }
    }
}

#[test]
fn what_lies_in_the_watched_folder_keeps_nothing_waiting() {
    for (what, make, _) in SPECIALS {
        let scene = site();
        let more = "[invoicing]\nfolder = \"bills\"";
        scene.configure(&scene::config(
            "kind = \"maildir\"\npath = \"mail/sent\"",
            more,
        ));
        std::fs::create_dir(scene.path("bills")).unwrap();
        make(&scene.path("bills/a.csv"));
        let long_ago = std::time::SystemTime::UNIX_EPOCH;
        if what.starts_with("a sparse") {
            let file = std::fs::File::options()
                .append(true)
                .open(scene.path("bills/a.csv"));
            file.unwrap().set_modified(long_ago).unwrap();
        }
        let said = bounded(&scene, &["process"]);
        let sparse = what.starts_with("a sparse");
        assert_eq!(said.code, i32::from(sparse), "{what}: {}", said.stderr);
        assert_eq!(sparse, said.stderr.contains("a.csv"), "{}", said.stderr);
        let placed = scene.count("SELECT count(*) FROM orders WHERE state = 'placed'");
        assert_eq!(placed, 2, "{what}");
    }
}

#[test]
fn what_lies_in_the_mailbox_keeps_nothing_waiting_and_costs_no_memory() {
    for (what, make, _) in SPECIALS {
        let scene = site();
        // before the order that waits
        make(&scene.path("mail/orders/new/1000000000.M1.host"));
        let said = bounded(&scene, &["process", "--json"]);
        assert_eq!(said.code, 0, "{what}: {}", said.stderr);
        let placed = scene.count("SELECT count(*) FROM orders WHERE state = 'placed'");
        assert_eq!(placed, 2, "{what}: {}", said.stdout);
        let sparse = i64::from(what.starts_with("a sparse"));
        let kept = scene.count("SELECT count(*) FROM message WHERE state = 'quarantined'");
        assert_eq!(kept, sparse, "{what}");
        assert_eq!(scene.problems(), Vec::<String>::new());
    }
}

#[test]
fn a_table_of_a_hundred_thousand_columns_is_refused() {
    let scene = site();
    let wide = ",x".repeat(100_000);
    let header = |text: &str| text.lines().next().unwrap().to_owned();
    let advice = "po_number,sku,qty,carrier,tracking_number,ship_date";
    let bills = "Date,Num,Vendor,Memo,Account,Amount";
    let answers = "PO,SKU,Status";
    for (args, header) in [
        (&["catalogue", "import", "wide.csv"][..], header(CATALOGUE)),
        (&["vendors", "import", "wide.csv"], header(VENDORS)),
        (&["import-advices", "wide.csv"], advice.to_owned()),
        (&["import-advices", "wide.csv"], answers.to_owned()),
        (&["import-invoices", "wide.csv"], bills.to_owned()),
    ] {
        for text in [
            format!("{header}{wide}\n"),
            format!("{header}\na,b,c{wide}\n"),
            format!("{header}{wide}\n").replace(',', ";"),
        ] {
            std::fs::write(scene.path("wide.csv"), text).unwrap();
            let said = bounded(&scene, args);
            assert_eq!(said.code, 1, "{args:?}: {}{}", said.stdout, said.stderr);
            let right = said.stderr.contains("columns, and 1000 are the most");
            assert!(right, "{args:?}: {}", said.stderr);
        }
    }
}
