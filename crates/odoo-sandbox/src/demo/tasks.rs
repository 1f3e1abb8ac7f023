//! The tasks of the demo company: every state and priority, overdue ones, subtasks, a blocked one, and
//! private to-dos that only their assignee sees.

use jiff::ToSpan;
use jiff::civil::Date;

use super::work::{Priority, Task, TaskState};

/// Key, title, project, stage, state, priority, assignees, days from the anchor to the deadline, tags, parent
/// and blocker. A task without a project is a private to-do. Parents and blockers stand before those that
/// need them.
const TABLE: &str = "
grating    | Choose the grating           | spectrometer | finished | done     | high   | emil      | -60 | Hardware          |      |
lamp       | Qualify the new lamp         | spectrometer | doing    | progress | urgent | emil      | -4  | Hardware          |      |
lamp-a     | Burn-in of batch A           | spectrometer | finished | done     | medium | emil      | -12 |                   | lamp |
lamp-b     | Burn-in of batch B           | spectrometer | doing    | progress | medium | emil tara | -4  |                   | lamp |
housing    | Housing drawings             | spectrometer | review   | changes  | high   | tara      | 6   | Hardware          |      |
usb        | USB-C power path             | spectrometer | review   | approved | medium | tara      | 9   | Firmware Hardware |      |
boot       | Faster boot                  | spectrometer | doing    | progress | low    | emil      |     | Firmware          |      |
updater    | Signed firmware updates      | spectrometer | backlog  | progress | high   |           | 25  | Firmware          |      |
manual     | Write the manual             | spectrometer | backlog  | waiting  | low    | emil      | 40  | Paperwork         |      | housing
wifi       | Wireless module              | spectrometer | finished | canceled | low    | tara      | -30 |                   |      |
emc        | EMC pre-test                 | spectrometer | backlog  | progress | urgent | tara ada  | 2   |                   |      |
price      | Price list                   | spectrometer | backlog  | progress | medium | alice     | 14  | Paperwork         |      |
floor      | Level the floor              | lab-move     | finished | done     | high   | tara      | -10 |                   |      |
weights    | Pack the reference weights   | lab-move     | doing    | progress | urgent | emil      | -1  | Facilities        |      |
network    | Network sockets              | lab-move     | doing    | progress | medium | ada       | 3   |                   |      |
audit      | Book the accreditation audit | lab-move     | backlog  | progress | high   | tara      | 18  | Paperwork         |      |
party      | Opening party                | lab-move     | backlog  | progress | low    | hanna tara| 21  |                   |      |
kick-off   | Kick-off call                | onboarding   | backlog  | progress | low    | tara      |     |                   |      |
site-visit | Site visit                   | onboarding   | backlog  | progress | low    |           |     |                   |      |
training   | User training                | onboarding   | backlog  | progress | low    |           |     | Customer          |      |
stand      | Build the stand              | fair         | finished | done     | medium | ada       | -205|                   |      |
boots      | Order new safety boots       |              |          | progress | low    | emil      | 5   |                   |      |
reviews    | Prepare the yearly reviews   |              |          | progress | high   | tara      |     |                   |      |
close      | Close the month              |              |          | progress | low    | alice     | 8   |                   |      |
";

/// Descriptions, in HTML, by key.
const DESCRIPTIONS: [(&str, &str); 5] = [
    (
        "lamp",
        "<p>Needs <b>200 h</b> of burn-in.</p><ol><li>batch A</li><li>batch B</li></ol>",
    ),
    (
        "housing",
        "<p>The lid does not close over the <i>new</i> connector.</p>",
    ),
    ("wifi", "<p>Dropped: nobody asked for it.</p>"),
    ("weights", "<p>Gloves! One box per weight.</p>"),
    ("site-visit", "<p>Take photos of the installation.</p>"),
];

/// All tasks; parents and blockers stand before those that need them.
pub(super) fn tasks(anchor: Date) -> Vec<Task> {
    TABLE
        .lines()
        .filter(|line| !line.is_empty())
        .map(|line| task(line, anchor))
        .collect()
}

fn task(line: &'static str, anchor: Date) -> Task {
    let mut cells = line.split('|').map(str::trim);
    let mut cell = || cells.next().unwrap_or_default();
    let given = |text: &'static str| (!text.is_empty()).then_some(text);
    let (key, name) = (cell(), cell());
    Task {
        key,
        name,
        project: given(cell()),
        stage: given(cell()),
        state: state(cell()),
        priority: priority(cell()),
        assignees: cell().split_whitespace().collect(),
        // At 16:00 UTC, so that the day is the same in every time zone of the company.
        deadline: (cell().parse::<i32>().ok())
            .map(|days| anchor.saturating_add(days.days()).at(16, 0, 0, 0)),
        tags: cell().split_whitespace().collect(),
        parent: given(cell()),
        blocked_by: given(cell()).into_iter().collect(),
        description: DESCRIPTIONS
            .iter()
            .find(|(of, _)| *of == key)
            .map(|(_, html)| *html),
    }
}

fn state(word: &str) -> TaskState {
    match word {
        "changes" => TaskState::ChangesRequested,
        "approved" => TaskState::Approved,
        "done" => TaskState::Done,
        "canceled" => TaskState::Canceled,
        "waiting" => TaskState::Waiting,
        _ => TaskState::InProgress,
    }
}

fn priority(word: &str) -> Priority {
    match word {
        "medium" => Priority::Medium,
        "high" => Priority::High,
        "urgent" => Priority::Urgent,
        _ => Priority::Low,
    }
}
