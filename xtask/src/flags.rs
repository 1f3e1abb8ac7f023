//! The commands of xtask and their flags. What they do stands in a file per command.
use std::path::PathBuf;

xflags::xflags! {
    /// Commands for working on this repository.
    cmd xtask {
        /// Check the rules of this repository that a program can check.
        cmd tidy {}
        /// Seed a running Odoo 19 with the demo company and compare the sandbox with it.
        cmd e2e {
            /// Base URL of the Odoo, such as http://127.0.0.1:8069.
            required --odoo url: String
            /// Database; needed where the Odoo serves several.
            optional --database database: String
            /// File with an administrator's API key, instead of login and password.
            optional --admin-key-file path: PathBuf
            /// Login of an administrator; `admin` unless given.
            optional --admin-login login: String
            /// The administrator's password; `admin` unless given.
            optional --admin-password password: String
            /// Write the real answers to the golden files.
            optional --record
            /// Run only the cases whose name contains this.
            optional --only name: String
        }
        /// Try the server with the official MCP clients and the conformance suite.
        cmd clients {
            /// The server's binary; built unless given.
            optional --demo path: PathBuf
        }
        /// Write docs/tools.md, the reference of all tools, from the catalogue.
        cmd docs {}
    }
}
