//! `bramble card image`: image files, one for each node. Not in here: writing them.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use bramble_cluster::NodeName;
use bramble_media::CardError;
use bramble_media::disk::Card;
use bramble_media::error::is_full;
use bramble_media::share::share;
use bramble_media::write::Job;
use bramble_view::card::Doing;
use bramble_view::copy::size;
use serde::Serialize;

use super::{both, of_cluster, selected, whole};
use crate::card::courses::Courses;
use crate::card::given_image::{GivenImage, ImageArgs};
use crate::card::out_folder::{OutFolder, no_room};
use crate::card::own::{Known, Opened, Own};
use crate::card::partial::Partial;
use crate::card::place;
use crate::card::record::Records;
use crate::card::secrets::{Asking, PasswordArgs};
use crate::console::Console;
use crate::desk::Desk;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt;
use crate::reach::Choice;

/// Make an image file for each node, ready to be written to its card
///
/// Needs no root, and mounts nothing. Where the file system can share blocks between
/// files, and the image is not packed, the files take no room until they are changed;
/// elsewhere, blocks that nobody uses take none.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bramble card image @all --image raspios-lite.img.xz -o cards/
  bramble card image node1 --image debian.img -o cards/ && bramble lab up --cards cards/")]
pub(crate) struct Args {
    /// Which nodes
    nodes: String,
    /// The directory that NODE.img is put into for each node
    #[arg(long, short, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    image: ImageArgs,
    /// Replace files that are there already
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    password: PasswordArgs,
}

/// One file, as JSON.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename = "file")]
struct Told<'a> {
    node: &'a NodeName,
    path: &'a Path,
    /// Why it is not there.
    failure: Option<&'a str>,
}

pub(crate) fn run(args: &Args, choice: &Choice, console: &mut Console) -> Result<Exit, Failure> {
    let folder = choice.folder()?;
    let cluster = folder.cluster(console)?;
    let nodes = selected(&cluster, &args.nodes)?;
    of_cluster(&cluster, &nodes)?;
    let path = args.image.find(&folder, &cluster, &nodes);
    let (path, ()) = both(path, args.may_be_replaced(&nodes, console))?;
    let _lock = folder.lock("card image")?;
    let stop = interrupt::flag()?;
    let opened = Opened::open(&args.image, &path, &stop, console)?;
    args.not_what_is_read(&nodes, &opened.given)?;
    let asking = Asking {
        desk: Desk::find(args.image.is_standard_input()),
        password: args.password.wish(),
    };
    let known = Known::open(folder, cluster, &nodes, &asking, console)?;
    let prepared = known.prepare(opened);
    let own = prepared.cards(&nodes, &Records::read(&known.folder)?)?;
    console.say(&prepared.described());
    write(args, prepared.given, &own, &stop, console)
}

impl Args {
    /// Where the file of `node` goes.
    fn path(&self, node: &NodeName) -> PathBuf {
        self.out.join(format!("{node}.img"))
    }

    /// The image may lie where a card would.
    fn not_what_is_read(&self, nodes: &[NodeName], given: &GivenImage) -> Result<(), Failure> {
        let mut paths = nodes.iter().map(|node| self.path(node));
        match paths.find(|path| given.is_made_from(path)) {
            Some(path) => Err(place::is_read(&path)),
            None => Ok(()),
        }
    }

    /// Files that are there may be somebody's only ones, and cards of running nodes.
    fn may_be_replaced(&self, nodes: &[NodeName], console: &mut Console) -> Result<(), Failure> {
        OutFolder::check(&self.out)?;
        let paths = nodes.iter().map(|node| self.path(node));
        let there = paths.filter(|path| path.symlink_metadata().is_ok());
        let there: Vec<_> = there.map(|path| path.display().to_string()).collect();
        if there.is_empty() {
            return Ok(());
        }
        let there = there.join(", ");
        if self.force {
            console.say(&format!("replaced when the new ones are whole: {there}"));
            return Ok(());
        }
        Err(Failure::new(Exit::Usage, format!("there already: {there}"))
            .hint("replace them: `--force`")
            .hint("or name another directory: `-o DIR`"))
    }
}

fn write(
    args: &Args,
    given: GivenImage,
    own: &[Own],
    stop: &AtomicBool,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let folder = OutFolder::make(&args.out)?;
    let partial = |own: &Own| Partial::make(&args.out, &own.node);
    let partial = own.iter().map(partial).collect::<io::Result<Vec<_>>>();
    let partial = partial.map_err(|error| folder.unwritten(&error))?;
    let (done, whole) = if let Some(done) = shared(&given, own, &partial) {
        (done, Ok(()))
    } else {
        folder.has_room(own.len(), given.image.least_used())?;
        written(args, given, (own, &partial), stop, console)?
    };
    let mut worst = Exit::Done;
    for ((own, partial), done) in own.iter().zip(partial).zip(done) {
        let path = args.path(&own.node);
        let kept = done.and_then(|bytes| {
            let kept = partial.keep(&path);
            kept.map(|()| bytes).map_err(|error| Undone::of(&error))
        });
        if let Err(undone) = &kept {
            worst = worst.max(undone.exit);
        }
        tell(&own.node, &path, &kept, console);
    }
    whole?;
    if worst == Exit::Host {
        return Err(no_room(format!(
            "there is no more room in {}",
            args.out.display()
        )));
    }
    Ok(worst)
}

/// What became of one file: how many bytes were written, or why it is not there.
type Done = Result<u64, Undone>;

/// Why a file is not there.
struct Undone {
    why: String,
    /// What that means for the whole: a full disk is no fault of the file's.
    exit: Exit,
}

impl Undone {
    fn of(error: &io::Error) -> Self {
        Self::told(error.to_string(), is_full(error))
    }

    fn of_card(error: &CardError) -> Self {
        Self::told(error.to_string(), error.is_full())
    }

    fn told(why: String, is_full: bool) -> Self {
        let exit = if is_full { Exit::Host } else { Exit::Failed };
        Self { why, exit }
    }
}

/// The files, if they can share their blocks with the image.
fn shared(given: &GivenImage, own: &[Own], files: &[Partial]) -> Option<Vec<Done>> {
    let share = |(own, file): (&Own, &Partial)| {
        let done = share(&given.image, file.file(), &own.overlay);
        done.map_err(|error| Undone::of(&error)).transpose()
    };
    own.iter().zip(files).map(share).collect()
}

/// The files, with all that somebody uses of the image written to each; and what is wrong
/// with all of them.
fn written(
    args: &Args,
    given: GivenImage,
    (own, files): (&[Own], &[Partial]),
    stop: &AtomicBool,
    console: &mut Console,
) -> Result<(Vec<Done>, Result<(), Failure>), Failure> {
    let length = given.image.needs();
    let mut jobs = Vec::new();
    for (own, file) in own.iter().zip(files) {
        let card = Card::create_file(file.path(), length)
            .map_err(|error| Failure::new(Exit::Host, error.to_string()))?;
        jobs.push(Job {
            medium: Box::new(card),
            overlay: own.overlay.clone(),
            device: false,
        });
    }
    let cards = own
        .iter()
        .map(|own| (own.node.clone(), args.path(&own.node)));
    let mut courses = Courses::new(console, Doing::Writing, cards, length);
    let outcome = bramble_media::write::write(given.image, jobs, false, stop, &mut |card, news| {
        courses.take(card, &news);
    });
    console.clear_status();
    let whole = whole(
        &outcome,
        stop,
        &given.name,
        "what was not done is not there",
    );
    let done = outcome.cards.into_iter().map(|done| {
        done.map(|written| written.bytes)
            .map_err(|error| Undone::of_card(&error))
    });
    Ok((done.collect(), whole))
}

fn tell(node: &NodeName, path: &Path, done: &Done, console: &mut Console) {
    console.print_event(&Told {
        node,
        path,
        failure: done.as_ref().err().map(|undone| undone.why.as_str()),
    });
    let shown = path.display();
    console.print(&match done {
        Ok(bytes) => format!("{node}  {shown} ({} written)\n", size(*bytes)),
        Err(undone) => format!("{node}  {shown}: {}\n", undone.why),
    });
}
