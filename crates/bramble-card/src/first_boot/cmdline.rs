//! `cmdline.txt`: what the boot loader tells the kernel, on one line. Not in here: what
//! it is to be told (`settings`, and the formats).

/// Something that the kernel, or a program that reads what it was told, is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wish {
    /// `name=value`, once, instead of all that begin with `name=`.
    Is(&'static str, String),
    /// `name=value`, after any `other=value` that undoes it.
    Has {
        name: &'static str,
        undone_by: &'static str,
        value: &'static str,
    },
}

/// The file with what is wished. Lines after the first are dropped, which the boot loader
/// does not read; what stands on the first keeps its place. A line end is kept as it is.
pub(super) fn with(text: &[u8], wishes: &[Wish]) -> Vec<u8> {
    let (line, end) = first_line(text);
    let mut words = words(line);
    for wish in wishes {
        match wish {
            Wish::Is(name, value) => put(&mut words, name, format!("{name}={value}")),
            Wish::Has {
                name,
                undone_by,
                value,
            } => {
                let undone = format!("{undone_by}={value}").into_bytes();
                let done = format!("{name}={value}").into_bytes();
                let last = |word: &[u8]| words.iter().rposition(|found| found == word);
                if last(&done).is_none() || last(&done) < last(&undone) {
                    add(&mut words, done);
                }
            }
        }
    }
    let mut line = words.join(&b' ');
    line.extend_from_slice(end);
    line
}

/// Whether a word on the line is one that `is_it` means.
pub(super) fn tells(text: &[u8], is_it: impl Fn(&[u8]) -> bool) -> bool {
    let (line, _) = first_line(text);
    words(line).iter().any(|word| is_it(word))
}

/// In place of the first that has the name; further ones go.
fn put(words: &mut Vec<Vec<u8>>, name: &str, word: String) {
    let named = |word: &Vec<u8>| {
        word.strip_prefix(name.as_bytes())
            .is_some_and(|rest| rest.starts_with(b"="))
    };
    let Some(first) = words.iter().position(named) else {
        add(words, word.into_bytes());
        return;
    };
    words[first] = word.into_bytes();
    let mut index = 0;
    words.retain(|word| {
        index += 1;
        index - 1 <= first || !named(word)
    });
}

/// At the end, but before a quote that nobody closes: it takes all that follows.
fn add(words: &mut Vec<Vec<u8>>, word: Vec<u8>) {
    let parts = |word: &Vec<u8>| word.split(|byte| *byte == b'"').count();
    let open = words.last().is_some_and(|last| parts(last) % 2 == 0);
    words.insert(words.len() - usize::from(open), word);
}

/// The first line that holds anything, and its end.
fn first_line(text: &[u8]) -> (&[u8], &[u8]) {
    let lines = text.split_inclusive(|byte| *byte == b'\n');
    let mut lines = lines.map(|line| {
        let bare = line.strip_suffix(b"\n").unwrap_or(line);
        let bare = bare.strip_suffix(b"\r").unwrap_or(bare);
        line.split_at(bare.len())
    });
    let holds = |(line, _): &(&[u8], &[u8])| !line.trim_ascii().is_empty();
    lines
        .clone()
        .find(holds)
        .or_else(|| lines.next())
        .unwrap_or_default()
}

/// What stands between spaces; the kernel takes what is in double quotes for one.
fn words(line: &[u8]) -> Vec<Vec<u8>> {
    let mut quoted = false;
    let parts = line.split(|byte| {
        quoted ^= *byte == b'"';
        byte.is_ascii_whitespace() && !quoted
    });
    parts
        .filter(|part| !part.is_empty())
        .map(<[u8]>::to_vec)
        .collect()
}
