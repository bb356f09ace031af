//! Questions at a terminal, with somebody who answers or presses Ctrl-C.

use std::fs;

use super::{image, make, place};
use crate::terminal::Terminal;
use crate::typed::Place;

/// A cluster, an image, and a card with nothing on it.
fn with_card() -> Place {
    let place = place();
    image(place.folder());
    make(place.folder(), "truncate", &["-s", "100M", "card"]);
    place
}

fn has_partitions(place: &Place) -> bool {
    let card = fs::read(place.path("card")).unwrap();
    card[510..512] == [0x55, 0xaa]
}

#[test]
fn cards_are_written_after_a_yes_and_not_after_anything_else() {
    let place = with_card();
    let script = "exec \"$BRAMBLE\" card write node1=card --image system.img";
    let mut terminal = Terminal::types(&place, script);
    terminal.sees("Type `yes`");
    terminal.presses("y\n");
    let (status, said) = terminal.ends();
    assert_eq!(status, 1, "{said}");
    assert!(
        said.contains("not written: you answered `y`, not `yes`"),
        "{said}"
    );
    assert!(!has_partitions(&place));
    let mut terminal = Terminal::types(&place, script);
    terminal.sees("Type `yes`");
    terminal.presses("yes\n");
    let (status, said) = terminal.ends();
    assert_eq!(status, 0, "{said}");
    assert!(has_partitions(&place));
}

#[test]
fn ctrl_c_at_the_question_ends_the_command() {
    let place = with_card();
    let script = "exec \"$BRAMBLE\" card write node1=card --image system.img";
    let mut terminal = Terminal::types(&place, script);
    terminal.sees("Type `yes`");
    terminal.presses("\u{3}");
    let (status, said) = terminal.ends();
    assert_eq!(status, 130, "{said}");
    assert!(said.contains("interrupted"), "{said}");
    assert!(!has_partitions(&place));
}

#[test]
fn where_the_image_comes_by_standard_input_the_terminal_itself_is_asked() {
    let place = with_card();
    let script = "\"$BRAMBLE\" card write node1=card --image - < system.img 2> said";
    let mut terminal = Terminal::types(&place, script);
    terminal.sees("Type `yes`");
    terminal.presses("yes\n");
    let (status, said) = terminal.ends();
    assert_eq!(status, 0, "{said}");
    assert!(has_partitions(&place));
}

#[test]
fn a_password_is_kept_until_another_or_none_is_wanted() {
    let place = with_card();
    let types = |out: &str, word: &str, password: Option<&str>| {
        let rest = format!("card image node1 --image system.img -o {out} {word}");
        let mut terminal = Terminal::types(&place, &format!("exec \"$BRAMBLE\" {rest}"));
        if let Some(password) = password {
            for question in ["password of the account: ", "once more: "] {
                terminal.sees(question);
                terminal.hides();
                terminal.presses(&format!("{password}\n"));
            }
        }
        let (status, said) = terminal.ends();
        assert_eq!(status, 0, "{said}");
        assert!(
            password.is_none_or(|password| !said.contains(password)),
            "{said}"
        );
        let hash = fs::read_to_string(place.path(".bramble/keys/password-hash"));
        (hash.ok(), said)
    };
    let (first, _) = types("one", "--ask-password", Some("correct horse"));
    assert!(first.as_ref().unwrap().starts_with("$6$"));
    let (again, said) = types("two", "", None);
    assert_eq!(again, first);
    assert!(said.contains("--no-password"), "{said}");
    assert_eq!(
        types("three", "--ask-password", Some("correct horse")).0,
        first
    );
    assert_ne!(
        types("four", "--ask-password", Some("battery staple")).0,
        first
    );
    assert_eq!(types("five", "--no-password", None).0, None);
}

#[test]
fn ctrl_c_at_a_hidden_question_ends_the_command() {
    let place = with_card();
    let script = "exec \"$BRAMBLE\" card image node1 --image system.img -o out --ask-password";
    let mut terminal = Terminal::types(&place, script);
    terminal.sees("password of the account: ");
    terminal.hides();
    terminal.presses("\u{3}");
    let (status, said) = terminal.ends();
    assert_eq!(status, 130, "{said}");
}
