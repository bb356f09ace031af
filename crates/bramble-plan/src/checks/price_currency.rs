//! `price-currency`: prices in currencies that cannot be added.

use std::collections::BTreeMap;

use bramble_cluster::diagnostic::Severity;
use bramble_cluster::money::Currency;
use bramble_cluster::place::{Place, Table};

use super::Check;
use crate::finding::{Figure, Finding};
use crate::parts::{Line, PartsList};
use crate::site::Site;

pub(super) const CHECK: Check = Check {
    id: "price-currency",
    text: include_str!("price_currency.md"),
    find,
};

fn find(site: &Site<'_>) -> Vec<Finding> {
    let lines = PartsList::of(site).lines;
    let Some(own) = site.cluster.cost.currency else {
        return no_currency(site, &by_currency(&lines))
            .into_iter()
            .collect();
    };
    let unconverted = lines.iter().filter(|line| line.converted.is_none());
    let mut foreign = by_currency(unconverted);
    foreign.remove(&own);
    let apart = Some(foreign).filter(|foreign| !foreign.is_empty());
    apart
        .map(|foreign| no_rates(&foreign, own))
        .into_iter()
        .collect()
}

/// How many lines of the list of parts have a price in each currency.
fn by_currency<'a>(lines: impl IntoIterator<Item = &'a Line>) -> BTreeMap<Currency, u32> {
    let mut count = BTreeMap::new();
    let priced = lines.into_iter().filter(|line| line.subtotal.is_some());
    for currency in priced.filter_map(|line| line.currency) {
        *count.entry(currency).or_default() += 1;
    }
    count
}

/// What is summed apart for lack of rates.
fn no_rates(foreign: &BTreeMap<Currency, u32>, own: Currency) -> Finding {
    let codes = codes(foreign);
    let (rates, one) = match foreign.len() {
        1 => ("is no rate", "what one of it is"),
        _ => ("are no rates", "what one of each is"),
    };
    let title = format!(
        "prices in {} are summed apart: there {rates} to {own}",
        codes.join(" and ")
    );
    let written: Vec<_> = codes.iter().map(|code| format!("{code} = ...")).collect();
    let finding = Finding::new(
        CHECK.id,
        Severity::Note,
        title,
        Table::Cluster.key("currency"),
    )
    .label(format!("and others in {}", codes.join(" and ")))
    .remedy(format!(
        "add `rates = {{ {} }}` to `[cost]`, with {one} in {own} today",
        written.join(", ")
    ));
    with_lines(finding, foreign)
}

fn codes(priced: &BTreeMap<Currency, u32>) -> Vec<String> {
    priced.keys().map(ToString::to_string).collect()
}

/// `finding`, with how many prices there are in each currency.
fn with_lines(finding: Finding, priced: &BTreeMap<Currency, u32>) -> Finding {
    let figure = |(currency, lines): (&Currency, &u32)| {
        Figure::new(format!("lines of the list in {currency}"), *lines, "")
    };
    priced.iter().map(figure).fold(finding, Finding::figure)
}

/// What cannot be said without a currency of the file's own.
fn no_currency(site: &Site<'_>, priced: &BTreeMap<Currency, u32>) -> Option<Finding> {
    let remedy = "add `currency = \"USD\"`, or yours, to `[cluster]`";
    if let Some(place) = priced_in_file(site) {
        let title = "the file has prices and does not say in which currency: they are summed apart";
        let finding = Finding::new(CHECK.id, Severity::Note, title, place);
        return Some(finding.label("of what?").remedy(remedy));
    }
    if priced.len() < 2 {
        return None;
    }
    let title = format!(
        "prices in {} are summed apart: the file names no currency",
        codes(priced).join(" and ")
    );
    let finding = Finding::new(CHECK.id, Severity::Note, title, Table::Cluster.header())
        .label("no `currency`")
        .remedy(format!("{remedy}, and `rates` of the others to `[cost]`"));
    Some(with_lines(finding, priced))
}

/// The first price that the file has of its own.
fn priced_in_file(site: &Site<'_>) -> Option<Place> {
    let cluster = site.cluster;
    let part = cluster.parts.iter().position(|part| part.total.is_some());
    let part = part.map(|index| Table::Part(index).header());
    let electricity = cluster
        .cost
        .electricity
        .map(|_| Table::Power.key("electricity"));
    let rented = cluster.cost.rented.map(|_| Table::Cost.key("rented"));
    rented.or(electricity).or(part)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{file, of};

    const POUNDS: &str = "switch = \"tplink-tl-sg1005lp\"";

    fn titles(currency: &str, network: &str, rest: &str) -> Vec<String> {
        let text = file(&format!("{network}\n{rest}"));
        let text = text.replace("[cluster]", &format!("[cluster]\n{currency}"));
        of("price-currency", &text)
            .into_iter()
            .map(|finding| finding.title)
            .collect()
    }

    const DOLLARS: &str = "currency = \"USD\"";
    const PARTS: &str = "[[parts]]\nname = \"stack\"\nprice = 32";

    #[test]
    fn a_price_without_a_rate_is_not_added() {
        assert_eq!(
            titles(DOLLARS, POUNDS, ""),
            ["prices in GBP are summed apart: there is no rate to USD"]
        );
    }

    #[test]
    fn all_rates_that_are_missing_are_asked_for_at_once() {
        let text = file(POUNDS).replace("[cluster]", "[cluster]\ncurrency = \"EUR\"");
        let found = of("price-currency", &text);
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].title,
            "prices in GBP and USD are summed apart: there are no rates to EUR"
        );
        assert_eq!(
            found[0].remedy,
            "add `rates = { GBP = ..., USD = ... }` to `[cost]`, with what one of each is in EUR today"
        );
    }

    #[test]
    fn with_a_rate_it_is() {
        assert!(titles(DOLLARS, POUNDS, "[cost]\nrates = { GBP = 1.27 }").is_empty());
    }

    #[test]
    fn one_currency_needs_no_rate() {
        assert!(titles(DOLLARS, "switch = \"netgear-8-port\"", PARTS).is_empty());
        assert!(titles("", "switch = \"netgear-8-port\"", "").is_empty());
    }

    #[test]
    fn prices_of_the_file_need_a_currency() {
        assert!(titles("", "", PARTS)[0].contains("does not say in which currency"));
        assert!(titles("", "", "[power]\nelectricity = \"0.30/kWh\"")[0].contains("does not say"));
    }

    #[test]
    fn two_currencies_of_the_catalogue_are_told_too() {
        assert_eq!(
            titles("", POUNDS, ""),
            ["prices in GBP and USD are summed apart: the file names no currency"]
        );
    }
}
