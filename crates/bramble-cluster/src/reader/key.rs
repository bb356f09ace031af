//! A key as a value: its name, what may stand there, and what it is for. The
//! reader asks for keys by it, and the schema is drawn from it. Not in here:
//! reading (`section`, `value`).

/// A key of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key {
    /// What stands left of the `=`.
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// A value as the key expects it, as TOML: `"Europe/London"`.
    pub(crate) example: &'static str,
    /// What it is for: a sentence without a full stop.
    pub(crate) doc: &'static str,
    pub(crate) required: bool,
    /// What holds if it is left out, in words or as TOML.
    pub(crate) default: &'static str,
}

/// What may stand right of the `=`.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Text,
    /// One of some texts.
    Choice(fn() -> Vec<&'static str>),
    /// A whole number.
    Count,
    /// A number that is not negative.
    Amount,
    Boolean,
    List(&'static Self),
    /// A table with these keys, on lines of its own or inline.
    Table(&'static [Key]),
    /// A table whose keys the user chooses, each with such a value.
    Entries(&'static Self),
}

impl Key {
    /// A key that may be left out.
    pub(crate) const fn new(
        name: &'static str,
        kind: Kind,
        example: &'static str,
        doc: &'static str,
    ) -> Self {
        Self {
            name,
            kind,
            example,
            doc,
            required: false,
            default: "",
        }
    }

    /// The same, which must be there.
    pub(crate) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The same, with what holds if it is left out.
    pub(crate) const fn or(mut self, default: &'static str) -> Self {
        self.default = default;
        self
    }
}

/// The texts of a list of choices.
pub(crate) fn names<T>(options: &[(&'static str, T)]) -> Vec<&'static str> {
    options.iter().map(|(name, _)| *name).collect()
}

/// The keys of both, in this order; `N` is how many they are.
pub(crate) const fn joined<const N: usize>(first: &[Key], second: &[Key]) -> [Key; N] {
    assert!(
        first.len() + second.len() == N,
        "N is how many keys there are"
    );
    let mut keys = [first[0]; N];
    let mut at = 0;
    while at < N {
        keys[at] = if at < first.len() {
            first[at]
        } else {
            second[at - first.len()]
        };
        at += 1;
    }
    keys
}
