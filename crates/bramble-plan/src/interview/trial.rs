//! Asks the rules of the plan what they would say of an answer, so that nothing is
//! proposed that they refuse. Not in here: the rules (`checks`), and which answers
//! there are (`questions`).

use std::sync::LazyLock;

use bramble_cluster::catalogue::Reference;
use bramble_cluster::diagnostic::Severity;
use bramble_cluster::file;

use super::cluster_file;
use super::form::{Choice, Form};
use super::hardware::OPEN;
use super::resolved::{Given, View};
use crate::checks;
use crate::finding::Finding;
use crate::site::Site;

/// The rules about what feeds a board, as far as its supply decides.
pub(super) const SUPPLY: &[&str] = &["supply-port", "supply-total", "supply-voltage"];

/// The rules about what a board has on top or sits on.
pub(super) const SEAT: &[&str] = &["poe-hat", "carrier"];

/// The rules about the switch that feeds boards.
pub(super) const SWITCH: &[&str] = &["poe-budget", "poe-switch", "switch-ports"];

/// The rule about boards that no cable goes into.
pub(super) const CABLE: &[&str] = &["no-ethernet"];

/// What stands for answers that are not given yet; no rule that is asked here
/// looks at them.
const STAND_INS: &[(&str, &str)] = &[
    ("image", "./trial.img"),
    ("install", "card"),
    ("user", "pi"),
    ("access", "gateway"),
    ("uplink", "wifi"),
    ("wifi", "trial"),
    ("internet", "always"),
    ("subnet", "10.55.0.0/16"),
    ("switch", OPEN),
    ("shared", "none"),
    ("key", "make"),
    ("head_name", "trial-head"),
    ("prefix", "trial-node"),
    ("domain", "trial.lan"),
];

/// Standards and classes of PoE, which are the same for all trials.
static REFERENCE: LazyLock<Reference> = LazyLock::new(Reference::builtin);

/// The first error that one of `rules` finds if the answers so far stand, and `tried`
/// with them.
pub(super) fn fault(
    view: &View<'_>,
    tried: &[(&'static str, &str)],
    rules: &[&str],
) -> Option<Finding> {
    let mut values: Given = view.values.clone();
    for (id, answer) in STAND_INS {
        values.entry(id).or_insert_with(|| (*answer).to_owned());
    }
    for (id, answer) in tried {
        values.insert(id, (*answer).to_owned());
    }
    let tried = View {
        values: &values,
        ..*view
    };
    let cluster = file::read(&cluster_file::write(&tried), &view.vocabulary).cluster?;
    let site = Site::new(&cluster, view.vocabulary.catalogue, &REFERENCE);
    let found = rules.iter().filter_map(|id| checks::find(id));
    let mut found = found.flat_map(|check| (check.find)(&site));
    found.find(|finding| finding.severity == Severity::Error)
}

/// One of `choices`: `proposed`, or if the rules refuse it the first that they do
/// not, or if they refuse all `otherwise`.
pub(super) fn accepted(
    view: &View<'_>,
    id: &'static str,
    rules: &[&str],
    (choices, proposed, otherwise): (Vec<Choice>, &str, &str),
) -> Form {
    let first = Form::one(choices, proposed);
    let others = first.choices.iter().map(|choice| choice.value.as_str());
    let mut candidates = std::iter::once(first.default.as_str()).chain(others);
    let right = candidates.find(|answer| fault(view, &[(id, answer)], rules).is_none());
    let right = right.unwrap_or(otherwise).to_owned();
    Form::one(first.choices, &right)
}

/// That an answer is too weak, if the rules say so.
pub(super) fn warning(view: &View<'_>, rules: &[&str]) -> Option<String> {
    let finding = fault(view, &[], rules)?;
    Some(format!("Not enough: {}. Go back with b.", finding.title))
}
