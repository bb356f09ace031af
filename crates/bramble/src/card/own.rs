//! What of each card is its node's own. Not in here: what that is (`bramble-card`).

use bramble_card::customise::{BootVolume, CustomiseError};
use bramble_card::first_boot::Order;
use bramble_card::{Outside, Overlay};
use bramble_cluster::{Cluster, NodeName, Secret, Secrets};

use super::given_image::GivenImage;
use super::record::Records;
use crate::exit::Exit;
use crate::failure::Failure;

/// What all cards of a run have in common.
pub(crate) struct Common<'a> {
    pub(crate) cluster: &'a Cluster,
    pub(crate) secrets: &'a Secrets,
    pub(crate) outside: &'a Outside,
    /// For logging in at a screen, if wanted.
    pub(crate) password_hash: Option<&'a Secret<String>>,
}

/// One node's card to be.
#[derive(Debug)]
pub(crate) struct Own {
    pub(crate) node: NodeName,
    /// How many cards were made for the node before.
    pub(crate) generation: u32,
    pub(crate) overlay: Overlay,
}

/// What of an image reads the settings of a first boot; nothing if it is written as it
/// is.
pub(crate) fn boot_volume(given: &GivenImage) -> Result<Option<BootVolume>, Failure> {
    let volumes = given.image.boot_volumes();
    BootVolume::find(given.image.head(), volumes).map_err(|error| odd(given, &error))
}

/// The cards of `nodes`, each with its own.
pub(crate) fn of(
    given: &GivenImage,
    volume: Option<&BootVolume>,
    nodes: &[NodeName],
    records: &Records,
    common: &Common<'_>,
) -> Result<Vec<Own>, Failure> {
    let own = |name| {
        let generation = records.generation(name);
        one(given, volume, name, generation, common)
    };
    nodes.iter().map(own).collect()
}

/// The card of `name`.
pub(crate) fn one(
    given: &GivenImage,
    volume: Option<&BootVolume>,
    name: &NodeName,
    generation: u32,
    common: &Common<'_>,
) -> Result<Own, Failure> {
    let overlay = match (volume, common.cluster.node(name)) {
        (Some(volume), Some(node)) => {
            let order = Order {
                cluster: common.cluster,
                node,
                secrets: common.secrets,
                outside: common.outside,
                generation,
                password_hash: common.password_hash,
            };
            let overlay = volume.overlay(given.image.head(), &order);
            overlay.map_err(|error| of_node(name, odd(given, &error)))?
        }
        _ => Overlay::default(),
    };
    Ok(Own {
        node: name.clone(),
        generation,
        overlay,
    })
}

fn odd(given: &GivenImage, error: &CustomiseError) -> Failure {
    Failure::new(Exit::Usage, format!("{}: {error}", given.name))
}

fn of_node(node: &NodeName, failure: Failure) -> Failure {
    failure.hint(format!("this was found for the card of {node}"))
}
