//! A PostgreSQL of our own for the tests: `TEST_DATABASE_URL` if it is set, else a cluster on a free
//! port, started from the server programs of this machine. PostgreSQL refuses to run as root, so
//! root starts it as the user `postgres`.

use std::{
    net::TcpListener,
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use odoo_auth::PostgresStore;

use crate::folder::Folder;

pub(crate) struct Cluster {
    pub(crate) url: String,
    server: Option<(Child, Folder)>,
}

impl Cluster {
    /// Nothing, with a word about why, when this machine has no PostgreSQL.
    pub(crate) async fn start() -> Option<Self> {
        if let Ok(url) = std::env::var("TEST_DATABASE_URL") {
            return Some(Self { url, server: None });
        }
        let Some(programs) = programs() else {
            println!("SKIPPED: no PostgreSQL here, and TEST_DATABASE_URL is not set");
            return None;
        };
        let folder = Folder::new();
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let server = launch(&programs, &folder, port);
        let url = format!("postgres://omcp@127.0.0.1:{port}/postgres");
        let cluster = Self {
            url,
            server: Some((server, folder)),
        };
        cluster.wait().await;
        Some(cluster)
    }

    pub(crate) async fn store(&self) -> Arc<PostgresStore> {
        Arc::new(PostgresStore::connect(&self.url).await.unwrap())
    }

    async fn wait(&self) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while let Err(error) = PostgresStore::connect(&self.url).await {
            assert!(
                Instant::now() < deadline,
                "PostgreSQL does not start: {error}"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some((server, _)) = &mut self.server {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

fn launch(programs: &Path, folder: &Folder, port: u16) -> Child {
    let (data, owner) = (folder.file("data"), unprivileged());
    std::fs::create_dir(&data).unwrap();
    if let Some((user, group)) = owner {
        for path in [folder.path(), &data] {
            chown(path, Some(user), Some(group)).unwrap();
        }
    }
    let mut make = as_user(&programs.join("initdb"), owner);
    make.arg("-D")
        .arg(&data)
        .args(["-U", "omcp", "-A", "trust", "--no-sync"]);
    assert!(make.stdout(Stdio::null()).status().unwrap().success());
    let mut serve = as_user(&programs.join("postgres"), owner);
    serve
        .arg("-D")
        .arg(&data)
        .args(["-p", &port.to_string(), "-k", "", "-F"]);
    serve.args(["-c", "listen_addresses=127.0.0.1"]);
    serve
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The newest server programs.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let folders = versions.filter_map(|entry| Some(entry.ok()?.path().join("bin")));
    folders
        .filter(|folder| folder.join("initdb").exists())
        .max()
}

/// User and group to run as, when we are root.
fn unprivileged() -> Option<(u32, u32)> {
    use std::os::unix::fs::MetadataExt;
    if std::fs::metadata("/proc/self").ok()?.uid() != 0 {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    let line = users.lines().find(|line| line.starts_with("postgres:"))?;
    let mut fields = line.split(':').skip(2).map(|field| field.parse().ok());
    Some((fields.next()??, fields.next()??))
}

fn as_user(program: &Path, owner: Option<(u32, u32)>) -> Command {
    let mut command = Command::new(program);
    command.current_dir("/").stdin(Stdio::null());
    if let Some((user, group)) = owner {
        command.uid(user).gid(group);
    }
    command
}
