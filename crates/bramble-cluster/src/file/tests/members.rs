//! Nodes that cannot be: what is told, word for word.

use insta::assert_snapshot;

use super::*;

#[test]
fn names() {
    assert_snapshot!(changed("node[1-5]", "Node_[1-5]"), @r#"
    Error invalid-name: `Node_1` is no node's name: `N` cannot stand in a name
      57: "Node_[1-5]" here
      help: write it like `node-1`
    "#);
    assert_snapshot!(changed("name = \"head\"", "name = \"head.lan\""), @r#"
    Error invalid-name: `head.lan` is no name for `name`: `.` cannot stand in a name
      47: "\"head.lan\"" not a valid name
      help: write it like `head-lan`
    "#);
    assert_snapshot!(changed("user = \"pi\" ", "user = \"root\" "), @r#"
    Error invalid-user: the account `root` belongs to the system
      9: "\"root\"" taken on every node
      help: choose another name, such as `pi`; it may become root with `sudo`
    "#);
    assert_snapshot!(changed("user = \"pi\" ", "user = \"Pi\" "), @r#"
    Error invalid-name: `Pi` is no name for `user`: `P` cannot stand in a name
      9: "\"Pi\"" not a valid name
      help: write it like `pi`
    "#);
    assert_snapshot!(changed("node[1-5]", "head,node[1-5]"), @r#"
    Error duplicate-name: the name `head` is given twice
      57: "\"head,node[1-5]\"" given again here
      47: "\"head\"" given here first
      help: change one of the two: every node needs a name of its own
    "#);
    assert_snapshot!(told(&format!("{LEAST}[[nodes]]\nnames = 'node[2-7]'\nboard = 'rpi3b'")), @r#"
    Error duplicate-name: the name `node2` is given twice
      13: "'node[2-7]'" given again here
      10: "\"node[1-2]\"" given here first
      help: change one of the two: every node needs a name of its own
    "#);
}

#[test]
fn node_sets() {
    assert_snapshot!(changed("node[1-5]", "node[5-1]"), @r#"
    Error invalid-node-set: `node[5-1]` does not name nodes: the range `5-1` runs backwards
      57: "5-1" here
      help: write `1-5`
    "#);
    assert_snapshot!(changed("node[1-5]", "node1, node[2-x]"), @r#"
    Error invalid-node-set: `node1, node[2-x]` does not name nodes: `x` is no number
      57: "2-x" here
      help: write names like `node[1-5,8]` or `rack1,rack2`
    "#);
    assert_snapshot!(changed("node[1-5]", "node[1-5"), @r#"
    Error invalid-node-set: `node[1-5` does not name nodes: a `[` needs a range and a `]`, such as `[1-5,8]`
      57: "[1-5" here
      help: write names like `node[1-5,8]` or `rack1,rack2`
    "#);
    assert_snapshot!(changed("node[1-5]", "@worker"), @r#"
    Error invalid-node-set: `@worker` does not name nodes: a group such as `@worker` cannot stand here
      57: "@worker" here
      help: write names like `node[1-5,8]` or `rack1,rack2`
    "#);
    assert_snapshot!(changed("node[1-5]", ""), @r#"
    Error empty-node-set: `` names no node at all
      57: "\"\"" nobody
      help: write at least one name, such as `node[1-5]`, or delete the table
    "#);
    assert_snapshot!(changed("node[1-5]", "node1!node1"), @r#"
    Error empty-node-set: `node1!node1` names no node at all
      57: "\"node1!node1\"" nobody
      help: write at least one name, such as `node[1-5]`, or delete the table
    "#);
    assert_snapshot!(changed("node[1-5]", "node[1-99999999]"), @r#"
    Error too-many-nodes: `node[1-99999999]` does not name nodes: that is more than 100000 nodes
      57: "node[1-99999999]" here
      help: write fewer: no cluster has as many
    "#);
    let padding = format!("node[{}1-9]", "0".repeat(50));
    assert_snapshot!(changed("node[1-5]", &padding), @r#"
    Error invalid-node-set: `node[00000000000000000000000000000000000…` does not name nodes: both ends of the range `000000000000000000000000000000000000000000000000001-9` need the same number of digits
      57: "000000000000000000000000000000000000000000000000001-9" here
      help: write both ends with the same number of digits, such as `node[01-10]`
    "#);
    let more = "[[nodes]]\nnames = 'm[1-90000]'\nboard = 'rpi3b'\n";
    assert_snapshot!(told(&format!("{LEAST}{more}{}", more.replace("m[", "k["))), @r#"
    Error too-many-nodes: that is more than 100000 nodes
      16: "'k[1-90000]'" too many together with those above
      help: write fewer: no cluster has as many
    "#);
}

#[test]
fn roles() {
    assert_snapshot!(added("[[nodes]]", "roles = [\"worker\", \"gateway\"]"), @r#"
    Error single-role: `head` and `node1` both have the role `gateway`
      10: "\"gateway\"" gives it to `node1`
      6: "[head]" gives it to `head`
      help: only one node can have it: take `gateway` away from the others
    "#);
    let two = "[[nodes]]\nnames = 'a,b'\nboard = 'rpi3b'\nroles = ['mpi', 'scheduler']";
    let text = format!("{LEAST}{two}").replace("[head]", "[head]\nroles = []");
    assert_snapshot!(told(&text), @r#"
    Error single-role: `a` and `b` both have the role `scheduler`
      16: "'scheduler'" gives it to `b`
      help: only one node can have it: take `scheduler` away from the others
    "#);
    assert_snapshot!(told(&LEAST.replace("[[nodes]]", "[[nodes]]\nroles = []")), @r#"
    Warning no-worker: no node has the role `worker`, so that no job can run
      9: "[[nodes]]" neither here nor above
      help: add `[[nodes]]` with `roles = ["worker"]`, or add `worker` to the roles of the head
    "#);
    assert_snapshot!(changed(", \"scheduler\"]", "]"), @r#"
    Error no-scheduler-node: an engine is given, and no node has the role `scheduler`
      39: "\"slurm\"" runs nowhere
      help: add `scheduler` to the roles of the head, or delete the engine
    "#);
}

#[test]
fn shares() {
    let share = "{ on = \"head\", path = \"/srv/home\", mount = \"/home/shared\" }";
    assert_snapshot!(changed("on = \"head\"", "on = \"haed\""), @r#"
    Error unknown-node: no node is called `haed`
      35: "\"haed\"" no such node
      help: did you mean `head`? It can be `head`, `node1`, `node2`, `node3`, `node4` or `node5`
    "#);
    assert_snapshot!(changed(share, &format!("{share}, {share}")), @r#"
    Error duplicate-mount: two shares have the mount `/home/shared`
      35: "\"/home/shared\"" again here
      35: "\"/home/shared\"" first here
      help: give one of them another mount
    "#);
    assert_snapshot!(changed("/srv/home", "srv/home"), @r#"
    Error invalid-path: `srv/home` cannot be the `path`
      35: "\"srv/home\"" not absolute
      help: write it from the root: `/srv/home`
    "#);
    assert_snapshot!(changed("/srv/home", "/srv/my home"), @r#"
    Error invalid-path: `/srv/my home` cannot be the `path`
      35: "\"/srv/my home\"" odd characters
      help: use letters, digits, `/`, `.`, `_` and `-` only
    "#);
    assert_snapshot!(changed("/home/shared", "/"), @r#"
    Error invalid-path: `/` cannot be the `mount`
      35: "\"/\"" the whole file system
      help: name a directory below it, such as `/srv/home`
    "#);
    assert_snapshot!(changed("/home/shared", "/home/../etc/"), @r#"
    Error invalid-path: `/home/../etc/` cannot be the `mount`
      35: "\"/home/../etc/\"" not in its simplest form
      help: leave out `.`, `..`, doubled `/` and a `/` at the end
    "#);
}
