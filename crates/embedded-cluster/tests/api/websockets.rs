//! Attach and exec where a row cannot ask: other accounts, failures on demand, what does not happen. The rest is in the
//! rows of `api-conformance`.

use std::time::Duration;

use crate::support::{Server, cluster};
use embedded_cluster::EmbeddedCluster;
use futures::{SinkExt, StreamExt};
use http_body_util::Full;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{self, Message, client::IntoClientRequest, protocol::frame::coding::CloseCode},
};

const PODS: &str = "/api/v1/namespaces/rstudio/pods";
const V5: &str = "v5.channel.k8s.io";

type Socket = WebSocketStream<TlsStream<TcpStream>>;

struct Lab {
    cluster: EmbeddedCluster,
    server: Server,
}

impl Lab {
    /// A cluster with the pod `p`, whose container runs `command` and has an open standard input.
    async fn with_pod(command: &[&str]) -> Lab {
        let (cluster, server) = cluster().await;
        let lab = Lab { cluster, server };
        let container =
            json!({"name": "c", "image": "b", "command": command, "stdin": true, "stdinOnce": true});
        let spec =
            json!({"restartPolicy": "Never", "terminationGracePeriodSeconds": 0, "containers": [container]});
        let made = lab.server.post(PODS, &json!({"metadata": {"name": "p"}, "spec": spec})).await;
        assert_eq!(made.status, 201, "{}", made.text());
        lab.until(|state| state["running"].is_object() || state["terminated"].is_object()).await;
        lab
    }

    async fn until(&self, wanted: impl Fn(&Value) -> bool) {
        let mut last = Value::Null;
        for _ in 0..1_000 {
            last = self.server.get(&format!("{PODS}/p")).await.json();
            if wanted(&last["status"]["containerStatuses"][0]["state"]) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the container does not come so far: {}", last["status"]);
    }

    async fn open(&self, path: &str, protocols: &str, token: &str) -> Result<Socket, tungstenite::Error> {
        let url = format!("wss://{}{PODS}/p/{path}", self.server.url.authority().unwrap());
        let mut request = url.into_client_request()?;
        let headers = request.headers_mut();
        headers.insert("sec-websocket-protocol", protocols.parse().unwrap());
        if !token.is_empty() {
            headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
        }
        let stream = self.server.connect().await.unwrap();
        client_async(request, stream).await.map(|(socket, _)| socket)
    }

    async fn exec(&self, protocol: &str, query: &str) -> Socket {
        let path = format!("exec?container=c&{query}");
        self.open(&path, protocol, &self.server.launcher_token).await.unwrap()
    }

    /// The status and text of a handshake that is refused.
    async fn refusal(&self, path: &str, token: &str) -> (u16, String) {
        match self.open(path, V5, token).await {
            Err(tungstenite::Error::Http(response)) => {
                let body = response.body().clone().unwrap_or_default();
                (response.status().as_u16(), String::from_utf8_lossy(&body).into_owned())
            }
            other => panic!("not refused: {other:?}"),
        }
    }
}

/// All messages to the end, joined by channel, and the close code.
async fn read(socket: &mut Socket) -> (Vec<(u8, Vec<u8>)>, Option<CloseCode>) {
    let mut messages = Vec::new();
    let work = async {
        while let Some(Ok(message)) = socket.next().await {
            match message {
                Message::Binary(bytes) => messages.push((bytes[0], bytes[1..].to_vec())),
                Message::Close(frame) => return frame.map(|frame| frame.code),
                _ => {}
            }
        }
        None
    };
    let code = tokio::time::timeout(Duration::from_secs(20), work).await.unwrap();
    (messages, code)
}

fn joined(messages: &[(u8, Vec<u8>)], channel: u8) -> String {
    let bytes: Vec<u8> =
        messages.iter().filter(|(found, _)| *found == channel).flat_map(|(_, bytes)| bytes.clone()).collect();
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn in_version_four_the_close_of_a_channel_is_ignored() {
    let lab = Lab::with_pod(&["cat"]).await;
    let path = "attach?container=c&stdin=true&stdout=true";
    let mut socket = lab.open(path, "v4.channel.k8s.io", &lab.server.launcher_token).await.unwrap();
    assert_eq!(socket.next().await.unwrap().unwrap(), Message::binary(vec![1]));
    socket.send(Message::binary(vec![255, 0])).await.unwrap();
    socket.send(Message::binary(b"\x00still here\n".to_vec())).await.unwrap();
    assert_eq!(socket.next().await.unwrap().unwrap(), Message::binary(b"\x01still here\n".to_vec()));
}

#[tokio::test]
async fn both_get_and_create_are_asked() {
    let lab = Lab::with_pod(&["sleep", "600"]).await;
    for (verb, wanted) in [
        ("get", "pods \"p\" is forbidden: "),
        (
            "create",
            "pods \"p\" is forbidden: User \"system:serviceaccount:rstudio:half\" cannot get resource \"pods/exec\" in API group \"\" in the namespace \"rstudio\"",
        ),
    ] {
        let token = lab.account_with(verb).await;
        let (code, body) = lab.refusal("exec?container=c&stdout=true&command=true", &token).await;
        let status: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((code, status["message"].as_str().unwrap()), (403, wanted), "{verb}");
    }
}

#[tokio::test]
async fn a_token_may_ride_in_a_subprotocol() {
    let lab = Lab::with_pod(&["sleep", "600"]).await;
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let token = URL_SAFE_NO_PAD.encode(&lab.server.launcher_token);
    let offers = format!("base64url.bearer.authorization.k8s.io.{token}, {V5}");
    let path = "exec?container=c&stdout=true&command=true";
    let mut socket = lab.open(path, &offers, "").await.unwrap();
    assert_eq!(joined(&read(&mut socket).await.0, 3), r#"{"metadata":{},"status":"Success"}"#);
}

#[tokio::test]
async fn a_cut_closes_a_websocket_without_a_close_frame() {
    let lab = Lab::with_pod(&["sleep", "600"]).await;
    let mut socket = lab.exec(V5, "stdout=true&command=sleep&command=60").await;
    assert_eq!(socket.next().await.unwrap().unwrap(), Message::binary(vec![1]));
    lab.cluster.faults().cut_connections();
    let (messages, code) = read(&mut socket).await;
    assert_eq!((messages, code), (Vec::new(), None));
}

impl Lab {
    /// The token of a service account that has one verb on `pods/exec`.
    async fn account_with(&self, verb: &str) -> String {
        let namespace = "/api/v1/namespaces/rstudio";
        let rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/rstudio";
        self.admin("DELETE", &format!("{rbac}/roles/half"), &json!({})).await;
        self.admin("POST", &format!("{namespace}/serviceaccounts"), &json!({"metadata": {"name": "half"}}))
            .await;
        let rule = json!({"apiGroups": [""], "resources": ["pods/exec"], "verbs": [verb]});
        self.admin("POST", &format!("{rbac}/roles"), &json!({"metadata": {"name": "half"}, "rules": [rule]}))
            .await;
        let binding = json!({
            "metadata": {"name": "half"}, "roleRef": {"kind": "Role", "name": "half"},
            "subjects": [{"kind": "ServiceAccount", "name": "half", "namespace": "rstudio"}],
        });
        self.admin("POST", &format!("{rbac}/rolebindings"), &binding).await;
        let made = self.admin("POST", &format!("{namespace}/serviceaccounts/half/token"), &json!({})).await;
        made["status"]["token"].as_str().unwrap().to_owned()
    }

    async fn admin(&self, method: &str, path: &str, body: &Value) -> Value {
        let request = self.server.request(method, path, &self.server.admin_token);
        let request = request.header("content-type", "application/json");
        self.server.send(request.body(Full::from(body.to_string())).unwrap()).await.json()
    }
}
