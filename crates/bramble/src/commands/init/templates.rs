//! The clusters that a cluster file can begin as, compiled in. Not in here: writing
//! them to a file.

/// A cluster to begin with.
#[derive(Debug)]
pub(super) struct Template {
    /// The name of its folder in `examples/`.
    pub(super) name: &'static str,
    /// Its cluster file.
    pub(super) text: &'static str,
}

/// A line for each folder of `examples/` that has a cluster file.
#[rustfmt::skip]
const TEMPLATES: &[Template] = &[
    template("000-vim3", include_str!("../../../../../examples/000-vim3/bramble.toml")),
    template("001-notes", include_str!("../../../../../examples/001-notes/bramble.toml")),
    template("002-recipe", include_str!("../../../../../examples/002-recipe/bramble.toml")),
    template("003-dox", include_str!("../../../../../examples/003-dox/bramble.toml")),
    template("004-super", include_str!("../../../../../examples/004-super/bramble.toml")),
];

const fn template(name: &'static str, text: &'static str) -> Template {
    Template { name, text }
}

/// The names of all.
pub(super) fn names() -> Vec<&'static str> {
    TEMPLATES.iter().map(|template| template.name).collect()
}

/// The cluster file of the template called `name`.
pub(super) fn text(name: &str) -> Option<&'static str> {
    let template = TEMPLATES.iter().find(|template| template.name == name)?;
    Some(template.text)
}
