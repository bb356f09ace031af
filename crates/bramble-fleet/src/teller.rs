//! Telling what becomes of an errand while it goes on. Not in here: going.

use tokio::sync::mpsc;

use crate::errand::News;

/// Tells the news of one errand.
pub(crate) struct Teller {
    pub(crate) errand: usize,
    pub(crate) news: mpsc::Sender<(usize, News)>,
}

impl Teller {
    pub(crate) async fn tell(&self, news: News) {
        // Nobody listens any more: the wish to halt follows.
        drop(self.news.send((self.errand, news)).await);
    }
}
