//! This machine as a node, with a directory to work in. Not in here: any test.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::{fs, process};

use bramble_converge::{
    Desired, NodeFailure, NodePlan, Outcome, Plan, Resource, Transport, rounds,
};
use bramble_testkit::{BaseImage, LocalShell, skipped};
use tempfile::TempDir;

use crate::wishes::{desired, name};

/// A node with one shell, and a directory of its own.
pub(crate) struct Machine {
    pub(crate) shell: LocalShell,
    folder: TempDir,
    about: &'static str,
}

/// One machine for each shell that is here: the system's, two more that a node
/// may have as `/bin/sh`, and the nodes' own with the tools of their release.
pub(crate) fn machines() -> Vec<Machine> {
    let mut shells = vec![("sh", "/bin/sh".to_owned())];
    for (program, command) in [("busybox", "busybox sh"), ("bash", "bash --posix")] {
        match process::Command::new(program).arg("--help").output() {
            Ok(_) => shells.push((program, command.to_owned())),
            Err(error) => skipped(&format!("{program}: {error}")),
        }
    }
    match BaseImage::find() {
        Ok(image) => shells.push(("the nodes' own", image.shell())),
        Err(reason) => skipped(&reason),
    }
    let machine = |(about, command): (&'static str, String)| Machine {
        shell: LocalShell::new(&command),
        folder: TempDir::with_prefix_in("bramble-converge-", "/tmp").unwrap(),
        about,
    };
    shells.into_iter().map(machine).collect()
}

impl Machine {
    /// A path in the machine's directory.
    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// Who makes files here, as `user:group`.
    pub(crate) fn owner(&self) -> String {
        let stat = process::Command::new("stat")
            .args(["-c", "%U:%G"])
            .arg(self.folder.path())
            .output()
            .unwrap();
        String::from_utf8(stat.stdout).unwrap().trim().to_owned()
    }

    /// All names in the machine's directory.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// Observes and plans.
    pub(crate) fn plan(&self, desired: &Desired) -> NodePlan {
        let node = name("here");
        let nodes = BTreeSet::from([node.clone()]);
        let mut seen = rounds::observe(&self.shell, desired, &nodes);
        let seen = seen.remove(&node).unwrap();
        let seen = seen.unwrap_or_else(|failure| panic!("{}: {failure}", self.about));
        NodePlan::build(desired.of(&node), &seen)
    }

    /// Brings the machine to `wish`: the actions taken, or why not.
    pub(crate) fn up(
        &self,
        wish: impl Fn() -> Vec<Box<dyn Resource>>,
    ) -> Result<Vec<String>, NodeFailure> {
        let desired = desired(&["here"], wish);
        let plan = self.plan(&desired);
        let actions = plan
            .changes
            .iter()
            .map(|change| change.action.clone())
            .collect();
        let mut outcome = apply(&self.shell, plan);
        match outcome.failed.remove(&name("here")) {
            None => Ok(actions),
            Some(failure) => Err(failure),
        }
    }

    /// Brings the machine to `wish` and holds that this did `action` and nothing
    /// else, that the prediction came true, and that nothing is left to do.
    pub(crate) fn comes_to(&self, action: &str, wish: impl Fn() -> Vec<Box<dyn Resource>>) {
        let about = self.about;
        assert_eq!(self.up(&wish), Ok(vec![action.to_owned()]), "{about}");
        assert_eq!(self.up(&wish), Ok(Vec::new()), "{about}: a second time");
    }

    /// Holds that `wish` is refused and gives the reason.
    pub(crate) fn refuses(&self, wish: impl Fn() -> Vec<Box<dyn Resource>>) -> String {
        let before = self.names();
        let failure = self.up(wish).expect_err(self.about);
        assert!(
            matches!(failure, NodeFailure::Conflict { .. }),
            "{}: {failure:?}",
            self.about
        );
        assert_eq!(self.names(), before, "{}: nothing is touched", self.about);
        failure.to_string()
    }
}

/// Carries a plan out, through `transport`.
pub(crate) fn apply(transport: &dyn Transport, plan: NodePlan) -> Outcome {
    let node = name("here");
    let plan = Plan {
        nodes: [(node.clone(), plan)].into(),
    };
    let mut outcome = Outcome::default();
    rounds::apply(transport, &plan, &[node], &mut |_| {}, &mut outcome);
    outcome
}

/// The folder of a path.
pub(crate) fn make_folder(path: &str) -> PathBuf {
    fs::create_dir_all(path).unwrap();
    PathBuf::from(path)
}
