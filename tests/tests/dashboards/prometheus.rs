//! A Prometheus of one test, on a free port and over a directory that goes with it.

use std::fs::{self, File};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::free_port;

const HOW_TO_GET_IT: &str = "prometheus cannot be run. Install it: apt-get install prometheus";
/// How often something is looked for, and how long between two looks.
const LOOKS: u32 = 600;
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// The running server.
pub struct Prometheus {
    url: String,
    http: reqwest::Client,
    // Dropped in this order: the server ends before its directory goes.
    _process: Child,
    directory: TempDir,
}

impl Prometheus {
    /// A server with these alert rules that looks at one process of the bot every second.
    pub async fn start(rules: &Path, target: &str) -> Self {
        let directory = TempDir::new().unwrap();
        let configuration = format!(
            "global: {{ scrape_interval: 1s, evaluation_interval: 1s }}\nrule_files: [{}]\nscrape_configs:\n  \
             - {{ job_name: aisha, static_configs: [{{ targets: [\"{target}\"] }}] }}\n",
            rules.display()
        );
        let file = directory.path().join("prometheus.yml");
        fs::write(&file, configuration).unwrap();
        let address = format!("127.0.0.1:{}", free_port());
        let log = File::create(directory.path().join("log")).unwrap();
        let process = Command::new("prometheus")
            .arg(format!("--config.file={}", file.display()))
            .arg(format!("--storage.tsdb.path={}", directory.path().join("data").display()))
            .arg(format!("--web.listen-address={address}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .expect(HOW_TO_GET_IT);
        let http = reqwest::Client::builder().timeout(Duration::from_secs(10)).no_proxy().build().unwrap();
        Self { url: format!("http://{address}/api/v1"), http, _process: process, directory }
    }

    /// Waits until a series is there.
    pub async fn wait_for(&self, series: &str) {
        for _ in 0..LOOKS {
            let found = self.get("query", &[("query", series)]).await;
            let is_there =
                |answer: &Value| answer["data"]["result"].as_array().is_some_and(|result| !result.is_empty());
            if found.as_ref().is_ok_and(is_there) {
                return;
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
        let log = fs::read_to_string(self.directory.path().join("log")).unwrap_or_default();
        panic!("Prometheus has no {series} after half a minute:\n{log}");
    }

    /// What Prometheus answers; that it answers at all is asked for.
    pub async fn ask(&self, what: &str, expression: &str) -> Value {
        let answer = self.get("query", &[("query", expression)]).await.unwrap();
        assert_eq!(answer["status"], "success", "{what}: {expression}: {answer}");
        answer["data"]["result"].clone()
    }

    /// The alert rules as Prometheus has understood them.
    pub async fn rules(&self) -> Vec<Value> {
        let answer = self.get("rules", &[]).await.unwrap();
        let groups = answer["data"]["groups"].as_array().unwrap();
        groups.iter().flat_map(|group| group["rules"].as_array().unwrap().clone()).collect()
    }

    async fn get(&self, path: &str, query: &[(&str, &str)]) -> reqwest::Result<Value> {
        self.http.get(format!("{}/{path}", self.url)).query(query).send().await?.json().await
    }
}
