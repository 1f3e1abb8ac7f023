//! The real binary as a child process, and the demo within this process.

use std::collections::BTreeMap;
use std::process::{Output, Stdio};
use std::time::Duration;

use mcp_transport::CancellationToken;
use odoo_mcp_server::demo::Demo;
use odoo_sandbox::Sandbox;
use secrecy::ExposeSecret as _;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use crate::person::Person;

/// Long enough for a loaded machine; nothing waits for it when all is well.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The binary with a clean environment, so that the settings of whoever runs the tests do not
/// reach it.
pub(crate) fn binary(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_odoo-mcp-server"));
    command.args(arguments).env_clear().stdin(Stdio::null());
    command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Runs the binary to its end.
pub(crate) async fn finished(mut command: Command) -> Output {
    timeout(PATIENCE, command.output())
        .await
        .expect("an end in time")
        .expect("a running binary")
}

/// A child that serves, with what it printed before it was ready.
pub(crate) struct Serving {
    pub(crate) child: Child,
    pub(crate) printed: Vec<String>,
    pub(crate) url: String,
    rest: Lines<BufReader<ChildStdout>>,
}

impl Serving {
    /// Waits for the line `ready: <url>`.
    pub(crate) async fn start(command: Command) -> Self {
        Self::try_start(command)
            .await
            .expect("`ready:` before the end")
    }

    /// The same; nothing when the program ends instead.
    pub(crate) async fn try_start(mut command: Command) -> Option<Self> {
        let mut child = command.spawn().expect("a running binary");
        let out = child.stdout.take().expect("its standard output");
        let mut rest = BufReader::new(out).lines();
        let mut printed = Vec::new();
        loop {
            let line = timeout(PATIENCE, rest.next_line())
                .await
                .expect("a line in time");
            let line = line.expect("readable output")?;
            if let Some(url) = line.strip_prefix("ready: ") {
                let url = url.to_owned();
                return Some(Self {
                    child,
                    printed,
                    url,
                    rest,
                });
            }
            printed.push(line);
        }
    }

    /// kill -9, and waits until the process is gone: only then is its address free for the next.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.expect("kill -9");
    }

    /// Sends SIGTERM and gives what came on standard output after `ready:`, and the exit code.
    pub(crate) async fn terminate(mut self) -> (Vec<String>, Option<i32>) {
        let id = self.child.id().expect("a running child").to_string();
        let sent = Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .await
            .expect("kill");
        assert!(sent.success());
        let mut printed = Vec::new();
        while let Ok(Some(line)) = self.rest.next_line().await {
            printed.push(line);
        }
        let status = timeout(PATIENCE, self.child.wait())
            .await
            .expect("an end in time");
        (printed, status.expect("an exit status").code())
    }
}

/// The demo in this process, so that a test can tamper with its Odoo.
pub(crate) struct Company {
    pub(crate) sandbox: Sandbox,
    pub(crate) url: String,
    tokens: BTreeMap<String, String>,
    stop: CancellationToken,
}

impl Company {
    pub(crate) async fn open() -> Self {
        let sandbox = Sandbox::builder().start().await.expect("a sandbox");
        let listen = "127.0.0.1:0".parse().expect("an address");
        let demo = Demo::start(listen, &sandbox).await.expect("a demo");
        let tokens = demo
            .tokens()
            .iter()
            .map(|issued| {
                (
                    issued.login.clone(),
                    issued.token.expose_secret().to_owned(),
                )
            })
            .collect();
        let (url, stop) = (demo.url(), CancellationToken::new());
        tokio::spawn(demo.serve(stop.clone()));
        Self {
            sandbox,
            url,
            tokens,
            stop,
        }
    }

    pub(crate) fn token(&self, login: &str) -> &str {
        &self.tokens[login]
    }

    pub(crate) fn logins(&self) -> impl Iterator<Item = &str> {
        self.tokens.keys().map(String::as_str)
    }

    /// A person with a session.
    pub(crate) async fn person(&self, login: &str) -> Person {
        Person::connect(&self.url, self.token(login)).await
    }
}

impl Drop for Company {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
