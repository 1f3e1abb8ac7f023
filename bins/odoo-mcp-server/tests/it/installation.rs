//! A company's own installation: `serve` as a child process over an Odoo in this process, with its
//! key ring and store in a folder of its own.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Output;
use std::sync::atomic::{AtomicU32, Ordering};

use odoo_sandbox::Sandbox;
use tempfile::TempDir;
use tokio::process::Command;

use crate::program::{Serving, binary, finished};

/// Everything that outlives one run of the server.
pub(crate) struct Installation {
    pub(crate) sandbox: Sandbox,
    pub(crate) address: String,
    folder: TempDir,
}

impl Installation {
    /// With a fresh Odoo and a key ring.
    pub(crate) async fn new() -> Self {
        let sandbox = Sandbox::builder().start().await.expect("a sandbox");
        Self::over(sandbox).await
    }

    /// With this Odoo and a key ring.
    pub(crate) async fn over(sandbox: Sandbox) -> Self {
        let installation = Self::without_keys(sandbox);
        let made = finished(installation.command(&["keys", "new"])).await;
        assert!(made.status.success(), "{made:?}");
        installation.write_keys(&made.stdout);
        installation
    }

    /// With this Odoo and no key ring yet.
    pub(crate) fn without_keys(sandbox: Sandbox) -> Self {
        // The public address has the port in it, so the port is chosen beforehand.
        let address = free_address();
        let folder = tempfile::tempdir().expect("a folder");
        Self {
            sandbox,
            address,
            folder,
        }
    }

    pub(crate) fn keys_file(&self) -> PathBuf {
        self.folder.path().join("keys.json")
    }

    pub(crate) fn store_folder(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    pub(crate) fn log_file(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// Puts a key ring where the settings say, as an operator would.
    pub(crate) fn write_keys(&self, ring: &[u8]) {
        std::fs::write(self.keys_file(), ring).expect("a key ring");
        self.chmod_keys(0o600);
    }

    pub(crate) fn chmod_keys(&self, mode: u32) {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(self.keys_file(), mode).expect("its mode");
    }

    /// The binary with this installation's settings.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = binary(arguments);
        command
            .env("ODOO_MCP_ODOO_URL", self.sandbox.url())
            .env("ODOO_MCP_DATABASE", self.sandbox.database())
            .env("ODOO_MCP_PUBLIC_URL", format!("http://{}", self.address))
            .env("ODOO_MCP_LISTEN", &self.address)
            .env("ODOO_MCP_STORE", self.store_folder().join("store.db"));
        if self.keys_file().exists() {
            command.env("ODOO_MCP_KEYS_FILE", self.keys_file());
        }
        command
    }

    /// Runs a command to its end.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Output {
        finished(self.command(arguments)).await
    }

    /// What a command that succeeds prints.
    pub(crate) async fn print(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments).await;
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// What a command that fails complains about, without what differs from run to run.
    pub(crate) async fn complaint(&self, command: Command) -> (Option<i32>, String) {
        let output = finished(command).await;
        let said = String::from_utf8(output.stderr).expect("text");
        let said = said
            .replace(self.sandbox.url(), "http://ODOO")
            .replace(&self.folder.path().display().to_string(), "FOLDER")
            .replace(&self.address, "ADDRESS");
        let complaint = said.lines().skip_while(|line| !line.starts_with("error:"));
        (
            output.status.code(),
            complaint.collect::<Vec<_>>().join("\n"),
        )
    }

    /// A token to read for this person, as the person would get it from the operator.
    pub(crate) async fn issue(&self, login: &str) -> String {
        self.issue_for(login, "odoo:read").await
    }

    /// A personal token that may do this.
    pub(crate) async fn issue_for(&self, login: &str, scope: &str) -> String {
        let name = format!("laptop of {login}");
        let mut command = self.command(&["grants", "issue", "--name", &name, "--scope", scope]);
        command.env("ODOO_MCP_API_KEY", self.sandbox.mint_key(login));
        let output = finished(command).await;
        assert!(output.status.success(), "{output:?}");
        let token = String::from_utf8(output.stdout).expect("text");
        token.trim().to_owned()
    }

    /// Starts the server.
    pub(crate) async fn serve(&self) -> Serving {
        self.serve_logging("info").await
    }

    /// Starts the server with what this filter passes in [`log_file`](Self::log_file).
    pub(crate) async fn serve_logging(&self, filter: &str) -> Serving {
        let mut command = self.command(&["serve"]);
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.log_file());
        command
            .env("ODOO_MCP_LOG", filter)
            .stderr(log.expect("a log file"));
        let server = Serving::try_start(command).await;
        server
            .ok_or_else(|| std::fs::read_to_string(self.log_file()))
            .map_err(|log| log.expect("the log"))
            .expect("a server that starts")
    }
}

/// An address that stays free while its server is down: below the ports that the system hands out
/// to clients, and never the same twice in this process.
fn free_address() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed) + std::process::id() * 61;
        let address = format!("127.0.0.1:{}", 12_000 + number % 20_000);
        if TcpListener::bind(&address).is_ok() {
            return address;
        }
    }
}
