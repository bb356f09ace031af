//! The nodes' names and addresses as `/etc/hosts` has them. They are known before
//! the first boot, so the card carries the file and converging keeps it.

use super::{Cluster, Node};

impl Cluster {
    /// What every node has as `/etc/hosts`: no node's name on a `127.0.1.1` line.
    pub fn hosts_file(&self) -> String {
        let nodes: String = self.nodes.iter().map(|node| self.host_line(node)).collect();
        format!(
            "# {}
127.0.0.1 localhost
::1 localhost ip6-localhost ip6-loopback
ff02::1 ip6-allnodes
ff02::2 ip6-allrouters

{nodes}",
            self.file_header()
        )
    }

    fn host_line(&self, node: &Node) -> String {
        let (name, domain) = (&node.name, &self.network.domain);
        format!("{} {name}.{domain} {name}\n", node.address)
    }

    /// The first line of every file that bramble writes on a node, without the
    /// mark of a comment.
    pub fn file_header(&self) -> String {
        format!(
            "Written by bramble for the cluster {}. `bramble up` undoes changes made here.",
            self.name
        )
    }
}
