//! The configuration: every setting, where it is read from, and what is wrong with it.
//!
//! A setting comes from the environment or, after that, from a TOML file. All mistakes are
//! gathered and reported at once, because an operator who restarts a container for each of them
//! loses an hour. What the settings are for is said once, in [`SETTINGS`].
//!
//! Not for command-line flags, which are `cli`'s: a flag says what to do now, a setting how this
//! installation is.

mod file;
mod log;
mod odoo;
mod problem;
mod reader;
mod serve;
mod setting;
mod strings;

pub use self::file::SettingsFile;
pub use self::log::{LogFormat, LogSettings};
pub use self::odoo::{OdooSettings, PersonalKey, default_limits};
pub use self::problem::{ConfigError, Problem};
pub use self::reader::Reader;
pub use self::serve::{ServeSettings, StorePlace, present_keys, scopes};
pub use self::setting::{SETTINGS, Setting};
pub use self::strings::{Environment, Strings};
