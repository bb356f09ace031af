//! Whether a boot partition is that of a card which was made here, and whose it is. Not in
//! here: what is refused for it (`customise`).
//!
//! Each format leaves something that no image comes with. Of formats whose files are gone
//! after the first boot, the part of `config.txt` stays.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bramble_cluster::NodeName;

use super::format::BootPartition;
use super::{armbian, config, script};
use crate::seed;

/// A card that was made for a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The node, if the card says so.
    pub node: Option<NodeName>,
}

/// What `partition` says of having been made for a node. `None` if it is as its maker
/// published it, as far as that can be seen.
pub(super) fn found_in(partition: &BootPartition) -> Option<Made> {
    [by_seed, by_script, by_first_run, by_config]
        .iter()
        .find_map(|look| look(partition))
}

/// cloud-init's instance is called by us; its keys may be gone from the other files.
fn by_seed(partition: &BootPartition) -> Option<Made> {
    let text = text(partition, "meta-data")?;
    seed::generation(&text)?;
    Some(made_for(after(&text, "local-hostname: ")))
}

/// The script for images that have no field for something.
fn by_script(partition: &BootPartition) -> Option<Made> {
    let names = ["firstrun.sh", "automation_custom_prescript.sh"];
    let mut texts = names.iter().filter_map(|name| text(partition, name));
    let script = texts.find(|text| script::is_ours(text))?;
    let settings = text(partition, "dietpi.txt");
    let said = settings.as_deref();
    let said = said.and_then(|text| after(text, "AUTO_SETUP_NET_HOSTNAME="));
    Some(made_for(written_name(&script).as_deref().or(said)))
}

fn by_first_run(partition: &BootPartition) -> Option<Made> {
    let text = text(partition, "armbian_first_run.txt")?;
    let node = after(&text, armbian::MARK)?;
    Some(made_for(Some(node)))
}

fn by_config(partition: &BootPartition) -> Option<Made> {
    let is_ours = config::is_ours(partition.text("config.txt")?);
    is_ours.then_some(Made { node: None })
}

fn made_for(node: Option<&str>) -> Made {
    let node = node.and_then(|node| node.trim().parse().ok());
    Made { node }
}

/// The name that a script gives its machine.
fn written_name(script: &str) -> Option<String> {
    let content = after(script, "file 0644 /etc/hostname ")?;
    String::from_utf8(STANDARD.decode(content.trim()).ok()?).ok()
}

/// The rest of the first line that begins so.
fn after<'a>(text: &'a str, beginning: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(beginning))
}

fn text(partition: &BootPartition, name: &str) -> Option<String> {
    let found = partition.text(name)?;
    Some(String::from_utf8_lossy(found).into_owned())
}
