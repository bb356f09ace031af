//! Values that cannot be what they are: what is told, word for word.

use insta::assert_snapshot;

use super::*;

#[test]
fn values_of_the_wrong_type() {
    assert_snapshot!(changed("roles = [\"worker\"]", "roles = \"worker\""), @r#"
    Error wrong-type: `roles` must be a list, not text
      62: "\"worker\"" this is text
      help: write it like `roles = ["worker"]`
    "#);
    assert_snapshot!(changed("ram = \"4GB\"", "ram = 4"), @r#"
    Error wrong-type: `ram` must be text between double quotes, not a whole number
      49: "4" this is a whole number
      help: write it like `ram = "4GB"`
    "#);
    assert_snapshot!(added("[cluster]", "user = [\"pi\"]\npurpose = [1]"), @r#"
    Error wrong-type: `user` must be text between double quotes, not a list
      3: "[\"pi\"]" this is a list
      help: write it like `user = "pi"`
    Error wrong-type: `purpose` must be text between double quotes, not a whole number
      4: "1" this is a whole number
      help: write it like `purpose = ["learn", "parallel"]`
    "#);
    assert_snapshot!(told(&format!("{LEAST}[power]\nbutton = \"yes\"")), @r#"
    Error wrong-type: `button` must be `true` or `false`, not text
      13: "\"yes\"" this is text
      help: write it like `button = true`
    "#);
    let table = "[network]\nsubnet = \"10.55.0.0/24\"\n";
    let line = format!("network = \"10.55.0.0/24\"\n{}", LEAST.replace(table, ""));
    assert_snapshot!(told(&line), @r#"
    Error wrong-type: `network` must be a table, not text
      1: "\"10.55.0.0/24\"" this is text
      help: write `[network]` on a line of its own, and keys below it
    "#);
    assert_snapshot!(changed("quantity = 5", "quantity = 0"), @r#"
    Error out-of-range: `quantity` must be a number from 1 to 1000000
      68: "0" out of range
      help: write it like `quantity = 1`
    "#);
    assert_snapshot!(changed("price = 32", "price = -1"), @r#"
    Error out-of-range: `price` must be a number from 0 to 1000000, to four places
      77: "-1" out of range
      help: write it like `price = 1.60`
    "#);
    assert_snapshot!(changed("price = 32", "price = \"32 USD\""), @r#"
    Error wrong-type: `price` must be a number, not text
      77: "\"32 USD\"" this is text
      help: write it like `price = 1.60`
    "#);
}

#[test]
fn values_with_the_wrong_unit() {
    assert_snapshot!(changed("ram = \"4GB\"", "ram = \"4Gb\""), @r#"
    Error wrong-unit: `4Gb` is no quantity for `ram`
      49: "Gb" not a unit of this
      help: write one of the units `MB`, `MiB`, `GB`, `GiB`
    "#);
    assert_snapshot!(changed("ram = \"4GB\"", "ram = \"four\""), @r#"
    Error wrong-unit: `four` is no quantity for `ram`
      49: "\"four\"" not a number and a unit
      help: write a number and a unit, such as `"4GB"`
    "#);
    assert_snapshot!(changed("ram = \"4GB\"", "ram = \"4\""), @r#"
    Error wrong-unit: `4` is no quantity for `ram`
      49: "\"4\"" no unit
      help: write one of the units `MB`, `MiB`, `GB`, `GiB`
    "#);
    assert_snapshot!(changed("0.30/kWh", "0.30/kW"), @r#"
    Error wrong-unit: `0.30/kW` is no price for a kWh
      42: "\"0.30/kW\"" not such a price
      help: write a price in the cluster's currency, such as `"0.30/kWh"`
    "#);
}

#[test]
fn keys_of_people() {
    let key = |text: &str| added("[cluster]", &format!("authorized_keys = [{text:?}]"));
    assert_snapshot!(key("AAAAC3Nz me"), @r#"
    Error invalid-key: this is no public key on one line
      3: "\"AAAAC3Nz me\"" not a public key
      help: write the line of a file such as `~/.ssh/id_ed25519.pub`: `ssh-ed25519 AAAA... me`
    "#);
    assert_snapshot!(key("ssh-ed25519 AAAAC3Nz me\nssh-rsa AAAA"), @r#"
    Error invalid-key: this is no public key on one line
      3: "\"ssh-ed25519 AAAAC3Nz me\\nssh-rsa AAAA\"" not a public key
      help: write the line of a file such as `~/.ssh/id_ed25519.pub`: `ssh-ed25519 AAAA... me`
    "#);
    assert_snapshot!(key("-----BEGIN OPENSSH PRIVATE KEY-----"), @r#"
    Error invalid-key: this is a private key, which must never be in the cluster file
      3: "\"-----BEGIN OPENSSH PRIVATE KEY-----\"" a private key
      help: write the public key, the one line of a file such as `~/.ssh/id_ed25519.pub`; make a new pair if this file was shown to anyone
    "#);
}

#[test]
fn commas_for_points_and_tables_for_lists() {
    assert_snapshot!(changed("total = 8", "total = 8,50"), @r#"
    Error syntax: unexpected key or value, expected newline, `#`
      69: "" TOML's grammar is broken here
      help: write a point in numbers: `8.50`
    "#);
    assert_snapshot!(changed("0.30/kWh", "0,30/kWh"), @r#"
    Error wrong-unit: `0,30/kWh` is no price for a kWh
      42: "\"0,30/kWh\"" not such a price
      help: write a point in numbers: `"0.30/kWh"`
    "#);
    assert_snapshot!(changed("[[nodes]]", "[nodes]"), @r#"
    Error wrong-type: `nodes` is a list of tables, and this is one table
      56: "[nodes]" one pair of brackets
      help: write `[[nodes]]`, with two pairs of brackets
    "#);
    assert_snapshot!(changed("[power]", "[cost]\nrates = { USD = -1 }\n[power]"), @r#"
    Error out-of-range: `USD` must be a number from 0 to 1000000, to four places
      42: "-1" out of range
      help: write it like `USD = 0.79`
    "#);
    assert_snapshot!(told(&format!("{RECIPE}\n[catalogue.supplies.x]\nname = 'x'\npower = '2,4W'\n")), @r#"
    Error wrong-unit: `2,4W` is no quantity for `power`
      94: "'2,4W'" a comma
      help: write a point in numbers: `"2.4W"`
    "#);
}

#[test]
fn a_key_says_its_own_type_inside() {
    let key = |text: &str| added("[cluster]", &format!("authorized_keys = ['{text}']"));
    for right in [
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGarden me@laptop",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB",
    ] {
        assert_eq!(key(right), "", "{right}");
    }
    for wrong in [
        "ssh-rsa AAAA",
        "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIGarden",
        "ssh-rsa AAAAB3-",
    ] {
        assert!(key(wrong).contains("invalid-key"), "{wrong}");
    }
}
