//! Question 9: how the nodes are wired and reached, and how they get out.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use super::super::complaint::Complaint;
use super::super::form::{Choice, Form, Free};
use super::super::hardware;
use super::super::probe::{Probe, line};
use super::super::question::Question;
use super::super::resolved::View;
use super::super::switches;
use super::super::trial;

/// The answer that leaves something out.
pub(in super::super) const NONE: &str = "none";

pub(super) const QUESTIONS: &[Question] = &[
    Question {
        id: "access",
        number: Some(9),
        topic: "network",
        title: "How do you reach the nodes?",
        why: "It decides whose addresses they have, and who can reach them at all.",
        more: "Behind a gateway only the head is on your network: nobody else sees the \
               workers, and no address collides with yours. With direct or routed \
               access every node is open to whoever is on your network.",
        form: |_| {
            let choices = vec![
                Choice::new("gateway", "the head only; you reach the others through it"),
                Choice::new("direct", "each by itself: all are on your home network"),
                Choice::new("routed", "each by itself, through a router that you set up"),
            ];
            Some(Form::one(choices, "gateway"))
        },
        follows: |_| None,
    },
    Question {
        id: "uplink",
        number: Some(9),
        topic: "network",
        title: "How is the head on your network?",
        why: "Its own network port is taken by the cluster's switch.",
        more: "Wi-Fi needs no cable to your router. A second network port is faster \
               and steadier; on a Raspberry Pi it is an adapter on USB.",
        form: |view| {
            let choices = vec![
                Choice::new("wifi", "over the air: no further part, some Mb/s less"),
                Choice::new("ethernet", "a second network port, such as a USB adapter"),
            ];
            view.is("access", "gateway")
                .then(|| Form::one(choices, "wifi"))
        },
        follows: |_| None,
    },
    Question {
        id: "wifi",
        number: Some(9),
        topic: "network",
        title: "What is your Wi-Fi called?",
        why: "The head joins it at its first start.",
        more: "The name (SSID) as your phone or computer lists it, with the same \
               capitals and blanks. The pass phrase is never in the cluster file: \
               bramble asks for it when it is needed.",
        form: |view| {
            let free = Free::new("the name as your devices list it", |answer, view| {
                uplink("wifi", answer, view)
            });
            view.is("uplink", "wifi")
                .then(|| Form::text(free, "HomeWifi"))
        },
        follows: |_| Some("Its pass phrase is not written down; it is asked for later.".to_owned()),
    },
    Question {
        id: "interface",
        number: Some(9),
        topic: "network",
        title: "What is the second network port called?",
        why: "Linux names ports; eth0 is the one at the switch.",
        more: "An adapter on USB is eth1 on Raspberry Pi OS. `ip link` on the head \
               lists all of them.",
        form: |view| {
            let free = Free::new("a name, such as eth1", |answer, view| {
                uplink("ethernet", answer, view)
            });
            view.is("uplink", "ethernet")
                .then(|| Form::text(free, "eth1"))
        },
        follows: |_| None,
    },
    Question {
        id: "internet",
        number: Some(9),
        topic: "network",
        title: "When may workers reach the internet?",
        why: "What cannot get out cannot be misused from outside, nor surprise you.",
        more: "The head lets them out under its own address. With on-demand you open \
               the way with `bramble internet on` for as long as you say; `bramble up` \
               opens it for itself when packages are to be installed.",
        form: |view| {
            let choices = vec![
                Choice::new("on-demand", "while `bramble internet on` says so"),
                Choice::new("always", "at any time: simplest for services"),
                Choice::new("never", "at no time: you bring them every package yourself"),
            ];
            let default = if view.has("purpose", "services") {
                "always"
            } else {
                "on-demand"
            };
            view.is("access", "gateway")
                .then(|| Form::one(choices, default))
        },
        follows: |_| None,
    },
    Question {
        id: "subnet",
        number: Some(9),
        topic: "network",
        title: "Which addresses have the nodes?",
        why: "They must not collide with others that your machine or router knows.",
        more: "A network and the length of its prefix. On a home network write yours: \
               `ip route` shows it. Behind a gateway or router choose any private one \
               that is not yours.",
        form: |view| {
            let home = view.is("access", "direct");
            let default = if home {
                "192.168.1.0/24"
            } else {
                "10.55.0.0/24"
            };
            Some(Form::text(
                Free::new("a subnet, such as 10.55.0.0/24", subnet),
                default,
            ))
        },
        follows: |view| {
            let behind = view.is("access", "gateway");
            behind.then(|| addresses(view)).flatten()
        },
    },
    Question {
        id: "router",
        number: Some(9),
        topic: "network",
        title: "Which address has the router?",
        why: "The nodes reach the world through it.",
        more: "On a home network it is the address of your router: the one after \
               `default via` in what `ip route` prints.",
        form: |view| {
            let first = net(view).and_then(|net| net.hosts().next());
            let default = first.map_or_else(String::new, |address| address.to_string());
            let free = Free::new("an address in the subnet", router);
            (!view.is("access", "gateway")).then(|| Form::text(free, default))
        },
        follows: addresses,
    },
    Question {
        id: "dhcp",
        number: Some(9),
        topic: "network",
        title: "Which addresses does your router give out by itself?",
        why: "If it gave a node's address to a phone, neither would work.",
        more: "The router's own pages show it as DHCP range or pool. `none` if it \
               gives out none, or if you do not know yet.",
        form: |view| {
            let choices = vec![Choice::new(NONE, "none in this subnet, or not known")];
            let free = Free::new("a range, such as 192.168.1.100-192.168.1.199", range);
            let mut form = Form::one(choices, NONE).or(free);
            if let Some(usual) = usual_range(view) {
                form.default = usual;
            }
            view.is("access", "direct").then_some(form)
        },
        follows: |_| None,
    },
    Question {
        id: "switch",
        number: Some(9),
        topic: "network",
        title: "Which switch connects them?",
        why: "Every node needs a port; with PoE the switch also needs the watts.",
        more: "An unmanaged gigabit switch is enough: the boards are the slower end.",
        form: |view| {
            let poe = view.is("power", "poe");
            let mut choices = switches::choices(view, poe);
            choices.push(Choice::new(
                hardware::OPEN,
                "yours is not listed: add it to the file later",
            ));
            if !poe {
                return Some(Form::one(choices, "netgear-8-port"));
            }
            let choices = (choices, "", hardware::OPEN);
            Some(trial::accepted(view, "switch", trial::SWITCH, choices))
        },
        follows: switches::follows,
    },
];

fn uplink(medium: &str, answer: &str, view: &View<'_>) -> Result<String, Complaint> {
    let head = format!("uplink = {{ {} }}", line(medium, answer));
    Probe {
        head,
        ..Probe::default()
    }
    .keep(answer, view)
}

/// The subnet that was answered.
fn net(view: &View<'_>) -> Option<Ipv4Net> {
    view.get("subnet").parse().ok()
}

/// A subnet with room for all nodes and a router.
fn subnet(answer: &str, view: &View<'_>) -> Result<String, Complaint> {
    let network = line("subnet", answer);
    Probe {
        network,
        ..Probe::default()
    }
    .run(view)?;
    let net: Option<Ipv4Net> = answer.parse().ok();
    let room = net.map_or(0, |net| {
        (1_u64 << (32 - net.prefix_len())).saturating_sub(2)
    });
    let needed = u64::from(view.number("workers")) + 2;
    if room < needed {
        return Err(Complaint::new(
            format!("{answer} has room for {room}, and there are {needed} with a router"),
            "write a larger one, such as 10.55.0.0/24",
        ));
    }
    Ok(answer.to_owned())
}

/// An address in the subnet.
fn router(answer: &str, view: &View<'_>) -> Result<String, Complaint> {
    let network = format!(
        "{}\n{}",
        line("subnet", view.get("subnet")),
        line("router", answer)
    );
    Probe {
        network,
        ..Probe::default()
    }
    .keep(answer, view)
}

/// Who gets which address.
fn addresses(view: &View<'_>) -> Option<String> {
    let router = view.get("router").parse::<Ipv4Addr>().ok();
    let mut hosts = net(view)?
        .hosts()
        .filter(|address| Some(*address) != router);
    let (head, first) = (hosts.next()?, hosts.next()?);
    Some(match view.number("workers") {
        1 => format!("The head gets {head}, the worker {first}."),
        workers => {
            let last = hosts.nth(workers as usize - 2)?;
            format!("The head gets {head}, the workers {first} to {last}.")
        }
    })
}

/// What many home routers give out, where that leaves room for the nodes.
fn usual_range(view: &View<'_>) -> Option<String> {
    let net = net(view).filter(|net| net.prefix_len() == 24)?;
    // The nodes come first in the subnet, after the router.
    (view.number("workers") + 2 < 100).then(|| {
        let address = |last: u32| Ipv4Addr::from(u32::from(net.network()) + last);
        format!("{}-{}", address(100), address(199))
    })
}

/// Two addresses of the subnet with `-` between.
fn range(answer: &str, view: &View<'_>) -> Result<String, Complaint> {
    let plain = answer.replace(' ', "");
    let ends = plain.split_once('-');
    let ends = ends.and_then(|(first, last)| Some((first.parse().ok()?, last.parse().ok()?)));
    let example = "write two addresses, such as 192.168.1.100-192.168.1.199, or none";
    let Some((first, last)) = ends.filter(|(first, last): &(Ipv4Addr, Ipv4Addr)| first <= last)
    else {
        return Err(Complaint::new(
            format!("{answer} is no range of addresses"),
            example,
        ));
    };
    let inside = net(view).is_some_and(|net| net.contains(&first) && net.contains(&last));
    if inside {
        return Ok(plain);
    }
    let subnet = view.get("subnet");
    Err(Complaint::new(
        format!("{answer} is not in {subnet}"),
        example,
    ))
}
