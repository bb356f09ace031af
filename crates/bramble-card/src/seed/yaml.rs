//! As much of YAML as a seed needs.

/// `text` as a double-quoted YAML scalar. A JSON string is one (YAML 1.2,
/// section 1.3).
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// `text` as a literal block, each line indented by `indent` spaces.
pub(super) fn block(text: &str, indent: usize) -> String {
    text.trim_end()
        .lines()
        .map(|line| format!("{:indent$}{line}\n", ""))
        .collect()
}
