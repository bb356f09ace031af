//! Files with named holes: `@name@`.

/// `template` with every `@name@` replaced.
pub(crate) fn fill(template: &str, holes: &[(&str, &str)]) -> String {
    let mut text = template.to_owned();
    for (name, value) in holes {
        text = text.replace(&format!("@{name}@"), value);
    }
    text
}
