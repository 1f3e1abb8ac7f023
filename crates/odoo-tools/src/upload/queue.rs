//! Lets files into memory as far as there is room, in the order in which they came.
//!
//! Not for how many calls one person may make at once: before they come here, files wait as the
//! text in which they arrived, which the transport counts.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::error::{FailureKind, ToolError};

/// The room for all files together, in KiB: for four of the largest at once. Eight that come
/// together then keep the whole server below 300 MiB, with what the transport holds of them.
const ROOM: usize = 96 * 1024;

/// How long a file waits for room. Storing one takes Odoo a second or two; who waits longer is told
/// so while the client still listens.
const MAX_WAIT: Duration = Duration::from_secs(20);

/// The room that all files share, cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct UploadQueue {
    /// In KiB, for a semaphore counts no further than a `u32` at a time.
    room: Arc<Semaphore>,
}

/// The room that one file takes until it is stored.
pub(crate) type Room = OwnedSemaphorePermit;

impl UploadQueue {
    /// Waits for room for a file that came as so many bytes of Base64.
    pub(crate) async fn enter(&self, text: usize) -> Result<Room, ToolError> {
        // The file itself, and one text beside it: first the one it came as, then Odoo's.
        let needed = (text / 4 * 3 + text).div_ceil(1024).min(ROOM);
        let needed = u32::try_from(needed).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.room).acquire_many_owned(needed);
        match timeout(MAX_WAIT, room).await {
            Ok(Ok(room)) => Ok(room),
            _ => Err(full()),
        }
    }
}

impl Default for UploadQueue {
    fn default() -> Self {
        let room = Arc::new(Semaphore::new(ROOM));
        Self { room }
    }
}

fn full() -> ToolError {
    ToolError::of(
        FailureKind::Unavailable,
        format!(
            "many files are being uploaded at the moment, and this one got no turn within {} \
             seconds",
            MAX_WAIT.as_secs()
        ),
        "Nothing was stored. Upload it again in a minute.",
    )
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    /// The Base64 of ten mebibytes.
    const LARGEST: usize = 10 * 1024 * 1024 / 3 * 4;

    #[tokio::test(start_paused = true)]
    async fn four_of_the_largest_are_at_work_and_the_next_waits_its_turn() {
        let queue = UploadQueue::default();
        let mut at_work = Vec::new();
        for _ in 0..4 {
            at_work.push(queue.enter(LARGEST).await.unwrap());
        }
        let later = queue.clone();
        let next = tokio::spawn(async move { later.enter(LARGEST).await.is_ok() });
        tokio::task::yield_now().await;
        assert!(!next.is_finished());
        at_work.pop();
        assert!(next.await.unwrap());
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_gets_no_turn_is_told_in_time() {
        let queue = UploadQueue::default();
        let _at_work = queue.enter(usize::MAX / 4).await.unwrap();
        let since = Instant::now();
        let failure = queue.enter(1).await.unwrap_err().explain();
        assert_eq!(since.elapsed(), MAX_WAIT);
        insta::assert_snapshot!(failure.message, @"many files are being uploaded at the moment, and this one got no turn within 20 seconds");
        insta::assert_snapshot!(failure.next_step, @"Nothing was stored. Upload it again in a minute.");
    }

    #[tokio::test(start_paused = true)]
    async fn receipts_of_the_usual_size_do_not_wait_for_one_another() {
        let queue = UploadQueue::default();
        let mut at_work = Vec::new();
        for _ in 0..100 {
            at_work.push(queue.enter(400 * 1024).await.unwrap());
        }
        assert_eq!(at_work.len(), 100);
    }
}
