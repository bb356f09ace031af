//! Asks the reader of cluster files whether it would take a text, so that no rule
//! is written twice. Not in here: what the whole file says (`cluster_file`).

use bramble_cluster::file;

use super::complaint::Complaint;
use super::resolved::View;
use super::text::quoted;

/// Keys of a cluster file by the table they are in; what is needed besides them is
/// added.
#[derive(Default)]
pub(super) struct Probe {
    pub(super) cluster: String,
    pub(super) network: String,
    pub(super) head: String,
    pub(super) nodes: String,
    pub(super) rest: String,
}

impl Probe {
    /// The first thing that the reader would not take.
    pub(super) fn run(&self, view: &View<'_>) -> Result<(), Complaint> {
        let or = |given: &str, key: &str, line: &str| {
            let has = given.lines().any(|line| line.starts_with(key));
            let line = if has { "" } else { line };
            format!("{line}\n{given}")
        };
        let board = "board = \"rpi3bplus\"";
        let text = format!(
            "[cluster]\n{}\n[network]\n{}\n[head]\n{board}\n{}\n[[nodes]]\n{board}\n{}\n{}\n",
            or(&self.cluster, "name", "name = \"probe\""),
            or(&self.network, "subnet", "subnet = \"10.55.0.0/24\""),
            or(&self.head, "name", "name = \"head\""),
            or(&self.nodes, "names", "names = \"node1\""),
            self.rest
        );
        let reading = file::read(&text, &view.vocabulary);
        let error = reading.diagnostics.iter().find(|one| one.is_error());
        error.map_or(Ok(()), |error| Err(Complaint::of(error)))
    }

    /// Takes `answer` as it is, if the reader would.
    pub(super) fn keep(&self, answer: &str, view: &View<'_>) -> Result<String, Complaint> {
        self.run(view).map(|()| answer.to_owned())
    }
}

/// `key = "text"`.
pub(super) fn line(key: &str, text: &str) -> String {
    format!("{key} = {}", quoted(text))
}
