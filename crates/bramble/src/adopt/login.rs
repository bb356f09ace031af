//! Being let in to a machine that is no node yet, and becoming root there. Not in here:
//! what a password or a key is (`bramble_fleet`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bramble_cluster::{NodeName, Secret, UserName};
use bramble_converge::{Answers, NodeFailure, Request, Transport, Unreachable};
use bramble_fleet::{Fleet, Guest, GuestBy};
use bramble_view::safe_text::safe_line;

use super::door::Door;
use super::machine::{self, Machine, Root};
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::hidden;
use crate::reach::Target;

/// Names the password for who has no terminal.
const PASSWORD: &str = "BRAMBLE_PASSWORD";

/// What `sudo` is asked by, where it wants no password.
const SUDO: &str = "exec sudo -n ";

/// The keys that OpenSSH offers by itself and that can be used here.
const OWN_KEYS: [&str; 2] = ["id_ed25519", "id_ecdsa"];

/// Who is to log in, and with which key.
#[derive(Debug)]
pub(crate) struct Wanted<'a> {
    pub(crate) user: &'a UserName,
    pub(crate) key: Option<&'a Path>,
}

/// A machine that let somebody in.
#[derive(Debug)]
pub(crate) struct Entered {
    pub(crate) machine: Machine,
    fleet: Fleet,
    /// What it took a password for.
    password: Option<Secret<String>>,
}

/// Somebody who may do everything there.
#[derive(Debug)]
pub(crate) struct AsRoot {
    fleet: Fleet,
    rights: Rights,
}

#[derive(Debug)]
enum Rights {
    Itself,
    Sudo,
    SudoBy(Secret<String>),
}

/// Logs in: as the cluster's account, where the machine may have it already (`known`);
/// else by a key; else by a password that is asked for once.
pub(crate) fn enter(
    target: &Target,
    door: &Door,
    wanted: &Wanted<'_>,
    known: bool,
    console: &mut Console,
) -> Result<Entered, Failure> {
    let keys = keys(target, wanted)?;
    let cluster = &target.cluster.user;
    let ours = known && wanted.user != cluster;
    let owner = Secret::new(target.secrets.owner.private.expose().clone());
    let tries = ours.then(|| (cluster, vec![owner]));
    let tries = tries.into_iter().chain([(wanted.user, keys)]);
    for (user, keys) in tries {
        let guest = Guest {
            user: user.clone(),
            by: GuestBy::Keys(keys),
        };
        match look_around(target, door, guest) {
            Ok((machine, fleet)) => {
                return Ok(Entered {
                    machine,
                    fleet,
                    password: None,
                });
            }
            Err(NodeFailure::Unreachable(
                Unreachable::Refused { .. } | Unreachable::RefusedWithoutKey { .. },
            )) => {}
            Err(failure) => return Err(no_machine(door, &failure)),
        }
    }
    by_password(target, door, wanted.user, console)
}

fn by_password(
    target: &Target,
    door: &Door,
    user: &UserName,
    console: &mut Console,
) -> Result<Entered, Failure> {
    let question = format!("password of {user} at {}: ", door.place());
    let password = ask(&question, console)?.ok_or_else(|| {
        let message = format!("{user} is not let in at {} by any key", door.place());
        Failure::new(Exit::Unreachable, message)
            .hint(format!(
                "set {PASSWORD} to the password of {user}, or type it at a terminal"
            ))
            .hint("name a private key with `--identity FILE`, or another account with `--user`")
    })?;
    let guest = Guest {
        user: user.clone(),
        by: GuestBy::Password(password.clone()),
    };
    match look_around(target, door, guest) {
        Ok((machine, fleet)) => Ok(Entered {
            machine,
            fleet,
            password: Some(password),
        }),
        Err(NodeFailure::Unreachable(Unreachable::Refused { offered, .. })) => {
            Err(refused(door, user, offered > 0))
        }
        Err(failure) => Err(no_machine(door, &failure)),
    }
}

/// Not let in is not reached, by whichever means.
fn refused(door: &Door, user: &UserName, takes_passwords: bool) -> Failure {
    let place = door.place();
    if takes_passwords {
        let message = format!("{user} is not let in at {place}: the password is not right");
        return Failure::new(Exit::Unreachable, message)
            .hint("try again, or name another account with `--user`")
            .hint("root is often let in by key only");
    }
    let message =
        format!("{user} is not let in at {place}: no key fits, and it takes no passwords");
    Failure::new(Exit::Unreachable, message)
        .hint("name a private key that is allowed there with `--identity FILE`")
}

fn no_machine(door: &Door, failure: &NodeFailure) -> Failure {
    let message = format!("{} at {}: {failure}", door.node, door.place());
    let told = Failure::new(Exit::of(failure), message);
    match failure {
        // OpenSSH 9.8 and later do.
        NodeFailure::Unreachable(Unreachable::Lost(_)) => told.hint(
            "a server that has refused somebody several times hangs up for a while: wait a \
             minute, then say the same again",
        ),
        _ => told,
    }
}

/// Typed, or given in the environment.
fn ask(question: &str, console: &mut Console) -> Result<Option<Secret<String>>, Failure> {
    match std::env::var(PASSWORD) {
        Ok(given) => Ok(Some(Secret::new(given))),
        Err(_) => hidden::ask(question, console),
    }
}

/// The owner's own key, then the one named, then those that `ssh` would offer.
fn keys(target: &Target, wanted: &Wanted<'_>) -> Result<Vec<Secret<String>>, Failure> {
    let owner = target.secrets.owner.private.expose().clone();
    let mut keys = vec![Secret::new(owner)];
    if let Some(path) = wanted.key {
        let text = std::fs::read_to_string(path);
        let text = text.map_err(|error| Failure::named("read", path, &error))?;
        keys.push(Secret::new(text));
    }
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let own = home.map(|home| OWN_KEYS.map(|name| home.join(".ssh").join(name)));
    let own = own.into_iter().flatten();
    // One that is not there, or is not ours to read, is no slip of anybody.
    keys.extend(
        own.filter_map(|path| std::fs::read_to_string(path).ok())
            .map(Secret::new),
    );
    Ok(keys)
}

/// Logs in and asks the machine what it is.
fn look_around(
    target: &Target,
    door: &Door,
    guest: Guest,
) -> Result<(Machine, Fleet), NodeFailure> {
    let lost = |failure: Failure| Unreachable::Lost(failure.to_string());
    let fleet = door.fleet(target, Some(guest)).map_err(lost)?;
    let request = machine::request(&target.cluster.user);
    let requests = BTreeMap::from([(door.node.clone(), request)]);
    let mut answers = fleet.exchange(requests, &mut |_, _| {});
    let silent = || Err(Unreachable::Lost("no answer".to_owned()));
    let answer = answers.remove(&door.node).unwrap_or_else(silent)?;
    let machine = Machine::parse(&answer).map_err(|malformed| NodeFailure::Malformed {
        malformed,
        complaint: String::from_utf8_lossy(&answer.complaint).trim().to_owned(),
    })?;
    Ok((machine, fleet))
}

impl Entered {
    /// The same with all rights; asks for the password that `sudo` wants, if that is not
    /// the one of the login.
    pub(crate) fn into_root(self, console: &mut Console) -> Result<AsRoot, Failure> {
        let user = &self.machine.user;
        let rights = match self.machine.root {
            Root::Itself => Rights::Itself,
            Root::Sudo | Root::Never => Rights::Sudo,
            Root::SudoWithPassword => {
                let question = format!("password of {user} for sudo: ");
                let password = match self.password {
                    Some(password) => Some(password),
                    None => ask(&question, console)?,
                };
                let nobody = || {
                    let message = format!("sudo wants a password of {user} there");
                    Failure::new(Exit::Usage, message)
                        .hint(format!("set {PASSWORD} to it, or type it at a terminal"))
                };
                Rights::SudoBy(password.ok_or_else(nobody)?)
            }
        };
        Ok(AsRoot {
            fleet: self.fleet,
            rights,
        })
    }
}

impl AsRoot {
    /// Why root's part could not be done on `node`, where `user` was let in.
    pub(crate) fn failure(&self, node: &NodeName, user: &str, why: &NodeFailure) -> Failure {
        let said = match why {
            NodeFailure::Sudo => "",
            NodeFailure::Malformed { complaint, .. } => complaint.as_str(),
            why => return Failure::new(Exit::of(why), format!("{node}: {why}")),
        };
        if !matches!(self.rights, Rights::SudoBy(_)) {
            return Failure::new(Exit::of(why), format!("{node}: {why}"));
        }
        let said = safe_line(said.trim());
        let message = format!(
            "{node}: {user} does not become root there: sudo did not take the password, or lets \
             {user} do nothing; nothing was changed {said}"
        );
        Failure::new(Exit::Failed, message.trim_end())
            .hint("name another account with `--user`, or let this one use sudo there")
    }
}

impl Transport for AsRoot {
    fn exchange(
        &self,
        requests: BTreeMap<NodeName, Request>,
        heard: &mut dyn FnMut(&NodeName, &str),
    ) -> Answers {
        let requests = requests.into_iter();
        let requests = requests.map(|(node, request)| (node, self.rights.raised(request)));
        self.fleet.exchange(requests.collect(), heard)
    }
}

impl Rights {
    /// The same request by the way that leads to root here.
    fn raised(&self, request: Request) -> Request {
        let Some(command) = request.command.strip_prefix(SUDO) else {
            return request;
        };
        match self {
            Self::Sudo => request,
            Self::Itself => Request {
                command: format!("exec {command}"),
                input: request.input,
            },
            // What it remembers is not asked, so that it reads the password always, and
            // the script never does.
            Self::SudoBy(password) => Request {
                command: format!("exec sudo -k -S -p '' {command}"),
                input: led_by(password, &request.input),
            },
        }
    }
}

fn led_by(password: &Secret<String>, input: &Secret<Vec<u8>>) -> Secret<Vec<u8>> {
    let mut led = password.expose().clone().into_bytes();
    led.push(b'\n');
    led.extend_from_slice(input.expose());
    Secret::new(led)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        bramble_converge::script::Script::observe().request(b"questions".to_vec())
    }

    #[test]
    fn the_password_comes_before_what_the_script_reads_and_is_not_in_the_command() {
        let rights = Rights::SudoBy(Secret::new("gooseberry".to_owned()));
        let raised = rights.raised(request());
        assert!(
            raised
                .command
                .starts_with("exec sudo -k -S -p '' /bin/sh -c ")
        );
        assert!(!raised.command.contains("gooseberry"));
        assert_eq!(raised.input.expose(), b"gooseberry\nquestions");
    }

    #[test]
    fn root_needs_no_sudo() {
        let raised = Rights::Itself.raised(request());
        assert!(raised.command.starts_with("exec /bin/sh -c "));
        assert_eq!(raised.input.expose(), b"questions");
    }
}
