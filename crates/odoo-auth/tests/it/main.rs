//! The crate from outside: people, clients, attackers, and a database that dies in between.

#[cfg(test)]
mod attacks;
#[cfg(test)]
mod audience;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod cluster;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod contract_clients;
#[cfg(test)]
mod contract_epochs;
#[cfg(test)]
mod contract_pairs;
#[cfg(test)]
mod contract_races;
#[cfg(test)]
mod document_host;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod floods;
#[cfg(test)]
mod flow;
#[cfg(test)]
mod folder;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod kill;
#[cfg(test)]
mod life;
#[cfg(test)]
mod lockout;
#[cfg(test)]
mod machine;
#[cfg(test)]
mod maker;
#[cfg(test)]
mod redirects;
#[cfg(test)]
mod restore;
#[cfg(test)]
mod reuse;
#[cfg(test)]
mod schemes;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod site;
#[cfg(test)]
mod steps;
#[cfg(test)]
mod stores;
#[cfg(test)]
mod tamper;
#[cfg(test)]
mod throttle;
#[cfg(test)]
mod upgrade;
#[cfg(test)]
mod web_account;
#[cfg(test)]
mod web_attacks;
#[cfg(test)]
mod web_documents;
#[cfg(test)]
mod web_journey;
#[cfg(test)]
mod web_routes;
#[cfg(test)]
mod web_sealed;
#[cfg(test)]
mod web_secrets;
#[cfg(test)]
mod web_sign_in;
#[cfg(test)]
mod web_twice;
#[cfg(test)]
mod words;
#[cfg(test)]
mod world;
