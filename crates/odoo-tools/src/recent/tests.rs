//! What is remembered when there is little room.

use std::time::Duration;

use odoo_json2::{Clock, ManualClock};
use serde_json::json;

use super::*;

/// Room for three finished writes of one person and five in all, at half a kilobyte each, while
/// there is still room to begin another.
const SMALL: Bounds = Bounds {
    of_person: 4_096 + 1_500,
    in_all: 4_096 + 2_500,
};

struct Memory {
    recent: RecentWrites,
    clock: Clock,
    hands: ManualClock,
}

impl Memory {
    fn small() -> Self {
        let (clock, hands) = Clock::manual("2026-11-18T12:00:00Z".parse().unwrap());
        Self {
            recent: RecentWrites::new(SMALL),
            clock,
            hands,
        }
    }

    /// What becomes of a write: `done`, `repeated` or why it is refused.
    async fn write(&self, person: &str, grant: &str, note: &str) -> String {
        let arguments = json!({ "note": note });
        let key = WriteKey {
            grant: grant.into(),
            person: person.into(),
            tool: "write_note",
            arguments: digest::of_call(&[], arguments.as_object().unwrap(), &[]),
        };
        let work = async { Ok(Outcome::of(&arguments, false)) };
        match self.recent.once(&key, &self.clock, work).await {
            Ok(written) if written.repeated => "repeated".to_owned(),
            Ok(_) => "done".to_owned(),
            Err(error) => error.explain().message,
        }
    }
}

#[tokio::test]
async fn who_reached_the_bound_is_refused_and_nothing_is_forgotten() {
    let memory = Memory::small();
    assert_eq!(memory.write("alice", "laptop", "hers").await, "done");
    for note in ["1", "2", "3"] {
        // More connections give no more room.
        assert_eq!(memory.write("emil", note, note).await, "done");
    }
    insta::assert_snapshot!(memory.write("emil", "tablet", "4").await, @"you have changed so much through this server within ten minutes that it could not remember one more change, and a repeated call would do it twice");
    assert_eq!(memory.write("emil", "1", "1").await, "repeated");
    assert_eq!(memory.write("alice", "laptop", "hers").await, "repeated");
    memory.hands.advance(MEMORY);
    assert_eq!(memory.write("emil", "tablet", "4").await, "done");
}

#[tokio::test]
async fn when_all_room_is_used_nobody_loses_what_was_promised() {
    let memory = Memory::small();
    for (person, note) in [("a", "1"), ("a", "2"), ("b", "1"), ("b", "2"), ("c", "1")] {
        assert_eq!(memory.write(person, person, note).await, "done");
    }
    insta::assert_snapshot!(memory.write("d", "d", "1").await, @"all people together have changed so much through this server within ten minutes that it could not remember one more change, and a repeated call would do it twice");
    assert_eq!(memory.write("a", "a", "1").await, "repeated");
    // The room of those who do not come back is given back all the same.
    memory.hands.advance(MEMORY);
    for note in ["1", "2", "3"] {
        assert_eq!(memory.write("d", "d", note).await, "done");
    }
}

#[tokio::test]
async fn a_write_that_nobody_finished_takes_no_room() {
    let memory = Memory::small();
    for note in 0..20 {
        let key = WriteKey {
            grant: "laptop".into(),
            person: "alice".into(),
            tool: "write_note",
            arguments: [note; 32],
        };
        let work = std::future::pending::<Result<Outcome, ToolError>>();
        let write = memory.recent.once(&key, &memory.clock, work);
        // Whoever called goes away.
        assert!(tokio::time::timeout(Duration::ZERO, write).await.is_err());
    }
    assert_eq!(memory.write("alice", "laptop", "hers").await, "done");
}

#[tokio::test]
async fn those_who_wait_for_a_refused_write_are_refused_with_it() {
    let memory = Memory::small();
    let key = WriteKey {
        grant: "laptop".into(),
        person: "alice".into(),
        tool: "write_note",
        arguments: [0; 32],
    };
    let (tell, told) = tokio::sync::oneshot::channel();
    let first = memory.recent.once(&key, &memory.clock, async {
        let _ = told.await;
        Err(ToolError::argument("no", "Wait."))
    });
    let second = memory.recent.once(&key, &memory.clock, async {
        Err(ToolError::argument("ran twice", ""))
    });
    let (first, second, ()) = tokio::join!(first, second, async { tell.send(()).unwrap() });
    for outcome in [first, second] {
        assert!(outcome.is_err_and(|error| error.explain().message == "no"));
    }
    assert_eq!(memory.write("alice", "laptop", "hers").await, "done");
}
