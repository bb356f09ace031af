//! `config.txt`: what the boot loader of a Raspberry Pi reads. Not in here: which lines
//! a board needs (`settings`).

const BEGIN: &str = "# bramble: from here on, written by `bramble card`";
const END: &str = "# bramble: until here";

/// The file with `lines` in a part of its own at the end, in place of the part that an
/// earlier card had. A filter such as `[pi5]` before it holds until the next, so the part
/// begins with `[all]`.
pub(super) fn with(text: &[u8], lines: &[String]) -> Vec<u8> {
    let mut kept = without_part(text);
    if lines.is_empty() {
        return kept;
    }
    let end: &[u8] = if text.windows(2).any(|pair| pair == b"\r\n") {
        b"\r\n"
    } else {
        b"\n"
    };
    if !kept.is_empty() && !kept.ends_with(b"\n") {
        kept.extend_from_slice(end);
    }
    let lines = lines.iter().map(String::as_str);
    for line in [BEGIN, "[all]"].into_iter().chain(lines).chain([END]) {
        kept.extend_from_slice(line.as_bytes());
        kept.extend_from_slice(end);
    }
    kept
}

/// Whether an earlier card has left its part in the file.
pub(super) fn is_ours(text: &[u8]) -> bool {
    let mut lines = text.split(|byte| *byte == b'\n');
    lines.any(|line| line.trim_ascii() == BEGIN.as_bytes())
}

/// An end without a beginning, or the other way round, is somebody's own line.
fn without_part(text: &[u8]) -> Vec<u8> {
    let mut kept: Vec<&[u8]> = Vec::new();
    let mut begun = None;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let bare = line.trim_ascii();
        kept.push(line);
        if bare == BEGIN.as_bytes() {
            begun = Some(kept.len() - 1);
        } else if bare == END.as_bytes()
            && let Some(start) = begun.take()
        {
            kept.truncate(start);
        }
    }
    kept.concat()
}
