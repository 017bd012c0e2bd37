//! Runs an embedded cluster until it is interrupted.
//!
//! `cargo run --example serve KUBECONFIG ADDRESS` writes the administrator's kubeconfig to that file, for
//! `kubectl --kubeconfig KUBECONFIG`, and the launcher's beside it, to `KUBECONFIG.launcher`. Without arguments:
//! `kubeconfig`, and a free port of 127.0.0.1.

use std::{error::Error, fs, net::SocketAddr};

use embedded_cluster::EmbeddedCluster;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().unwrap_or_else(|| "kubeconfig".to_owned());
    let address: SocketAddr = arguments.next().as_deref().unwrap_or("127.0.0.1:0").parse()?;
    let cluster = EmbeddedCluster::builder().listen(address).start().await?;
    fs::write(&path, cluster.admin_kubeconfig())?;
    fs::write(format!("{path}.launcher"), cluster.launcher_kubeconfig())?;
    #[expect(clippy::print_stdout, reason = "an example talks to whoever started it")]
    {
        println!("{} is up: kubectl --kubeconfig {path} get nodes", cluster.url());
    }
    tokio::signal::ctrl_c().await?;
    cluster.shutdown().await;
    Ok(())
}
