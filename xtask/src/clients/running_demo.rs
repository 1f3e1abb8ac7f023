//! The demo as a process of its own, as a newcomer would start it.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

/// A start takes a second; a busy machine gets more.
const START: Duration = Duration::from_secs(60);
/// The demo drains for ten seconds at most.
const STOP: Duration = Duration::from_secs(20);

/// A demo that serves on a free port.
pub(crate) struct RunningDemo {
    child: Child,
    /// Kept open, so that the demo may go on printing.
    _printed: BufReader<ChildStdout>,
    url: String,
    tokens: BTreeMap<String, String>,
}

impl RunningDemo {
    /// Starts `binary` and waits until it is ready.
    ///
    /// # Errors
    /// When it ends before, or is not ready in a minute.
    pub(crate) async fn start(binary: &Path, folder: &Path) -> anyhow::Result<Self> {
        let tokens = folder.join("tokens.json");
        let log = Self::log(folder);
        let mut child = Command::new(binary)
            .args(["demo", "--listen", "127.0.0.1:0", "--tokens-file"])
            .arg(&tokens)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&log).with_context(|| format!("writing {}", log.display()))?)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("starting {}", binary.display()))?;
        let mut printed = BufReader::new(child.stdout.take().context("no standard output")?);
        let url = timeout(START, ready(&mut printed))
            .await
            .context("the demo was not ready in time")?
            .with_context(|| format!("the demo ended; {} says why", log.display()))?;
        let tokens = std::fs::read_to_string(&tokens).context("reading the demo's tokens")?;
        Ok(Self {
            child,
            _printed: printed,
            url,
            tokens: serde_json::from_str(&tokens).context("reading the demo's tokens")?,
        })
    }

    /// Where clients connect.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// What the demo logs.
    pub(crate) fn log(folder: &Path) -> PathBuf {
        folder.join("demo.log")
    }

    /// A person's token.
    ///
    /// # Errors
    /// When there is nobody with that login.
    pub(crate) fn token(&self, login: &str) -> anyhow::Result<String> {
        let token = self.tokens.get(login);
        token
            .cloned()
            .with_context(|| format!("the demo has no {login}"))
    }

    /// Asks it to end, as Ctrl-C does, so that it removes its folder.
    ///
    /// # Errors
    /// When it does not end, or says that something went wrong.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        let id = self.child.id().context("the demo ended by itself")?;
        let sent = Command::new("kill")
            .args(["-TERM", &id.to_string()])
            .status();
        ensure!(sent.await?.success(), "the demo could not be asked to end");
        let ended = timeout(STOP, self.child.wait()).await;
        let status = ended.context("the demo did not end in time")??;
        ensure!(status.success(), "the demo ended with {status}");
        Ok(())
    }
}

/// The address in the line that programs wait for.
async fn ready(printed: &mut BufReader<ChildStdout>) -> anyhow::Result<String> {
    let mut line = String::new();
    while printed.read_line(&mut line).await? > 0 {
        if let Some(url) = line.trim_end().strip_prefix("ready: ") {
            return Ok(url.to_owned());
        }
        line.clear();
    }
    anyhow::bail!("it never said `ready:`")
}
