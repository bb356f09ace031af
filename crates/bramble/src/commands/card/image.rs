//! `bramble card image`: image files, one for each node. Not in here: writing them.

use std::fs;
use std::path::{Path, PathBuf};

use bramble_cluster::NodeName;
use bramble_media::disk::Card;
use bramble_media::write::Job;
use serde::Serialize;

use super::{of_cluster, selected};
use crate::card::courses::Courses;
use crate::card::given_image::{self, GivenImage, ImageArgs};
use crate::card::own::{self, Common, Own};
use crate::card::record::Records;
use crate::card::secrets;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::reach::{BOARDS, Choice};
use crate::{interrupt, keyring};
use bramble_view::copy::size;

/// Make an image file for each node, ready to be written to its card
///
/// Needs no root, and mounts nothing. Where the file system can share blocks between
/// files, and the image is not packed, the files take no room until they are changed;
/// elsewhere, blocks that nobody uses take none.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bramble card image @all --image raspios-lite.img.xz -o cards/
  bramble card image node1 --image raspios-lite.img.xz -o cards/ && bramble lab up --cards cards/")]
pub(crate) struct Args {
    /// Which nodes
    nodes: String,
    /// The directory that NODE.img is put into for each node
    #[arg(long, short, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    image: ImageArgs,
    /// Ask for a password to log in with at a node's own screen; without one there is
    /// none
    #[arg(long)]
    ask_password: bool,
}

/// One file, as JSON.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename = "file")]
struct Told<'a> {
    node: &'a NodeName,
    path: &'a Path,
    /// Why it is not there.
    failure: Option<String>,
}

pub(crate) fn run(args: &Args, choice: &Choice, console: &mut Console) -> Result<Exit, Failure> {
    let folder = choice.folder()?;
    let cluster = folder.cluster(console)?;
    let nodes = selected(&cluster, &args.nodes)?;
    of_cluster(&cluster, &nodes)?;
    let _lock = folder.lock("card image")?;
    let stop = interrupt::flag()?;
    let keys = keyring::open(&folder, &cluster, BOARDS)?;
    let outside = secrets::outside(&folder, &cluster, &nodes, console)?;
    let password = secrets::password_hash(&folder, args.ask_password, console)?;
    let given = args.image.open(&cluster, &nodes, &stop, console)?;
    let volume = own::boot_volume(&given)?;
    let common = Common {
        cluster: &cluster,
        secrets: &keys,
        outside: &outside,
        password_hash: password.as_ref(),
    };
    let own = own::of(&given, volume.as_ref(), &nodes, &Records::read(&folder)?, &common)?;
    console.say(&given.described(volume.as_ref()));
    fs::create_dir_all(&args.out).map_err(|error| Failure::named("make", &args.out, &error))?;
    write(args, given, own, &stop, console)
}

fn write(
    args: &Args,
    given: GivenImage,
    own: Vec<Own>,
    stop: &std::sync::atomic::AtomicBool,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let name = given.name.clone();
    let length = given.image.needs();
    let mut beside = Vec::new();
    for _ in &own {
        let file = tempfile::Builder::new().suffix(".partial").tempfile_in(&args.out);
        beside.push(file.map_err(|error| Failure::named("write into", &args.out, &error))?);
    }
    let mut jobs = Vec::new();
    for (own, file) in own.iter().zip(&beside) {
        let card = Card::create_file(file.path(), length)
            .map_err(|error| Failure::new(Exit::Host, error.to_string()))?;
        jobs.push(Job {
            medium: Box::new(card),
            overlay: own.overlay.clone(),
            device: false,
        });
    }
    let cards = own.iter().map(|own| (own.node.clone(), "file".to_owned()));
    let mut courses = Courses::new(console, cards, length);
    let outcome = bramble_media::write::write(given.image, jobs, false, stop, &mut |card, news| {
        courses.take(card, &news);
    });
    console.clear_status();
    outcome.image.map_err(|error| given_image::wrong(&name, &error))?;
    let mut worst = Exit::Done;
    for ((own, file), done) in own.iter().zip(beside).zip(outcome.cards) {
        let path = args.out.join(format!("{}.img", own.node));
        let kept = done.map_err(|error| error.to_string()).and_then(|written| {
            file.persist(&path).map_err(|error| error.error.to_string())?;
            Ok(written)
        });
        console.print_event(&Told {
            node: &own.node,
            path: &path,
            failure: kept.as_ref().err().cloned(),
        });
        match kept {
            Ok(written) => console.print(&format!(
                "{}  {} ({} written)\n",
                own.node,
                path.display(),
                size(written.bytes)
            )),
            Err(error) => {
                worst = Exit::Failed;
                console.print(&format!("{}  {}: {error}\n", own.node, path.display()));
            }
        }
    }
    Ok(worst)
}
