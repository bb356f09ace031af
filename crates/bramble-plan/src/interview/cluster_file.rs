//! The cluster file that follows from the answers, with comments for its owner.
//! Not in here: the tables of the nodes (`sections`), and what may be answered
//! (`questions`).

use super::hardware::OPEN;
use super::questions::{NONE, own_key, scheduled};
use super::resolved::View;
use super::sections;
use super::switches;
use super::text::{list, quoted};

/// Column at which comments begin, where the line before them is short enough.
const COLUMN: usize = 34;

/// The whole file.
pub(super) fn write(view: &View<'_>) -> String {
    let parts = [
        cluster(view),
        cost(),
        os(view),
        network(view),
        time(),
        storage(view),
        scheduler(view),
        power(view),
        sections::head(view),
        sections::nodes(view),
        sections::catalogue(view),
    ];
    let mut file = format!(
        "# The cluster \"{}\", as answered in `bramble init`.\n\
         #\n\
         # This file is the whole description. `bramble check` reads it and says what\n\
         # does not fit, `bramble plan` what it would be, `bramble try` shows it\n\
         # working. Change anything: text after a `#` is for people only.\n",
        view.get("name")
    );
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        file.push('\n');
        file.push_str(&part);
    }
    file
}

/// A table of the file.
pub(super) struct Table {
    text: String,
}

impl Table {
    /// With a comment above its header, a line for each line of the comment.
    pub(super) fn new(comment: &str, header: &str) -> Self {
        let mut text = String::new();
        for line in comment.lines() {
            text.extend(["# ", line, "\n"]);
        }
        text.extend([header, "\n"]);
        Self { text }
    }

    /// `key = value`, with a comment beside it, or above it where it is long.
    pub(super) fn row(&mut self, key: &str, value: &str, comment: &str) {
        let row = format!("{key} = {value}");
        if comment.is_empty() {
            self.text.extend([&row, "\n"]);
        } else if row.chars().count() < COLUMN && COLUMN + 2 + comment.len() <= 80 {
            self.text
                .extend([&format!("{row:COLUMN$}# {comment}"), "\n"]);
        } else {
            self.text.extend(["# ", comment, "\n", &row, "\n"]);
        }
    }

    /// The same with a text as its value.
    pub(super) fn text(&mut self, key: &str, value: &str, comment: &str) {
        self.row(key, &quoted(value), comment);
    }

    pub(super) fn end(self) -> String {
        self.text
    }
}

fn cluster(view: &View<'_>) -> String {
    let mut table = Table::new("", "[cluster]");
    table.text("name", view.get("name"), "");
    table.text("user", view.get("user"), "the account made on every node");
    table.text("timezone", view.get("timezone"), "");
    let purpose = list(view.get("purpose").split(','));
    table.row("purpose", &purpose, "what it is for");
    if let Some(currency) = said(view, "currency") {
        table.text("currency", currency, "of all prices in this file");
    }
    if let Some(key) = own_key(view) {
        let keys = format!(
            "[
  {},
]",
            quoted(key)
        );
        table.row(
            "authorized_keys",
            &keys,
            "who may log in besides bramble itself",
        );
    }
    table.end()
}

fn os(view: &View<'_>) -> String {
    let mut table = Table::new("What the nodes run, and how it gets onto them.", "[os]");
    table.text("image", view.get("image"), "");
    match view.get("install") {
        "network" => table.text("boot", "network", "the workers boot from the head"),
        "card" => table.text("boot", "card", "all nodes boot from cards of their own"),
        // A system that is there already starts as it always did.
        _ => {}
    }
    table.end()
}

fn network(view: &View<'_>) -> String {
    let (comment, access) = match view.get("access") {
        "gateway" => (
            "The nodes have a network of their own behind the head: nobody else's\n\
             addresses can collide with theirs.",
            "you reach the head, and the others by it",
        ),
        "direct" => (
            "The nodes are on the home network, each with an address that never changes.",
            "each node by its own address",
        ),
        _ => (
            "The nodes have a network of their own behind a router that knows the way.",
            "each node by its own address",
        ),
    };
    let mut table = Table::new(comment, "[network]");
    table.text(
        "subnet",
        view.get("subnet"),
        "the head comes first, then the workers",
    );
    table.text("access", view.get("access"), access);
    if view.is("access", "gateway") {
        table.text(
            "internet",
            view.get("internet"),
            "when workers may reach it",
        );
    } else {
        table.text("router", view.get("router"), "the way to the world");
    }
    if !matches!(view.get("dhcp"), "" | NONE) {
        table.text("dhcp", view.get("dhcp"), "the router gives these to others");
    }
    table.text("domain", view.get("domain"), "");
    let switch = view.get("switch");
    if switch != OPEN {
        table.text("switch", switch, "");
        let number = switches::number(view, switch);
        if number > 1 {
            table.row(
                "switches",
                &number.to_string(),
                "so that every node has a port",
            );
        }
    }
    table.end()
}

fn time() -> String {
    let comment = "All nodes agree on the time, or logs and job accounting make no sense.";
    let mut table = Table::new(comment, "[time]");
    table.text("source", "internet", "");
    table.end()
}

fn storage(view: &View<'_>) -> String {
    let mut comment = if view.is("shared", NONE) {
        "There is no directory that all nodes see.".to_owned()
    } else {
        "A directory of the head that every node sees under the same path, so that a\n\
         job finds its files wherever it runs."
            .to_owned()
    };
    if view.is("shared", "drive") && !sections::head_has_drive(view) {
        comment
            .push_str("\nThe drive itself is not among the head's parts yet: add it as `drives`.");
    }
    let mut table = Table::new(&comment, "[storage]");
    if !view.is("shared", NONE) {
        let device = match view.get("device") {
            "" => String::new(),
            device => format!(", device = {}", quoted(device)),
        };
        let on = quoted(view.get("head_name"));
        let places = "path = \"/srv/home\", mount = \"/home/shared\"";
        let share = format!("[{{ on = {on}, {places}{device} }}]");
        table.row("shared", &share, "");
    }
    if sections::worker_keeps_data(view) {
        let comment = "what a worker keeps on its own card";
        table.text("per_node", view.get("per_node"), comment);
    }
    table.end()
}

fn scheduler(view: &View<'_>) -> String {
    if !scheduled(view) {
        return String::new();
    }
    let comment = "Slurm queues jobs and starts them on workers that are free.";
    let mut table = Table::new(comment, "[scheduler]");
    table.text("engine", "slurm", "");
    table.text("job_memory", view.get("job_memory"), "what one task needs");
    let tasks = view.get("tasks_per_node");
    table.row("tasks_per_node", tasks, "at the same time on one worker");
    table.end()
}

/// The answer of a step that may be left open.
fn said<'a>(view: &View<'a>, id: &str) -> Option<&'a str> {
    Some(view.get(id)).filter(|answer| !matches!(*answer, "" | NONE))
}

/// What to compare with, for its owner to fill in.
fn cost() -> String {
    "# What a rented server that would do the same costs: take the `#` away and put in\n\
     # yours, and `bramble plan` says when the cluster has paid for itself.\n\
     [cost]\n\
     #rented = \"12.00/month\"\n"
        .to_owned()
}

fn power(view: &View<'_>) -> String {
    let chargers = chargers(view);
    let comment = chargers.map(|(number, ports, boards)| {
        format!("It takes {number} chargers of {ports} ports for {boards} boards.")
    });
    let mut table = Table::new(&comment.unwrap_or_default(), "[power]");
    if let Some((number, ..)) = chargers {
        let supplies = format!("{{ {} = {number} }}", quoted(view.get("supply")));
        table.row("supplies", &supplies, "");
    }
    let electricity = said(view, "electricity");
    if let Some(price) = electricity {
        table.text(
            "electricity",
            &format!("{price}/kWh"),
            "what you pay for it",
        );
    }
    if chargers.is_none() && electricity.is_none() {
        return String::new();
    }
    table.end()
}

/// How many supplies with several ports there are, where it takes more than one;
/// the ports of each, and the boards they feed.
fn chargers(view: &View<'_>) -> Option<(u32, u32, u32)> {
    let supply = view.vocabulary.catalogue.supplies.get(view.get("supply"))?;
    let ports = supply.ports.filter(|ports| *ports > 1)?;
    let boards = view.number("workers") + u32::from(sections::head_on_charger(view));
    let number = boards.div_ceil(ports);
    (number > 1).then_some((number, ports, boards))
}
