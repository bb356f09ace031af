//! Rules about who has which role. Not in here: what the roles do
//! (`bramble-roles`).

use toml::Spanned;

use super::draft::Draft;
use super::known::WORKER;
use super::nodes::Group;
use super::spec::Spec;
use crate::diagnostic::{Diagnostic, Label, Span};
use crate::reader::Report;

/// Roles that only one node can have: the others would not know whom to turn to.
const SINGLE: &[&str] = &["gateway", SCHEDULER];

/// The role that queues and starts jobs.
pub(super) const SCHEDULER: &str = "scheduler";

/// Tells about roles that too many nodes have, or none.
pub(super) fn check(spec: &Spec, drafts: &[Draft<'_>], report: &Report<'_>) {
    for role in SINGLE {
        check_single(role, drafts, report);
    }
    // A role that could not be read may be the one that is missing.
    if !spec.complete || spec.groups.iter().any(|group| group.roles.is_none()) {
        return;
    }
    let nobody_has = |role| {
        !spec
            .groups
            .iter()
            .any(|group| group.place_of(role).is_some())
    };
    if let Some(last) = spec.groups.last().filter(|_| nobody_has(WORKER)) {
        report.push_missing(no_worker(last));
    }
    if let Some(engine) = spec
        .scheduler
        .engine
        .as_ref()
        .filter(|_| nobody_has(SCHEDULER))
    {
        let title = "an engine is given, and no node has the role `scheduler`";
        let label = Label::new(engine.span(), "runs nowhere");
        let help = "add `scheduler` to the roles of the head, or delete the engine";
        let diagnostic = Diagnostic::error("no-scheduler-node", title, label).with_help(help);
        report.push_missing(diagnostic);
    }
}

/// A warning: such a cluster is built, and runs nothing.
fn no_worker(last: &Group) -> Diagnostic {
    let title = "no node has the role `worker`, so that no job can run";
    let label = Label::new(last.span.clone(), "neither here nor above");
    let help =
        "add `[[nodes]]` with `roles = [\"worker\"]`, or add `worker` to the roles of the head";
    Diagnostic::warning("no-worker", title, label).with_help(help)
}

fn check_single(role: &str, drafts: &[Draft<'_>], report: &Report<'_>) {
    let mut owners = drafts
        .iter()
        .filter_map(|draft| Some((draft, draft.group.place_of(role)?)));
    let (Some((first, first_place)), Some((second, place))) = (owners.next(), owners.next()) else {
        return;
    };
    let title = format!(
        "`{}` and `{}` both have the role `{role}`",
        first.name, second.name
    );
    let label = Label::new(place.clone(), format!("gives it to `{}`", second.name));
    let mut diagnostic = Diagnostic::error("single-role", title, label).with_help(format!(
        "only one node can have it: take `{role}` away from the others"
    ));
    if first_place != place {
        let label = Label::new(first_place, format!("gives it to `{}`", first.name));
        diagnostic = diagnostic.with_secondary(label);
    }
    report.push(diagnostic);
}

impl Group {
    /// Where the group is given `role`, if it is.
    pub(super) fn place_of(&self, role: &str) -> Option<Span> {
        let roles = self.roles.as_ref()?;
        roles
            .iter()
            .find(|own| own.get_ref().as_str() == role)
            .map(Spanned::span)
    }
}
