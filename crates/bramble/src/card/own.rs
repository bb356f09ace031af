//! What of each card is its node's own. Not in here: what that is (`bramble-card`).

use std::path::Path;
use std::sync::atomic::AtomicBool;

use bramble_card::Overlay;
use bramble_card::customise::{BootVolume, CustomiseError};
use bramble_card::order::Order;
use bramble_cluster::{Cluster, NodeName, Secrets};

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
/// has been asked, which is done last: keys are made here that nobody needs if there is no
/// image.
pub(crate) struct Known {
    pub(crate) folder: ClusterFolder,
    pub(crate) cluster: Cluster,
    keys: Secrets,
    told: Told,
}

/// An image that was opened and looked at.
pub(crate) struct Opened {
    pub(crate) given: GivenImage,
    /// What of the image reads the settings of a first boot; nothing if it is written as
    /// it is.
    volume: Option<BootVolume>,
}

/// What cards are made from.
pub(crate) struct Prepared<'a> {
    known: &'a Known,
    pub(crate) given: GivenImage,
    /// As in [`Opened`].
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

    /// Cards from this image.
    pub(crate) fn prepare(&self, opened: Opened) -> Prepared<'_> {
        let Opened { given, volume } = opened;
        Prepared {
            known: self,
            given,
            volume,
        }
    }
}

impl Opened {
    /// The image at `path`. One that cannot be what cards are made from is refused.
    pub(crate) fn open(
        image: &ImageArgs,
        path: &Path,
        stop: &AtomicBool,
        console: &mut Console,
    ) -> Result<Self, Failure> {
        let given = image.open(path, stop, console)?;
        let volumes = given.image.boot_volumes();
        let volume = BootVolume::find(given.image.head(), volumes);
        let volume = volume.map_err(|error| odd(&given, &error))?;
        Ok(Self { given, volume })
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
    let failure = Failure::new(Exit::Usage, format!("{}: {error}", given.name));
    if matches!(error, CustomiseError::Made(_)) {
        // Whose keys these are no longer shows once it is another node's.
        return failure.hint("name the image that it was made from: `--image raspios.img.xz`");
    }
    failure
}

fn of_node(node: &NodeName, failure: Failure) -> Failure {
    failure.hint(format!("this was found for the card of {node}"))
}
