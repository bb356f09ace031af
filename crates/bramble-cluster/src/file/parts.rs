//! `[[parts]]`: what a board does not imply. Without effect yet; checked all the
//! same. Not in here: the parts list (`bramble-plan`).

use crate::reader::{Section, Value};

/// Reads `[[parts]]`.
pub(super) fn read(root: &mut Section<'_>) {
    let example = r#"[{ name = "dog bone stack", quantity = 1, price = 32 }]"#;
    let parts = root.optional("parts", example).and_then(Value::list);
    for part in parts.unwrap_or_default() {
        let Some(mut section) = part.section("`[[parts]]`") else {
            continue;
        };
        let name = section.required("name", r#""dog bone stack""#);
        drop(name.and_then(|value| value.text()?.line()));
        section.check("quantity", "1", Value::count);
        section.check("price", "32", Value::amount);
        section.finish();
    }
}
