//! What clients, people and time may do, at random.

use proptest::prelude::{Strategy, any, prop, prop_oneof};

/// Indexes are taken modulo what there is; `right` means by the client that it belongs to.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Consent {
        client: usize,
        person: usize,
        scope: usize,
    },
    Abandon {
        client: usize,
    },
    Exchange {
        code: usize,
        right: (bool, bool),
    },
    Refresh {
        token: usize,
        right: bool,
    },
    Use {
        token: usize,
    },
    GiveBack {
        token: usize,
        right: bool,
        access: bool,
    },
    End {
        grant: usize,
    },
    Pass {
        seconds: u64,
    },
    Upkeep,
}

pub(crate) fn step() -> impl Strategy<Value = Step> {
    let index = any::<usize>;
    let flag = any::<bool>;
    let mostly = || prop::bool::weighted(0.9);
    prop_oneof![
        2 => (index(), index(), index())
            .prop_map(|(client, person, scope)| Step::Consent { client, person, scope }),
        1 => index().prop_map(|client| Step::Abandon { client }),
        4 => (index(), (mostly(), mostly()))
            .prop_map(|(code, right)| Step::Exchange { code, right }),
        8 => (index(), mostly()).prop_map(|(token, right)| Step::Refresh { token, right }),
        8 => index().prop_map(|token| Step::Use { token }),
        1 => (index(), flag(), flag())
            .prop_map(|(token, right, access)| Step::GiveBack { token, right, access }),
        1 => index().prop_map(|grant| Step::End { grant }),
        4 => pause().prop_map(|seconds| Step::Pass { seconds }),
        1 => index().prop_map(|_| Step::Upkeep),
    ]
}

/// Many of them around the limits of races and overlaps.
fn pause() -> impl Strategy<Value = u64> {
    let limits = vec![1_u64, 9, 10, 11, 30, 31, 60, 119, 120, 121];
    prop_oneof![
        prop::sample::select(limits),
        1..100_u64,
        1000..5000_u64,
        80_000..900_000_u64
    ]
}
