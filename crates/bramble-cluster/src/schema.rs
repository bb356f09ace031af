//! What may stand in a cluster file, for editors (JSON Schema) and for people
//! (Markdown). Both are drawn from the keys that the reader reads by.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::file::ROOT;
use crate::reader::{Key, Kind};

/// The JSON Schema (draft 7, which editors for TOML understand) of the cluster
/// file.
pub fn json() -> Value {
    let mut schema = table(ROOT, true);
    schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    schema["title"] = json!("bramble.toml");
    schema["description"] = json!("The one description of a cluster of single-board computers");
    schema
}

fn table(keys: &[Key], whole: bool) -> Value {
    let property = |key: &Key| (key.name.to_owned(), described(key));
    let properties: Map<_, _> = keys.iter().map(property).collect();
    let mut schema = json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    let required = keys.iter().filter(|key| key.required).map(|key| key.name);
    let required: Vec<_> = required.collect();
    if whole && !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

fn described(key: &Key) -> Value {
    let mut schema = kind(&key.kind);
    let mut description = sentence(key.doc);
    if !key.default.is_empty() {
        let _infallible = write!(description, " Default: {}.", key.default);
    }
    schema["description"] = json!(description);
    if let Some(example) = example(key) {
        schema["examples"] = json!([example]);
    }
    schema
}

fn kind(kind: &Kind) -> Value {
    match kind {
        Kind::Text => json!({ "type": "string" }),
        Kind::Choice(names) => json!({ "type": "string", "enum": names() }),
        Kind::Count => json!({ "type": "integer", "minimum": 1, "maximum": 1_000_000 }),
        Kind::Amount => json!({ "type": "number", "minimum": 0, "maximum": 1_000_000 }),
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::List(item) => json!({ "type": "array", "items": self::kind(item) }),
        Kind::Table(keys) => table(keys, true),
        Kind::Entries(Kind::Table(keys)) => {
            // An entry under an id that is known holds only what it changes.
            json!({ "type": "object", "additionalProperties": table(keys, false) })
        }
        Kind::Entries(item) => {
            json!({ "type": "object", "additionalProperties": self::kind(item) })
        }
    }
}

/// The example as JSON; none for the headers of tables.
fn example(key: &Key) -> Option<Value> {
    if matches!(key.kind, Kind::Table(_)) && key.example == "{ }" {
        return None;
    }
    let mut table: toml::Table = format!("x = {}", key.example).parse().ok()?;
    serde_json::to_value(table.remove("x")?).ok()
}

/// `doc` as a sentence.
fn sentence(doc: &str) -> String {
    let mut letters = doc.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

/// All keys as Markdown: a section for each table, with a table of its keys.
pub fn markdown() -> String {
    let mut text = String::new();
    for key in ROOT {
        section(&mut text, "##", &header(key), key);
    }
    text
}

/// `[network]` or `[[nodes]]`.
fn header(key: &Key) -> String {
    match key.kind {
        Kind::List(_) => format!("[[{}]]", key.name),
        Kind::Entries(_) => format!("[{}.NODE]", key.name),
        _ => format!("[{}]", key.name),
    }
}

fn section(text: &mut String, level: &str, title: &str, key: &Key) {
    let _infallible = write!(text, "{level} `{title}`\n\n{}\n\n", sentence(key.doc));
    match &key.kind {
        Kind::Table(keys) | Kind::List(Kind::Table(keys)) | Kind::Entries(Kind::Table(keys)) => {
            rows(text, level, keys);
        }
        _ => {}
    }
    if let Kind::Table(keys) = &key.kind {
        let kinds = keys
            .iter()
            .filter(|key| matches!(key.kind, Kind::Entries(Kind::Table(_))));
        for kind in kinds {
            let title = format!("[{}.{}.ID]", key.name, kind.name);
            section(text, &format!("{level}#"), &title, kind);
        }
    }
}

fn rows(text: &mut String, level: &str, keys: &[Key]) {
    text.push_str("| key | like | meaning |\n|---|---|---|\n");
    for key in keys {
        row(text, key);
    }
    text.push('\n');
    for key in keys {
        if let Some(inner) = inner(&key.kind) {
            let _infallible = write!(text, "{level}# In `{}`\n\n", key.name);
            rows(text, &format!("{level}#"), inner);
        }
    }
}

/// The keys of an inline table, or of those in a list.
fn inner(kind: &Kind) -> Option<&'static [Key]> {
    match kind {
        Kind::Table(keys) | Kind::List(Kind::Table(keys)) => Some(keys),
        _ => None,
    }
}

fn row(text: &mut String, key: &Key) {
    let mut meaning = sentence(key.doc);
    if let Kind::Choice(names) | Kind::List(Kind::Choice(names)) = &key.kind {
        let names: Vec<_> = names().iter().map(|name| format!("`\"{name}\"`")).collect();
        let _infallible = write!(meaning, " One of {}.", names.join(", "));
    }
    if key.required {
        meaning.push_str(" **Required.**");
    } else if !key.default.is_empty() {
        let _infallible = write!(meaning, " Default: {}.", key.default);
    }
    let like = key.example.replace('|', "\\|");
    let _infallible = writeln!(text, "| `{}` | `{like}` | {meaning} |", key.name);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every key of every table, with the path to it.
    fn walk(path: &str, keys: &'static [Key], visit: &mut impl FnMut(&str, &Key)) {
        for key in keys {
            let path = format!("{path}.{}", key.name);
            visit(&path, key);
            let mut kind = &key.kind;
            while let Kind::List(item) | Kind::Entries(item) = kind {
                kind = item;
            }
            if let Kind::Table(keys) = kind {
                walk(&path, keys, visit);
            }
        }
    }

    #[test]
    fn every_key_has_a_sentence_and_an_example_of_its_kind() {
        walk("", ROOT, &mut |path, key| {
            assert!(!key.doc.is_empty() && !key.doc.ends_with('.'), "{path}");
            if key.example == "{ }" {
                return;
            }
            let example = example(key).unwrap_or_else(|| panic!("{path}: {}", key.example));
            let fits = match key.kind {
                Kind::Text => example.is_string(),
                Kind::Choice(names) => names().iter().any(|name| example == **name),
                Kind::Count => example.as_u64().is_some_and(|count| count > 0),
                Kind::Amount => example.is_number(),
                Kind::Boolean => example.is_boolean(),
                Kind::List(_) => example.is_array(),
                Kind::Table(_) | Kind::Entries(_) => example.is_object(),
            };
            assert!(fits, "{path}: {example}");
        });
    }

    #[test]
    fn the_schema_names_every_key() {
        let text = json().to_string();
        walk("", ROOT, &mut |path, key| {
            assert!(text.contains(&format!("\"{}\":", key.name)), "{path}");
        });
    }

    #[test]
    fn the_schema_of_a_table() {
        let schema = json();
        insta::assert_snapshot!(
            serde_json::to_string_pretty(&schema["properties"]["time"]).unwrap()
        );
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "compares the page with the keys")]
    fn the_reference_names_every_key_as_it_is_read() {
        const BEGIN: &str = "cargo test -p bramble-cluster reference` -->\n";
        const END: &str = "<!-- end of keys -->";
        let file = "../../docs/cluster-file.md";
        let page = std::fs::read_to_string(file).unwrap();
        let (before, rest) = page.split_once(BEGIN).unwrap();
        let (_, after) = rest.split_once(END).unwrap();
        let fresh = format!("{before}{BEGIN}\n{}{END}{after}", markdown());
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(file, &fresh).unwrap();
        }
        assert!(
            std::fs::read_to_string(file).unwrap() == fresh,
            "docs/cluster-file.md is stale: UPDATE_DOCS=1 cargo test -p bramble-cluster reference"
        );
    }
}
