//! `carrier`: a module needs a carrier that takes it, and nothing else does.

use bramble_cluster::catalogue::Carrier;
use bramble_cluster::diagnostic::Severity;

use super::Check;
use super::placed::Placed;
use crate::finding::Finding;
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "carrier",
    text: include_str!("carrier.md"),
    find,
};

fn find(site: &Site<'_>) -> Vec<Finding> {
    Placed::all(site).filter_map(|placed| of(&placed)).collect()
}

fn of(placed: &Placed<'_>) -> Option<Finding> {
    let board = placed.board();
    match &placed.hardware().carrier {
        None => board.module.then(|| missing(placed)),
        Some(carrier) if !board.module => Some(needless(placed, carrier)),
        Some(carrier) if carrier.fits.is_empty() => Some(unknown(placed, carrier)),
        Some(carrier) => (!carrier.fits.contains(&board.id)).then(|| wrong(placed, carrier)),
    }
}

fn missing(placed: &Placed<'_>) -> Finding {
    let board = placed.board();
    let carriers = placed.site.catalogue.carriers.values();
    let fit: Vec<_> = carriers
        .filter(|carrier| carrier.fits.contains(&board.id))
        .map(|carrier| format!("`{}`", carrier.id))
        .collect();
    let remedy = if fit.is_empty() {
        "add `carrier = ` and what it is plugged into".to_owned()
    } else {
        format!("add `carrier = ` and one of {}", fit.join(", "))
    };
    let title = format!(
        "the {} is a module: it has no plugs before it is on a carrier",
        board.name
    );
    placed
        .found("carrier", Severity::Warning, "board", title)
        .label("no `carrier`")
        .remedy(remedy)
}

fn needless(placed: &Placed<'_>, carrier: &Carrier) -> Finding {
    let name = &placed.board().name;
    let title = format!(
        "the {name} is no module and cannot be plugged into the {}",
        carrier.name
    );
    placed
        .found("carrier", Severity::Error, "carrier", title)
        .label("takes modules only")
        .remedy("delete the key, or choose a module as the board")
}

fn wrong(placed: &Placed<'_>, carrier: &Carrier) -> Finding {
    let name = &placed.board().name;
    let title = format!("the {name} does not fit into the {}", carrier.name);
    placed
        .found("carrier", Severity::Error, "carrier", title)
        .label(format!("takes {}", carrier.fits.join(", ")))
        .remedy("choose a carrier for this module; boards that look alike differ in voltage and in what is on their pins")
}

fn unknown(placed: &Placed<'_>, carrier: &Carrier) -> Finding {
    let title = format!(
        "whether the {} fits into the {} cannot be checked: the catalogue does not know what that takes",
        placed.board().name,
        carrier.name
    );
    let remedy = format!(
        "add `[catalogue.carriers.{}]` with `fits = [\"{}\"]` if it does",
        carrier.id,
        placed.board().id
    );
    placed.unknown("carrier", "carrier", title).remedy(remedy)
}

#[cfg(test)]
mod tests {
    use bramble_cluster::diagnostic::Severity;

    use super::super::fixture::{file, of};
    use crate::finding::Finding;

    fn nodes(keys: &str) -> Vec<Finding> {
        of(
            "carrier",
            &file(&format!(
                "[[nodes]]\nnames = \"node[1-3]\"\nram = \"4GB\"\n{keys}"
            )),
        )
    }

    #[test]
    fn a_module_needs_one() {
        let found = nodes("board = \"cm4\"");
        assert_eq!(found[0].severity, Severity::Warning);
        assert!(found[0].remedy.contains("`cm4io`"), "{}", found[0].remedy);
        assert!(!found[0].remedy.contains("`cm5io`"), "{}", found[0].remedy);
    }

    #[test]
    fn a_carrier_takes_the_modules_it_is_made_for() {
        assert!(nodes("board = \"cm4\"\ncarrier = \"cm4io\"").is_empty());
        assert_eq!(
            nodes("board = \"cm5\"\ncarrier = \"cm4io\"")[0].severity,
            Severity::Error
        );
    }

    #[test]
    fn a_single_board_needs_none() {
        assert!(nodes("board = \"rpi4b\"").is_empty());
        assert_eq!(
            nodes("board = \"rpi4b\"\ncarrier = \"cm4io\"")[0].severity,
            Severity::Error
        );
    }

    #[test]
    fn a_carrier_of_which_nothing_is_known_is_said() {
        let own = "[catalogue.carriers.mine]\nname = \"Mine\"\nfits = []";
        let found = nodes(&format!("board = \"cm4\"\ncarrier = \"mine\"\n{own}"));
        assert_eq!(found[0].severity, Severity::Note);
    }
}
