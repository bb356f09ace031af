//! Taking over a machine that runs a system already: what was typed, the host key, the
//! login, what it is, whether it fits, the account, the address. Not in here: what else
//! nodes hold, which `up` makes.

pub(crate) mod address;
pub(crate) mod door;
pub(crate) mod host_key;
pub(crate) mod login;
pub(crate) mod machine;
pub(crate) mod order;
pub(crate) mod suits;
pub(crate) mod take_over;
pub(crate) mod unanswered;
