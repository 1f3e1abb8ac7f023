//! The tools through their public door: catalogue, failures, sessions, and each tool as the people
//! of the demo company see it.

#[cfg(test)]
mod accounting;
#[cfg(test)]
mod actors;
#[cfg(test)]
mod arguments;
#[cfg(test)]
mod bank;
#[cfg(test)]
mod bills;
#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod companies;
#[cfg(test)]
mod cost;
#[cfg(test)]
mod cursors;
#[cfg(test)]
mod examples;
#[cfg(test)]
mod expense_drafts;
#[cfg(test)]
mod expense_mishaps;
#[cfg(test)]
mod expense_sums;
#[cfg(test)]
mod expenses;
#[cfg(test)]
mod expenses_write;
#[cfg(test)]
mod failures;
#[cfg(test)]
mod files;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod incomplete_files;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod load;
#[cfg(test)]
mod payslips;
#[cfg(test)]
mod people;
#[cfg(test)]
mod projects;
#[cfg(test)]
mod promised;
#[cfg(test)]
mod receipts;
#[cfg(test)]
mod records;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod scripted;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod staff_privacy;
#[cfg(test)]
mod staff_records;
#[cfg(test)]
mod time_off;
#[cfg(test)]
mod time_off_cost;
#[cfg(test)]
mod time_off_days;
#[cfg(test)]
mod time_off_lists;
#[cfg(test)]
mod time_off_request;
#[cfg(test)]
mod time_off_wording;
#[cfg(test)]
mod writes;
