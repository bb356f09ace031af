//! What nodes were when they were last read. A node that is down still counts
//! with its size, or every start and end of one would change `slurm.conf`.

use std::collections::BTreeMap;
use std::fs;

use bramble_cluster::NodeName;
use bramble_converge::Facts;

use crate::cluster_folder::ClusterFolder;
use crate::failure::Failure;
use crate::safe_file;

/// The facts of `names`, which belong to `target`: just read where they were, else remembered. All are
/// remembered afterwards.
pub(crate) fn complete(
    folder: &ClusterFolder,
    target: &str,
    names: &[&NodeName],
    read: BTreeMap<NodeName, Facts>,
) -> Result<BTreeMap<NodeName, Facts>, Failure> {
    let path = folder.kept(&format!("facts-{target}.json"))?;
    let remembered: BTreeMap<String, Facts> = fs::read(&path)
        .ok()
        // A file of another version of bramble is as good as none.
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default();
    let mut facts: BTreeMap<NodeName, Facts> = remembered
        .iter()
        .filter_map(|(name, facts)| Some((name.parse().ok()?, facts.clone())))
        .filter(|(name, _)| names.contains(&name))
        .collect();
    facts.extend(read);
    let new: BTreeMap<_, _> = facts
        .iter()
        .map(|(name, facts)| (name.to_string(), facts.clone()))
        .collect();
    if new != remembered {
        let text = serde_json::to_vec_pretty(&new).unwrap_or_default();
        safe_file::write(&path, &text)?;
    }
    Ok(facts)
}
