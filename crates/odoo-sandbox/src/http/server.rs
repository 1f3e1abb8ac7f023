//! The accept loop.

use std::sync::Arc;

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

use super::{
    router::Router,
    socket::{Reset, Socket},
};
use crate::state::State;

/// Serves until it is dropped; open connections go with it.
pub(crate) async fn serve(listener: TcpListener, state: Arc<State>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, Arc::clone(&state)));
                }
                // Out of file descriptors, most likely: give those in use time to go.
                Err(_) => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
            },
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }
}

async fn connection(stream: TcpStream, state: Arc<State>) {
    let Ok(peer) = stream.peer_addr() else { return };
    // Small answers must not wait for the next one.
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let reset = Reset::default();
    let router = Router {
        state,
        address: peer.ip(),
        reset: reset.clone(),
    };
    let service = service_fn(move |request| router.clone().answer(request));
    let io = TokioIo::new(Socket::new(stream, reset));
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(io, service)
        .await;
    if let Err(error) = served {
        tracing::debug!(%error, "connection ended");
    }
}
