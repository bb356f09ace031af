//! Which tests the workspace has, as cargo knows them. Not in here: running them.

use std::process::Command;

use serde_json::Value;

use crate::failure::Failure;
use crate::program;

/// Those that boot virtual nodes: a step of their own each.
pub(super) const SLOW: &[&str] = &["real", "end_to_end"];

/// The names of all test targets beside the crates' own unit tests.
pub(super) fn tests(cargo: &mut Command) -> Result<Vec<String>, Failure> {
    let words = ["metadata", "--no-deps", "--format-version=1", "--locked"];
    let text = program::output(cargo.args(words))?;
    let metadata: Value = serde_json::from_str(&text)
        .map_err(|error| Failure::new(format!("cargo's metadata cannot be read: {error}")))?;
    Ok(names(&metadata))
}

fn names(metadata: &Value) -> Vec<String> {
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let targets = packages.filter_map(|package| package["targets"].as_array());
    let is_test = |target: &&Value| target["kind"][0] == "test";
    let name = |target: &Value| target["name"].as_str().map(str::to_owned);
    let mut names: Vec<_> = targets.flatten().filter(is_test).filter_map(name).collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_targets_of_the_kind_test_are_named() {
        let metadata = serde_json::json!({ "packages": [
            { "targets": [{ "kind": ["lib"], "name": "a" }, { "kind": ["test"], "name": "fleet" }] },
            { "targets": [{ "kind": ["test"], "name": "base" }] },
        ]});
        assert_eq!(names(&metadata), ["base", "fleet"]);
    }
}
