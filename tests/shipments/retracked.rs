//! A tracking number that a person types wrongly, and one that is put back before anybody read the other.

use super::{Dock, T1, T2};

const T3: &str = "1Z999AA10123456784";

fn told(dock: &Dock) -> Vec<String> {
    let all = dock.desk.mails_to("W1@mail.example");
    all.iter().map(|mail| mail.text()).collect()
}

fn retrack(dock: &Dock, more: &[&str]) -> String {
    let args = [
        &["shipment", "retrack", "1", "--note", "x", "--tracking"],
        more,
    ];
    dock.desk.run(&args.concat()).ok().stdout
}

#[test]
fn a_number_that_cannot_be_right_is_asked_about_and_the_way_there_and_back_tells_nothing_twice() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 4)]);
    let table =
        format!("po,sku,qty,carrier,tracking,ship date\nW1-1,BF63-12163,4,UPS,{T1},2025-06-02\n");
    dock.import("first.csv", &table, &[]);
    dock.run();
    let before = told(&dock).len();
    for wrong in ["1Z999", "1Z999AA10123456785"] {
        let typed = [
            "shipment",
            "retrack",
            "1",
            "--tracking",
            wrong,
            "--note",
            "x",
        ];
        let ready = format!("shipment retrack 1 --tracking {wrong} --note \"WHY\" --as-typed");
        let named = format!("{wrong} is no right tracking number");
        dock.desk.run(&typed).fails(1, &[&named, &ready]);
    }
    retrack(&dock, &["1Z999", "--as-typed"]);
    retrack(&dock, &[T3]);
    // the customer read T1 and none of the others
    let said = retrack(&dock, &[T1]);
    assert!(said.contains("no mail is sent"), "{said}");
    dock.run();
    assert_eq!(told(&dock).len(), before);
    // another that they read makes it news again
    retrack(&dock, &[T2]);
    dock.run();
    let said = retrack(&dock, &[T1]);
    assert!(said.contains("is told the number"), "{said}");
    dock.run();
    let all = told(&dock);
    assert_eq!(all.len(), before + 2);
    assert!(all.last().unwrap().contains(T1));
    dock.verify();
}
