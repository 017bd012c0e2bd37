//! Starts a cluster, writes its kubeconfigs into the current folder, and runs until Ctrl-C.
//!
//! ```text
//! cargo run -p embedded-cluster --example serve
//! kubectl --kubeconfig admin.kubeconfig get nodes
//! ```

use std::{error::Error, fs, net::SocketAddr};

use embedded_cluster::EmbeddedCluster;

#[tokio::main]
#[expect(clippy::print_stdout, reason = "an example tells where to go on")]
async fn main() -> Result<(), Box<dyn Error>> {
    let address: SocketAddr = std::env::args().nth(1).as_deref().unwrap_or("127.0.0.1:0").parse()?;
    let cluster = EmbeddedCluster::builder().listen(address).start().await?;
    fs::write("admin.kubeconfig", cluster.admin_kubeconfig())?;
    fs::write("launcher.kubeconfig", cluster.launcher_kubeconfig())?;
    println!("{}: admin.kubeconfig, launcher.kubeconfig", cluster.url());
    tokio::signal::ctrl_c().await?;
    cluster.shutdown().await;
    Ok(())
}
