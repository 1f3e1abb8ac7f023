//! The tools through their public door: catalogue, failures, sessions, and each tool as the people
//! of the demo company see it.

#[cfg(test)]
mod accounting;
#[cfg(test)]
mod actors;
#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod cost;
#[cfg(test)]
mod failures;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod people;
#[cfg(test)]
mod projects;
#[cfg(test)]
mod scripted;
#[cfg(test)]
mod sessions;
