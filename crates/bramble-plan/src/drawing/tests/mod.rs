//! The picture as values and as text, for clusters of many shapes.

mod layout;
mod marks;
mod text;

use std::fmt::Write as _;

use bramble_cluster::Cluster;
use bramble_cluster::catalogue::{Catalogue, Reference};

use super::layout::Sheet;
use super::scene::Scene;
use crate::checks;
use crate::finding::Finding;
use crate::site::Site;

/// What a cluster is made of.
#[derive(Debug, Clone, Copy)]
struct Shape {
    /// Nodes besides the head.
    nodes: usize,
    feed: Feed,
    /// Ports of one switch, and how many there are.
    switches: (usize, usize),
    uplink: bool,
    button: bool,
    /// USB devices on every node.
    devices: usize,
}

/// What feeds the nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Feed {
    /// Nothing that the file names.
    Unknown,
    /// A supply each.
    Own,
    /// Supplies with so many outlets.
    Shared(usize),
    /// The switch.
    Poe,
}

const PLAIN: Shape = Shape {
    nodes: 5,
    feed: Feed::Shared(6),
    switches: (8, 1),
    uplink: true,
    button: false,
    devices: 0,
};

impl Shape {
    /// A cluster file of that shape.
    fn file(self) -> String {
        let mut file = "[cluster]\nname = \"shape\"\n".to_owned();
        let (ports, switches) = self.switches;
        file.push_str("[network]\nsubnet = \"10.55.0.0/16\"\n");
        if ports > 0 {
            write!(file, "switch = \"own\"\nswitches = {switches}\n").unwrap();
            write!(
                file,
                "[catalogue.switches.own]\nname = \"switch with a long name\"\nports = {ports}\n"
            )
            .unwrap();
        }
        if self.feed == Feed::Poe && ports > 0 {
            write!(file, "poe_ports = {ports}\npoe_budget = \"63W\"\n").unwrap();
        }
        if let Feed::Shared(outlets) = self.feed {
            let supplies = (self.nodes + 1).div_ceil(outlets);
            write!(
                file,
                "[catalogue.supplies.own]\nname = \"charger\"\nports = {outlets}\npower = \"60W\"\n"
            )
            .unwrap();
            write!(
                file,
                "[power]\nsupplies = {{ own = {supplies} }}\nbutton = {}\n",
                self.button
            )
            .unwrap();
        } else {
            writeln!(file, "[power]\nbutton = {}", self.button).unwrap();
        }
        writeln!(file, "[head]\nname = \"head\"").unwrap();
        self.hardware(&mut file);
        if self.uplink {
            file.push_str("uplink = { wifi = \"Home & <Garden>\" }\n");
        }
        if self.nodes > 0 {
            writeln!(file, "[[nodes]]\nnames = \"node[1-{}]\"", self.nodes).unwrap();
            self.hardware(&mut file);
        }
        file
    }

    fn hardware(self, file: &mut String) {
        file.push_str("board = \"rpi4b\"\nram = \"4GB\"\ncard = \"sandisk-ultra-32GB\"\n");
        file.push_str(match self.feed {
            Feed::Unknown => "",
            Feed::Own => "supply = \"psu-15w\"\n",
            Feed::Shared(_) => "supply = \"own\"\n",
            Feed::Poe => "hat = \"rpi-poe-hat\"\n",
        });
        let device = "{ name = \"a device with a name that is far too long for its line\" }";
        writeln!(file, "usb = [{}]", vec![device; self.devices].join(", ")).unwrap();
    }
}

/// Does `what` with the site of the cluster file `text` and its findings.
fn at_site<T>(text: &str, what: impl Fn(&Site<'_>, &[Finding]) -> T) -> T {
    let cluster: Cluster = bramble_testkit::cluster(text);
    let (catalogue, reference) = (Catalogue::builtin(), Reference::builtin());
    let site = Site::new(&cluster, &catalogue, &reference);
    what(&site, &checks::run(&site))
}

fn sheet(text: &str) -> Sheet {
    at_site(text, |site, findings| Sheet::of(&Scene::of(site, findings)))
}
