//! Files that break TOML's grammar, or hold keys nobody knows: what is told, word for word.

use insta::assert_snapshot;

use super::*;

#[test]
fn everything_wrong_is_told_in_one_go() {
    assert_snapshot!(told(r#"
[cluster]
name = "My Garden"
timezone = "europe/london"
purpse = ["learn"]
[network]
subnet = "10.42.0.7/24"
internet = "allways"
switch = 8
[head]
name = "head"
board = "rpi4"
ram = "4Gb"
[[nodes]]
names = "node[5-1]"
board = "rpi3bplus"
roles = ["workr"]
[strage]
"#), @r#"
    Error invalid-name: `My Garden` is no name for `name`: `M` cannot stand in a name
      3: "\"My Garden\"" not a valid name
      help: write it like `my-garden`
    Error unknown-timezone: `europe/london` is no time zone
      4: "\"europe/london\"" not of the form `Area/City`
      help: did you mean `Europe/London`?
    Error unknown-key: unknown key `purpse` in `[cluster]`
      5: "purpse" not a key here
      help: did you mean `purpose`?
    Error subnet-host-bits: `10.42.0.7/24` is the address of a host, not of a subnet
      7: "\"10.42.0.7/24\"" bits are set after the prefix
      help: write `10.42.0.0/24`
    Error subnet-taken: `10.42.0.0/24` overlaps `10.42.0.0/16`, which is for the pods of k3s
      7: "\"10.42.0.7/24\"" in use by containers
      help: choose another, such as `10.55.0.0/24`
    Error unknown-value: `allways` is no value of `internet`
      8: "\"allways\"" not a value of this key
      help: did you mean `always`? It can be `always`, `on-demand` or `never`
    Error wrong-type: `switch` must be text between double quotes, not a whole number
      9: "8" this is a whole number
      help: write it like `switch = "netgear-8-port"`
    Error unknown-board: no board is called `rpi4`
      12: "\"rpi4\"" not in the catalogue
      help: did you mean `rpi4b`? Hardware of your own is described under `[catalogue.boards.rpi4]`
    Error wrong-unit: `4Gb` is no quantity for `ram`
      13: "Gb" not a unit of this
      help: write one of the units `MB`, `MiB`, `GB`, `GiB`
    Error invalid-node-set: `node[5-1]` does not name nodes: the range `5-1` runs backwards
      15: "5-1" here
      help: write `1-5`
    Error unknown-role: no role is called `workr`
      17: "\"workr\"" not a role
      help: did you mean `worker`? It can be `gateway`, `mpi`, `scheduler`, `storage`, `time` or `worker`
    Error unknown-key: unknown table `[strage]`
      18: "strage" not a key here
      help: did you mean `storage`?
    "#);
}

#[test]
fn toml_that_is_broken() {
    assert_snapshot!(told("[cluster\nname = garden\n"), @r#"
    Error syntax: unclosed table
      1: "" TOML's grammar is broken here
      help: close the table's name with `]`
    "#);
    assert_snapshot!(changed("user = \"pi\" ", "user = \"pi "), @r#"
    Error syntax: invalid basic string
      9: "" TOML's grammar is broken here
      help: close the text with a double quote on the same line
    "#);
    assert_snapshot!(changed("[os]", "[cluster]"), @r#"
    Error syntax: duplicate key
      15: "cluster" TOML's grammar is broken here
      help: keep one of the two and delete the other
    "#);
    assert_snapshot!(changed("ram = \"4GB\"", "ram"), @r#"
    Error syntax: key with no value
      49: "" TOML's grammar is broken here
      help: write `= ` and a value after the key
    "#);
    assert_snapshot!(changed("[\"worker\"]", "[\"worker\""), @r#"
    Error syntax: a list is never closed
      66: "" a `,` or a `]` is missing here
      help: close the list with `]`, or put a comma between its items
    "#);
    assert_snapshot!(told(&LEAST.replace("name = \"head\"", "name = head\nbord = 1")), @r#"
    Error syntax: string values must be quoted
      7: "head" TOML's grammar is broken here
      help: put the value between double quotes
    Error unknown-key: unknown key `bord` in `[head]`
      8: "bord" not a key here
      help: delete it; what can stand here is `name`, `uplink`, `board`, `ram`, `emmc`, `card`, `drives`, `usb`, `hat`, `carrier`, `supply`, `cable`, `cooling`, `image`, `adopt`, `address` or `roles`
    "#);
}

#[test]
fn nothing_at_all() {
    assert_snapshot!(told(""), @r#"
    Error missing-table: there is no `[cluster]`: the cluster needs a name
      1: "" the file ends without a `[cluster]`
      help: add `[cluster]` with `name = "garden"`
    Error missing-table: there is no `[network]`: the nodes need addresses
      1: "" the file ends without a `[network]`
      help: add `[network]` with `subnet = "10.55.0.0/24"`
    Error no-head: there is no `[head]`: one node must be the head
      1: "" the file ends without a `[head]`
      help: add `[head]` with `name = "head"` and `board = "rpi4b"`
    "#);
    assert_snapshot!(told("name = \"garden\"\n[garden]\n"), @r#"
    Error unknown-key: unknown key `name` before the first table
      1: "name" not a key here
      help: delete it; what can stand here is `cluster`, `cost`, `os`, `network`, `time`, `storage`, `scheduler`, `power`, `head`, `nodes`, `identity`, `parts` or `catalogue`
    Error unknown-key: unknown table `[garden]`
      2: "garden" not a key here
      help: delete it; what can stand here is `cluster`, `cost`, `os`, `network`, `time`, `storage`, `scheduler`, `power`, `head`, `nodes`, `identity`, `parts` or `catalogue`
    Error missing-table: there is no `[cluster]`: the cluster needs a name
      2: "" the file ends without a `[cluster]`
      help: add `[cluster]` with `name = "garden"`
    Error missing-table: there is no `[network]`: the nodes need addresses
      2: "" the file ends without a `[network]`
      help: add `[network]` with `subnet = "10.55.0.0/24"`
    Error no-head: there is no `[head]`: one node must be the head
      2: "" the file ends without a `[head]`
      help: add `[head]` with `name = "head"` and `board = "rpi4b"`
    "#);
}

#[test]
fn keys_that_nobody_reads() {
    assert_snapshot!(changed("subnet =", "subnt ="), @r#"
    Error unknown-key: unknown key `subnt` in `[network]`
      22: "subnt" not a key here
      help: did you mean `subnet`?
    "#);
    assert_snapshot!(changed("[[nodes]]", "[[node]]"), @r#"
    Error unknown-key: unknown table `[[node]]`
      56: "node" not a key here
      help: did you mean `nodes`?
    "#);
    assert_snapshot!(added("[head]", "colour = \"red\""), @r#"
    Error unknown-key: unknown key `colour` in `[head]`
      7: "colour" not a key here
      help: delete it; what can stand here is `name`, `uplink`, `board`, `ram`, `emmc`, `card`, `drives`, `usb`, `hat`, `carrier`, `supply`, `cable`, `cooling`, `image`, `adopt`, `address` or `roles`
    "#);
    assert_snapshot!(changed("{ wifi =", "{ wlan ="), @r#"
    Error unknown-key: unknown key `wlan` in `uplink`
      52: "wlan" not a key here
      help: delete it; what can stand here is `wifi`, `ethernet`, `reach` or `country`
    "#);
    assert_snapshot!(changed("mount =", "mont ="), @r#"
    Error unknown-key: unknown key `mont` in an entry of `shared`
      35: "mont" not a key here
      help: did you mean `mount`?
    "#);
}

#[test]
fn keys_and_tables_that_are_missing() {
    assert_snapshot!(changed("board = \"rpi3bplus\" ", ""), @r#"
    Error missing-key: `[[nodes]]` needs `board`
      56: "[[nodes]]" `board` is missing here
      help: add `board = "rpi4b"`
    "#);
    assert_snapshot!(told("[cluster]\nname = \"x\""), @r#"
    Error missing-table: there is no `[network]`: the nodes need addresses
      2: "" the file ends without a `[network]`
      help: add `[network]` with `subnet = "10.55.0.0/24"`
    Error no-head: there is no `[head]`: one node must be the head
      2: "" the file ends without a `[head]`
      help: add `[head]` with `name = "head"` and `board = "rpi4b"`
    "#);
    assert_snapshot!(told(&format!("{LEAST}[[parts]]\n[storage]\nshared = [{{}}]")), @r#"
    Error missing-key: `[[parts]]` needs `name`
      12: "[[parts]]" `name` is missing here
      help: add `name = "dog bone stack"`
    Error missing-key: an entry of `shared` needs `on`
      14: "{}" `on` is missing here
      help: add `on = "head"`
    Error missing-key: an entry of `shared` needs `path`
      14: "{}" `path` is missing here
      help: add `path = "/srv/home"`
    Error missing-key: an entry of `shared` needs `mount`
      14: "{}" `mount` is missing here
      help: add `mount = "/home/shared"`
    "#);
    assert_snapshot!(changed("ram = \"4GB\"", ""), @r#"
    Error missing-ram: the Raspberry Pi 4 Model B is sold with several sizes of memory
      48: "\"rpi4b\"" which size is it?
      help: add `ram = ` and the size, which can be `"1GB"`, `"2GB"`, `"4GB"` or `"8GB"`
    "#);
}
