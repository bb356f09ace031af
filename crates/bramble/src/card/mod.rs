//! Boot cards: what image, what of each node's own, where to, and what became of it.
//! Not in here: the verbs (`commands/card`), and images and devices (`bramble-media`).

pub(crate) mod contents;
pub(crate) mod courses;
pub(crate) mod given_image;
mod named_image;
pub(crate) mod out_folder;
pub(crate) mod own;
pub(crate) mod partial;
pub(crate) mod place;
pub(crate) mod record;
pub(crate) mod secrets;
