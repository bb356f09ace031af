//! `[storage]`: directories that one node shares with all others. Not in here:
//! whether that node exists (`resolve`).

use toml::Spanned;

use crate::reader::{Section, Text, Value};

const EXAMPLE: &str = r#"[{ on = "head", path = "/srv/home", mount = "/home/shared" }]"#;

/// One entry of `shared` as it is written.
#[derive(Debug)]
pub(super) struct ShareEntry {
    /// A node's name, or what should be one.
    pub(super) on: Option<Spanned<String>>,
    pub(super) path: Option<String>,
    pub(super) mount: Option<Spanned<String>>,
    pub(super) device: Option<String>,
}

/// Reads `[storage]`.
pub(super) fn read(mut section: Section<'_>) -> Vec<ShareEntry> {
    let shared = section.optional("shared", EXAMPLE).and_then(Value::list);
    section.finish();
    shared
        .unwrap_or_default()
        .into_iter()
        .filter_map(entry)
        .collect()
}

fn entry(value: Value<'_>) -> Option<ShareEntry> {
    let mut section = value.section("an entry of `shared`")?;
    let on = section.required("on", r#""head""#).and_then(Value::text);
    let on = on.map(|text| Spanned::new(text.span.clone(), text.value.to_owned()));
    let path = section.required("path", r#""/srv/home""#);
    let path = path.and_then(|value| absolute(&value.text()?));
    let mount = section.required("mount", r#""/home/shared""#);
    let mount = mount.and_then(|value| Some(Spanned::new(value.span(), absolute(&value.text()?)?)));
    let device = section.optional("device", r#""/dev/sda1""#);
    let device = device.and_then(|value| absolute(&value.text()?));
    section.finish();
    Some(ShareEntry {
        on,
        path,
        mount,
        device,
    })
}

/// A path that begins at the root and means the same to the shell, to
/// `/etc/fstab` and to `/etc/exports`.
fn absolute(text: &Text<'_>) -> Option<String> {
    let path = text.value;
    let (label, help) = if !path.starts_with('/') {
        (
            "not absolute",
            format!(
                "write it from the root: `/{}`",
                path.trim_start_matches("./")
            ),
        )
    } else if path == "/" {
        (
            "the whole file system",
            "name a directory below it, such as `/srv/home`".to_owned(),
        )
    } else if path
        .bytes()
        .any(|byte| !byte.is_ascii_alphanumeric() && !b"/._-".contains(&byte))
    {
        (
            "odd characters",
            "use letters, digits, `/`, `.`, `_` and `-` only".to_owned(),
        )
    } else if path[1..]
        .split('/')
        .any(|name| matches!(name, "" | "." | ".."))
    {
        (
            "not in its simplest form",
            "leave out `.`, `..`, doubled `/` and a `/` at the end".to_owned(),
        )
    } else {
        return Some(path.to_owned());
    };
    text.fail(
        "invalid-path",
        format!("`{text}` cannot be the `{}`", text.key),
        label,
        help,
    )
}
