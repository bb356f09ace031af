//! Answers as files, one a node, written as they come. Not in here: what goes to
//! the terminal.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use bramble_cluster::NodeName;
use bramble_cluster::nodeset::NodeSet;
use bramble_fleet::Stream;
use bramble_view::count;

use super::course::Course;
use super::sink::{Piece, Sink};
use super::trouble::Trouble;
use crate::console::Console;
use crate::failure::Failure;

/// Files in a directory. `node1` and `node1.err` are answers to their end; until
/// then, and for good if the end does not come, they are `node1.partial` and
/// `node1.err.partial`. What an earlier run left stays until there is something to
/// put in its place.
pub(super) struct Files {
    folder: PathBuf,
    names: Vec<NodeName>,
    begun: Vec<bool>,
    /// Answers that came to their end, and nodes whose answer did not.
    whole: usize,
    partial: NodeSet,
    /// Nodes of which there is an answer of an earlier run only.
    earlier: NodeSet,
}

impl Files {
    pub(super) fn new(folder: &Path, nodes: &NodeSet) -> Result<Self, Failure> {
        fs::create_dir_all(folder).map_err(|error| no_folder(folder, &error))?;
        Ok(Self {
            folder: folder.to_owned(),
            names: nodes.iter().collect(),
            begun: vec![false; nodes.len()],
            whole: 0,
            partial: NodeSet::new(),
            earlier: NodeSet::new(),
        })
    }

    /// Where an output of a node goes in the end, and until then.
    fn paths(&self, place: usize, stream: Stream) -> [PathBuf; 2] {
        let name = &self.names[place];
        let ending = match stream {
            Stream::Output => "",
            Stream::Complaint => ".err",
        };
        let path = |more: &str| self.folder.join(format!("{name}{ending}{more}"));
        [path(""), path(".partial")]
    }

    /// Gives a whole answer its name. Of an earlier one nothing is left: its complaint
    /// would be taken for one of this answer.
    fn settle(&self, place: usize, stream: Stream) -> Result<(), Trouble> {
        let [path, partial] = self.paths(place, stream);
        match fs::rename(&partial, &path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => remove(&path),
            renamed => renamed.map_err(|error| cannot("write", &path, &error)),
        }
    }

    fn has_answer(&self, place: usize) -> bool {
        [Stream::Output, Stream::Complaint]
            .into_iter()
            .any(|stream| self.paths(place, stream)[0].exists())
    }

    fn one(&self, place: usize) -> NodeSet {
        [self.names[place].clone()].into_iter().collect()
    }
}

impl Sink for Files {
    /// Opened for each piece: a thousand nodes would need more open files than a
    /// process may have.
    fn take(&mut self, piece: Piece<'_>, _console: &mut Console) -> Result<(), Trouble> {
        let [_, path] = self.paths(piece.place, piece.stream);
        let mut options = OpenOptions::new();
        let file = options.append(true).create(true).open(&path);
        file.and_then(|mut file| file.write_all(piece.bytes))
            .map_err(|error| cannot("write", &path, &error))
    }

    fn begin(&mut self, place: usize) -> Result<(), Trouble> {
        self.begun[place] = true;
        let [_, output] = self.paths(place, Stream::Output);
        let [_, complaint] = self.paths(place, Stream::Complaint);
        fs::write(&output, "").map_err(|error| cannot("write", &output, &error))?;
        remove(&complaint)
    }

    fn end(&mut self, place: usize, whole: bool, _console: &mut Console) -> Result<(), Trouble> {
        if whole {
            self.settle(place, Stream::Output)?;
            self.settle(place, Stream::Complaint)?;
            self.whole += 1;
            return Ok(());
        }
        if self.begun[place] {
            self.partial.absorb(self.one(place));
        }
        if self.has_answer(place) {
            self.earlier.absorb(self.one(place));
        }
        Ok(())
    }

    fn finish(&mut self, _course: &Course, console: &mut Console) -> Result<(), Trouble> {
        let folder = self.folder.display();
        console.say(&format!("{} in {folder}", count(self.whole, "answer")));
        if !self.partial.is_empty() {
            console.say(&format!(
                "not whole, in {folder}/NODE.partial: {}",
                self.partial
            ));
        }
        if !self.earlier.is_empty() {
            console.say(&format!(
                "from an earlier run, in {folder}: {}",
                self.earlier
            ));
        }
        Ok(())
    }
}

/// What is in the way is most often an answer of one node, from another tool.
fn no_folder(folder: &Path, error: &io::Error) -> Failure {
    let failure = Failure::named("make", folder, error);
    if !folder.exists() || folder.is_dir() {
        return failure;
    }
    let path = folder.display();
    Failure::new(failure.exit(), format!("{path} is a file"))
        .hint("name a directory: each node gets a file in it")
}

fn remove(path: &Path) -> Result<(), Trouble> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(cannot("remove", path, &error))
        }
        _ => Ok(()),
    }
}

fn cannot(doing: &str, path: &Path, error: &io::Error) -> Trouble {
    Trouble::Failed(Failure::file(doing, path, error))
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::console::Color;

    /// What is heard of a node.
    enum News {
        Begins,
        Prints(Stream, &'static [u8]),
        Ends { whole: bool },
    }

    fn hear(files: &mut Files, news: &[News]) {
        let mut console = Console::new(Color::Never, false);
        for news in news {
            let told = match *news {
                News::Begins => files.begin(0),
                News::Prints(stream, bytes) => {
                    let piece = Piece {
                        place: 0,
                        stream,
                        bytes,
                    };
                    files.take(piece, &mut console)
                }
                News::Ends { whole } => files.end(0, whole, &mut console),
            };
            told.unwrap();
        }
    }

    fn one(folder: &TempDir) -> Files {
        let nodes = ["node1".parse().unwrap()].into_iter().collect();
        Files::new(&folder.path().join("new/answers"), &nodes).unwrap()
    }

    fn held(files: &Files) -> Vec<(String, String)> {
        let entries = fs::read_dir(&files.folder).unwrap();
        let mut held: Vec<_> = entries
            .map(|entry| entry.unwrap().path())
            .map(|path| {
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                (name, fs::read_to_string(path).unwrap())
            })
            .collect();
        held.sort();
        held
    }

    fn file(name: &str, text: &str) -> (String, String) {
        (name.to_owned(), text.to_owned())
    }

    #[test]
    fn an_answer_gets_its_name_when_it_is_whole() {
        let folder = TempDir::new().unwrap();
        let mut files = one(&folder);
        let (output, complaint) = (Stream::Output, Stream::Complaint);
        hear(
            &mut files,
            &[
                News::Begins,
                News::Prints(output, b"a"),
                News::Prints(complaint, b"odd"),
            ],
        );
        let partial = [file("node1.err.partial", "odd"), file("node1.partial", "a")];
        assert_eq!(held(&files), partial);
        hear(
            &mut files,
            &[News::Prints(output, b"b"), News::Ends { whole: true }],
        );
        assert_eq!(
            held(&files),
            [file("node1", "ab"), file("node1.err", "odd")]
        );
    }

    #[test]
    fn what_was_heard_of_a_node_that_was_lost_stays_apart() {
        let folder = TempDir::new().unwrap();
        let mut files = one(&folder);
        hear(
            &mut files,
            &[
                News::Begins,
                News::Prints(Stream::Output, b"a"),
                News::Ends { whole: false },
            ],
        );
        assert_eq!(held(&files), [file("node1.partial", "a")]);
        assert_eq!(files.partial.to_string(), "node1");
    }

    #[test]
    fn an_earlier_answer_is_replaced_by_a_whole_one() {
        let folder = TempDir::new().unwrap();
        let mut files = one(&folder);
        for name in ["node1", "node1.err", "node1.partial", "node1.err.partial"] {
            fs::write(files.folder.join(name), "old").unwrap();
        }
        hear(&mut files, &[News::Begins, News::Ends { whole: true }]);
        assert_eq!(held(&files), [file("node1", "")]);
        assert!(files.earlier.is_empty());
    }

    #[test]
    fn an_earlier_answer_stays_where_no_whole_one_comes_and_is_told() {
        let folder = TempDir::new().unwrap();
        let old = || {
            let files = one(&folder);
            for name in ["node1", "node1.err", "node1.partial"] {
                fs::write(files.folder.join(name), "old").unwrap();
            }
            files
        };
        let mut files = old();
        hear(&mut files, &[News::Ends { whole: false }]);
        let all = ["node1", "node1.err", "node1.partial"];
        assert_eq!(held(&files), all.map(|name| file(name, "old")));
        assert!(files.partial.is_empty());
        assert_eq!(files.earlier.to_string(), "node1");
        let mut files = old();
        let begun = [
            News::Begins,
            News::Prints(Stream::Output, b"new"),
            News::Ends { whole: false },
        ];
        hear(&mut files, &begun);
        let [answer, complaint, partial] = all;
        assert_eq!(
            held(&files),
            [
                file(answer, "old"),
                file(complaint, "old"),
                file(partial, "new")
            ]
        );
        assert_eq!(files.earlier.to_string(), "node1");
    }
}
