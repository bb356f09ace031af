//! As much of YAML as a seed needs.

use std::fmt::Write as _;

/// `text` as a double-quoted YAML scalar. A JSON string is one (YAML 1.2,
/// section 1.3), save for what YAML takes for no text or for a line break: that
/// is written by its number.
pub(super) fn quoted(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    let mut quoted = String::new();
    for c in json.chars() {
        if matches!(
            c,
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        ) {
            // Writing to a string cannot fail.
            write!(quoted, "\\u{:04x}", u32::from(c)).ok();
        } else {
            quoted.push(c);
        }
    }
    quoted
}

/// `text` as a literal block, each line indented by `indent` spaces.
pub(super) fn block(text: &str, indent: usize) -> String {
    let indented = |line| format!("{:indent$}{line}\n", "");
    text.trim_end().lines().map(indented).collect()
}
