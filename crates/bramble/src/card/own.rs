//! What of each card is its node's own. Not in here: what that is (`bramble-card`).

use std::sync::atomic::AtomicBool;

use bramble_card::Overlay;
use bramble_card::customise::{BootVolume, CustomiseError};
use bramble_card::order::Order;
use bramble_cluster::{Cluster, NodeName, Secrets};
use bramble_media::disk::{Number, lies_on};

use super::given_image::{GivenImage, ImageArgs};
use super::record::Records;
use super::secrets::{Asking, Told};
use crate::cluster_folder::ClusterFolder;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::keyring;
use crate::reach::BOARDS;

/// What cards are made from besides an image. All that somebody has to be asked for it
/// has been asked.
pub(crate) struct Known {
    pub(crate) folder: ClusterFolder,
    pub(crate) cluster: Cluster,
    keys: Secrets,
    told: Told,
}

/// What cards are made from.
pub(crate) struct Prepared<'a> {
    known: &'a Known,
    pub(crate) given: GivenImage,
    /// What of the image reads the settings of a first boot; nothing if it is written as
    /// it is.
    pub(crate) volume: Option<BootVolume>,
}

/// One node's card to be.
#[derive(Debug)]
pub(crate) struct Own {
    pub(crate) node: NodeName,
    /// Which of the cards made for the node it is; the first is 0.
    pub(crate) generation: u32,
    pub(crate) overlay: Overlay,
}

impl Known {
    /// All that the cards of `nodes` need, but for the image.
    pub(crate) fn open(
        folder: ClusterFolder,
        cluster: Cluster,
        nodes: &[NodeName],
        asking: &Asking,
        console: &mut Console,
    ) -> Result<Self, Failure> {
        let keys = keyring::open(&folder, &cluster, BOARDS)?;
        let told = Told::of(&folder, &cluster, nodes, asking, console)?;
        Ok(Self {
            folder,
            cluster,
            keys,
            told,
        })
    }

    /// The device that the image for `nodes` lies on, as far as that is known before it is
    /// opened.
    pub(crate) fn device(&self, image: &ImageArgs, nodes: &[NodeName]) -> Option<Number> {
        lies_on(&image.path(&self.folder, &self.cluster, nodes).ok()?).ok()
    }

    /// The image that the cards of `nodes` are made from, opened and looked at.
    pub(crate) fn prepare(
        &self,
        image: &ImageArgs,
        nodes: &[NodeName],
        stop: &AtomicBool,
        console: &mut Console,
    ) -> Result<Prepared<'_>, Failure> {
        let path = image.path(&self.folder, &self.cluster, nodes)?;
        let given = image.open(&path, stop, console)?;
        let volumes = given.image.boot_volumes();
        let volume = BootVolume::find(given.image.head(), volumes);
        let volume = volume.map_err(|error| odd(&given, &error))?;
        Ok(Prepared {
            known: self,
            given,
            volume,
        })
    }
}

impl Prepared<'_> {
    /// New cards of `nodes`, each with its own.
    pub(crate) fn cards(&self, nodes: &[NodeName], records: &Records) -> Result<Vec<Own>, Failure> {
        let own = |name| self.card(name, records.generation(name));
        nodes.iter().map(own).collect()
    }

    /// The card of `name`.
    pub(crate) fn card(&self, name: &NodeName, generation: u32) -> Result<Own, Failure> {
        let Known {
            cluster,
            keys,
            told,
            ..
        } = self.known;
        let overlay = match (&self.volume, cluster.node(name)) {
            (Some(volume), Some(node)) => {
                let order = Order {
                    cluster,
                    node,
                    secrets: keys,
                    outside: &told.outside(node),
                    generation,
                    password_hash: told.password_hash.as_ref(),
                };
                let overlay = volume.overlay(self.given.image.head(), &order);
                overlay.map_err(|error| of_node(name, odd(&self.given, &error)))?
            }
            _ => Overlay::default(),
        };
        Ok(Own {
            node: name.clone(),
            generation,
            overlay,
        })
    }

    /// What is known of the image before anything is written.
    pub(crate) fn described(&self) -> String {
        self.given.described(self.volume.as_ref())
    }
}

fn odd(given: &GivenImage, error: &CustomiseError) -> Failure {
    Failure::new(Exit::Usage, format!("{}: {error}", given.name))
}

fn of_node(node: &NodeName, failure: Failure) -> Failure {
    failure.hint(format!("this was found for the card of {node}"))
}
