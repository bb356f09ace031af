//! The files that a plan puts on a node. Not in here: any test.

use bramble_converge::record::decode;

use crate::case::Case;

/// Path and content of every file of `node`.
pub(crate) fn files(case: &Case, node: &str) -> Vec<(String, String)> {
    let plan = case.plan();
    let plan = &plan.nodes[&node.parse().unwrap()];
    let files = plan
        .changes
        .iter()
        .filter(|change| change.key.kind == "file");
    files
        .map(|change| {
            let content = decode(change.step.expose().field(3)).unwrap();
            let content = String::from_utf8_lossy(&content).into_owned();
            (change.key.id.clone(), content)
        })
        .collect()
}

/// The files as they are given to a program's judgement.
pub(crate) fn borrowed(files: &[(String, String)]) -> Vec<(&str, &str)> {
    files
        .iter()
        .map(|(path, content)| (path.as_str(), content.as_str()))
        .collect()
}
