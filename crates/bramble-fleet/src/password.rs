//! Logging in once by password, where no key is known yet. Not in here: asking for it.

use bramble_cluster::Secret;
use bramble_converge::Unreachable;
use russh::MethodKind;
use russh::client::{AuthResult, Handle, Handler, KeyboardInteractiveAuthResponse, Prompt};

use crate::answer::taken;
use crate::reason;

/// Most rounds of questions that are answered; the first asks for the password, and
/// some servers end with one that asks nothing.
const ROUNDS: usize = 4;

/// Offers the password in the way that the server takes one, and once only: servers
/// count. [`Unreachable::Refused`] tells in `offered` whether it took one at all.
pub(crate) async fn log_in<H: Handler>(
    handle: &mut Handle<H>,
    user: &str,
    password: &Secret<String>,
) -> Result<(), Unreachable> {
    let refused = |offered| Unreachable::Refused {
        user: user.to_owned(),
        offered,
    };
    let none = handle.authenticate_none(user).await;
    let methods = match none {
        Ok(AuthResult::Failure {
            remaining_methods, ..
        }) if !handle.is_closed() => remaining_methods,
        other => {
            let let_in = taken(handle, other)?;
            return let_in.then_some(()).ok_or_else(|| refused(0));
        }
    };
    let let_in = if methods.contains(&MethodKind::Password) {
        let outcome = handle
            .authenticate_password(user, password.expose().clone())
            .await;
        taken(handle, outcome)?
    } else if methods.contains(&MethodKind::KeyboardInteractive) {
        answer(handle, user, password).await?
    } else {
        return Err(refused(0));
    };
    let_in.then_some(()).ok_or_else(|| refused(1))
}

/// Answers the one question that is for the password.
async fn answer<H: Handler>(
    handle: &mut Handle<H>,
    user: &str,
    password: &Secret<String>,
) -> Result<bool, Unreachable> {
    let mut reply = handle
        .authenticate_keyboard_interactive_start(user, None)
        .await;
    let mut said = false;
    for _ in 0..ROUNDS {
        let prompts = match reply.map_err(|error| reason::lost(&error))? {
            KeyboardInteractiveAuthResponse::Success => return Ok(true),
            KeyboardInteractiveAuthResponse::Failure { .. } => return Ok(false),
            KeyboardInteractiveAuthResponse::InfoRequest { prompts, .. } => prompts,
        };
        let answers = match prompts.as_slice() {
            [] => Vec::new(),
            [prompt] if !prompt.echo && !said => {
                said = true;
                vec![password.expose().clone()]
            }
            prompts => return Err(asks_more(prompts)),
        };
        reply = handle
            .authenticate_keyboard_interactive_respond(answers)
            .await;
    }
    Ok(false)
}

/// A second factor, or a password that has to be changed first.
fn asks_more(prompts: &[Prompt]) -> Unreachable {
    let first = prompts.first().map_or("", |prompt| prompt.prompt.trim());
    Unreachable::Lost(format!(
        "the node asks for more than a password (`{}`); log in there by hand once, or use a key",
        reason::harmless(first)
    ))
}
