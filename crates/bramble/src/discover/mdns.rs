//! Asking a network by multicast DNS who is there, once, and reading what comes back
//! (RFC 6762, one-shot questions: section 5.1). Not in here: answering, and any other
//! network than the one asked.

use std::io;
use std::net::{Ipv4Addr, SocketAddrV4, UdpSocket};
use std::time::{Duration, Instant};

use ipnet::Ipv4Net;

use super::sighting::Sighting;

/// Where responders listen.
const GROUP: SocketAddrV4 = SocketAddrV4::new(Ipv4Addr::new(224, 0, 0, 251), 5353);

/// What machines may be asked for: those that let one log in, those that say their
/// hardware address, and whatever else is offered.
const SERVICES: [&str; 3] = ["_ssh._tcp", "_workstation._tcp", "_services._dns-sd._udp"];

/// How long answers are waited for.
const PATIENCE: Duration = Duration::from_secs(2);

const TYPE_A: u16 = 1;
const TYPE_PTR: u16 = 12;

/// Whether this machine has an address in `net`, and which. Nothing is sent.
pub(crate) fn own_address(net: Ipv4Net) -> Option<Ipv4Addr> {
    let there = net.hosts().next()?;
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((there, 9)).ok()?;
    match socket.local_addr().ok()?.ip() {
        std::net::IpAddr::V4(own) if net.contains(&own) => Some(own),
        _ => None,
    }
}

/// Asks on the interface that has `own`, and takes what machines of `net` answer.
pub(crate) fn ask(own: Ipv4Addr, net: Ipv4Net) -> io::Result<Vec<Sighting>> {
    // The address decides by which interface the question leaves.
    let socket = UdpSocket::bind((own, 0))?;
    rustix::net::sockopt::set_ip_multicast_if(&socket, &own)?;
    socket.set_multicast_ttl_v4(255)?;
    socket.send_to(&question(), GROUP)?;
    let (mut seen, end) = (Vec::new(), Instant::now() + PATIENCE);
    let mut packet = [0; 9000];
    loop {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(seen);
        }
        socket.set_read_timeout(Some(left))?;
        match socket.recv_from(&mut packet) {
            Ok((length, from)) => {
                if let std::net::IpAddr::V4(from) = from.ip()
                    && net.contains(&from)
                {
                    seen.push(read(&packet[..length], from));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return Ok(seen),
        }
    }
}

/// One question for each service, with the wish to be answered alone.
fn question() -> Vec<u8> {
    let count = u8::try_from(SERVICES.len()).unwrap_or_default();
    let mut packet = vec![0, 0, 0, 0, 0, count, 0, 0, 0, 0, 0, 0];
    for service in SERVICES {
        for label in service.split('.').chain(["local"]) {
            packet.push(u8::try_from(label.len()).unwrap_or_default());
            packet.extend(label.as_bytes());
        }
        packet.extend([0, 0, 12, 0x80, 1]);
    }
    packet
}

/// What a packet says of the machine that sent it: its name, and its hardware address
/// where it offers itself as a workstation.
pub(crate) fn read(packet: &[u8], from: Ipv4Addr) -> Sighting {
    let records = records(packet).unwrap_or_default();
    let own = records
        .iter()
        .find(|record| record.kind == TYPE_A && record.data == from.octets());
    let name = own.map(|record| record.name.trim_end_matches(".local"));
    let mac = records
        .iter()
        .filter(|record| record.kind == TYPE_PTR && record.name.starts_with("_workstation."))
        .find_map(|record| {
            // "raspberrypi [dc:a6:32:01:02:03]"
            let (_, rest) = record.target.split_once('[')?;
            rest.split_once(']')?.0.parse().ok()
        });
    let sighting = Sighting::of(from).with_name(name);
    match mac {
        Some(mac) => sighting.with_mac(mac),
        None => sighting,
    }
}

#[derive(Debug)]
struct Answer {
    name: String,
    kind: u16,
    data: Vec<u8>,
    /// The name that the data is, if it is one.
    target: String,
}

/// All records of a packet that is an answer.
fn records(packet: &[u8]) -> Option<Vec<Answer>> {
    let word = |at: usize| {
        let bytes = packet.get(at..at + 2)?;
        Some(u16::from_be_bytes([bytes[0], bytes[1]]))
    };
    let is_answer = word(2)? & 0x8000 != 0;
    let counts = [word(4)?, word(6)?, word(8)?, word(10)?];
    let mut at = 12;
    for _ in 0..counts[0] {
        at = name(packet, at)?.1 + 4;
    }
    let mut records = Vec::new();
    let all: u32 = counts[1..].iter().map(|count| u32::from(*count)).sum();
    for _ in 0..all {
        // What follows a broken record cannot be read.
        let Some((record, next)) = record(packet, at) else {
            break;
        };
        records.push(record);
        at = next;
    }
    is_answer.then_some(records)
}

fn record(packet: &[u8], at: usize) -> Option<(Answer, usize)> {
    let (own, at) = name(packet, at)?;
    let head = packet.get(at..at + 10)?;
    let kind = u16::from_be_bytes([head[0], head[1]]);
    let length = usize::from(u16::from_be_bytes([head[8], head[9]]));
    let data = packet.get(at + 10..at + 10 + length)?.to_vec();
    let target = if kind == TYPE_PTR {
        name(packet, at + 10)?.0
    } else {
        String::new()
    };
    let answer = Answer {
        name: own,
        kind,
        data,
        target,
    };
    Some((answer, at + 10 + length))
}

/// The name at `at` without its last dot, and where what follows it begins. A pointer
/// leads backwards only, so that there is an end to them.
fn name(packet: &[u8], at: usize) -> Option<(String, usize)> {
    let (mut name, mut at, mut after, mut bound) = (String::new(), at, None, at);
    loop {
        let length = *packet.get(at)?;
        match length {
            0 => return Some((name, after.unwrap_or(at + 1))),
            1..=63 => {
                let label = packet.get(at + 1..at + 1 + usize::from(length))?;
                if !name.is_empty() {
                    name.push('.');
                }
                name.push_str(&String::from_utf8_lossy(label));
                at += 1 + usize::from(length);
            }
            192.. => {
                let low = *packet.get(at + 1)?;
                let to = usize::from(u16::from_be_bytes([length & 0x3f, low]));
                if to >= bound || name.len() > 1000 {
                    return None;
                }
                after = after.or(Some(at + 2));
                (at, bound) = (to, to);
            }
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// An answer as Avahi sends it to a one-shot question: the names are pointers into
    /// the question and into each other.
    fn captured() -> Vec<u8> {
        let mut packet = vec![0, 0, 0x84, 0, 0, 1, 0, 1, 0, 0, 0, 1];
        packet.extend(b"\x0c_workstation\x04_tcp\x05local\0\0\x0c\0\x01");
        // At 12 is the name of the question, at 30 its "local".
        packet.extend(b"\xc0\x0c\0\x0c\0\x01\0\0\0\x0a");
        let instance = b"\x1fraspberrypi [dc:a6:32:01:02:03]\xc0\x0c";
        packet.extend([0, u8::try_from(instance.len()).unwrap()]);
        packet.extend(instance);
        packet.extend(b"\x0braspberrypi\xc0\x1e\0\x01\x80\x01\0\0\0\x78\0\x04\x0a\x37\0\x66");
        packet
    }

    #[test]
    fn a_machine_says_its_name_and_its_hardware_address() {
        let from = Ipv4Addr::new(10, 55, 0, 102);
        let seen = read(&captured(), from);
        assert_eq!(seen.name.as_deref(), Some("raspberrypi"));
        assert_eq!(seen.mac, "dc:a6:32:01:02:03".parse().ok());
    }

    #[test]
    fn another_machines_address_names_nobody() {
        let seen = read(&captured(), Ipv4Addr::new(10, 55, 0, 7));
        assert_eq!(seen.name, None);
    }

    #[test]
    fn the_question_is_one_that_is_understood() {
        let packet = question();
        let (first, next) = name(&packet, 12).unwrap();
        assert_eq!(first, "_ssh._tcp.local");
        assert_eq!(packet[next..next + 4], [0, 12, 0x80, 1]);
        assert!(records(&packet).is_none(), "a question is no answer");
    }

    proptest! {
        /// Whoever is on the network can send anything.
        #[test]
        fn no_packet_is_too_odd(
            start in 0..70_usize,
            noise in prop::collection::vec(any::<u8>(), 0..200),
        ) {
            let mut packet = captured();
            packet.truncate(start);
            packet.extend(noise);
            read(&packet, Ipv4Addr::LOCALHOST);
        }
    }
}
