//! `cargo xtask picture`: what `bramble try` shows, as `docs/try.svg`. Not in here:
//! any touching up; the picture is what the terminal had.

use std::{fs, io};

use crate::failure::Failure;
use crate::program::{self, command};
use crate::tree::Tree;

/// Draw the picture in the README from a real run
///
/// Needs root. Boots the twin of the example cluster and takes it down again.
#[derive(Debug, clap::Args)]
pub(crate) struct Args;

pub(crate) fn run(_: &Args, tree: &Tree) -> Result<(), Failure> {
    let build = ["build", "--release", "--package", "bramble"];
    program::run(command("cargo").args(build).current_dir(&tree.root))?;
    let shown = shown(tree).map_err(|error| Failure::new(error.to_string()))?;
    let cluster_file = shown
        .lines()
        .find_map(|line| line.strip_prefix("The cluster file: "));
    let Some(cluster_file) = cluster_file else {
        return Err(Failure::new(format!(
            "`bramble try` did not come to its end:\n{shown}"
        )));
    };
    let down = ["-f", cluster_file, "lab", "down"];
    program::run(command(tree.built("release", "bramble")).args(down))?;
    let svg =
        anstyle_svg::Term::new().render_svg(&format!("$ cargo run --release -- try\n{shown}"));
    let file = tree.root.join("docs/try.svg");
    fs::write(&file, svg).map_err(|error| Failure::file("write", &file, &error))?;
    println!("docs/try.svg is what `bramble try` showed just now");
    Ok(())
}

/// All that it writes, in the order in which it writes it.
fn shown(tree: &Tree) -> io::Result<String> {
    let (reader, writer) = io::pipe()?;
    // By the path that `cargo run` shows, which is the same on every machine.
    let mut try_it = command("target/release/bramble");
    try_it
        .current_dir(&tree.root)
        .args(["--color", "always", "try", "--yes"])
        .stdout(writer.try_clone()?)
        .stderr(writer);
    let mut running = try_it.spawn()?;
    // The pipe ends when nobody can write to it any more, we included.
    drop(try_it);
    let shown = io::read_to_string(reader)?;
    running.wait()?;
    Ok(shown)
}
