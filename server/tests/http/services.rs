//! Other systems: asked once or again, signed, answered into the workflow; what they can not do is an incident (E5).

use std::{
    io::{BufRead as _, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::Command as Program,
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use docket_engine::{
    case::{Case, IncidentCause, ItemState},
    command::{Actor, Command},
};
use docket_server::{
    app::{
        failing::{self, Counts},
        runner::{self, Request},
    },
    jobs::Jobs,
    services::Services,
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::SignedDuration;
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use serde_json::{Map, Value as Json, json};
use sha2::Sha256;

use super::{
    installation::{Installation, on_each_database_with},
    jobs::until,
};

const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";

/// A request as another system sees it.
#[derive(Debug, Clone)]
struct Seen {
    path: String,
    headers: Map<String, Json>,
    body: String,
}

impl Seen {
    fn header(&self, name: &str) -> &str {
        self.headers[name].as_str().unwrap()
    }

    /// Whether the signature is that of Standard Webhooks.
    fn is_signed(&self) -> bool {
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET).unwrap();
        mac.update(
            format!("{}.{}.{}", self.header("webhook-id"), self.header("webhook-timestamp"), self.body).as_bytes(),
        );
        self.header("webhook-signature") == format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

/// Another system on a port of its own: answers with what it is told, the last of it again and again.
#[derive(Clone)]
struct Other {
    address: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    answers: Arc<Mutex<Vec<String>>>,
}

impl Other {
    fn start() -> Self {
        Self::serve("http://127.0.0.1", Self::answer)
    }

    /// One that speaks TLS with this certificate and key.
    fn start_encrypted(certificate: &Path, key: &Path) -> Self {
        let chain = CertificateDer::pem_file_iter(certificate).unwrap().map(Result::unwrap).collect();
        let key = PrivateKeyDer::from_pem_file(key).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap());
        Self::serve("https://localhost", move |other, stream| {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            other.answer(StreamOwned::new(connection, stream));
        })
    }

    fn serve(host: &str, each: impl Fn(&Self, TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let other = Self {
            address: format!("{host}:{}", listener.local_addr().unwrap().port()),
            seen: Arc::default(),
            answers: Arc::default(),
        };
        let serving = other.clone();
        std::thread::spawn(move || listener.incoming().for_each(|stream| each(&serving, stream.unwrap())));
        other
    }

    fn answer(&self, mut stream: impl Read + Write) {
        let mut reader = BufReader::new(&mut stream);
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 || line.trim().is_empty() {
                break;
            }
            lines.push(line.trim().to_owned());
        }
        let Some(path) = lines.first().and_then(|line| line.split(' ').nth(1)).map(str::to_owned) else { return };
        let header = |line: &String| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.into()));
        let headers: Map<String, Json> = lines.iter().skip(1).filter_map(header).collect();
        let length = headers.get("content-length").and_then(Json::as_str).and_then(|text| text.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body).unwrap();
        drop(reader);
        let body = String::from_utf8(body).unwrap();
        self.seen.lock().unwrap().push(Seen { path, headers, body });
        let mut answers = self.answers.lock().unwrap();
        let answer = if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() };
        // An empty answer hangs up.
        let _ = stream.write_all(answer.as_bytes());
        let _ = stream.flush();
    }

    fn will_answer(&self, answers: &[(&str, &str)]) {
        let text = |(status, body): &(&str, &str)| match *status {
            "" => String::new(),
            status => format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len()),
        };
        *self.answers.lock().unwrap() = answers.iter().map(text).collect();
        self.seen.lock().unwrap().clear();
    }

    fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn services(&self) -> Services {
        let service = json!({
            "url": format!("{}/api", self.address), "secret": STANDARD.encode(SECRET), "timeout_s": 5,
            "allow_http": true, "allow_private": true,
        });
        // Reachable by a name that leads to a private address, which is not allowed.
        let hidden =
            json!({"url": "https://localhost", "secret": STANDARD.encode(b"another secret of thirty-two byte")});
        Services::read(&json!({"archive": service, "hidden": hidden}).to_string()).unwrap()
    }
}

const ASKING: &str = "\
form: matter
title: {zh: 事, en: Matter}
properties:
  title: {type: string, title: {zh: 名称, en: Title}, x-field: title}
  number: {type: string, title: {zh: 档号, en: Number}}
---
form: receipt
title: {zh: 回执, en: Receipt}
required: [number]
properties:
  number: {type: string, title: {zh: 档号, en: Number}, maxLength: 10}
---
module: asking
title: {zh: 询问, en: Asking}
kinds:
  matter: {title: {zh: 事, en: Matter}, form: matter, workflow: asking}
---
workflow: asking
title: {zh: 询问, en: Asking}
start: ask
nodes:
  ask:
    action: {http: {service: SERVICE, path: /receipts, body: {title: item.title}, tries: 3, back-off: PT1M, form: receipt}}
    next: done
  done:
    action: {set: {item.number: forms.ask.number, item.state: done}}
    next: {end: good}
";

async fn publish(installation: &Installation, service: &str) {
    installation.publish_beside(ASKING.replace("SERVICE", service)).await;
}

/// Creates a matter; gives its root.
async fn create(installation: &Installation, title: &str) -> i64 {
    let fields = json!({"title": title}).as_object().unwrap().clone();
    let command = Command::Create { module: "asking".into(), kind: "matter".into(), fields, enter: None };
    let request = Request::new(Actor::System, format!("create/{title}"), None, command);
    runner::execute(&installation.app, request).await.unwrap().root
}

async fn case(installation: &Installation, root: i64) -> Case {
    runner::load(&installation.app, root).await.unwrap()
}

async fn number(installation: &Installation, root: i64) -> Option<String> {
    let case = case(installation, root).await;
    let item = case.root_item().unwrap();
    let number = item.fields.get("number").and_then(Json::as_str).map(str::to_owned);
    assert_eq!(item.state == ItemState::Done, number.is_some());
    number
}

async fn later(installation: &Installation, seconds: i64) {
    let app = &installation.app;
    app.move_clock(app.now() + SignedDuration::from_secs(seconds)).await.unwrap();
}

/// What the one incident of a root says.
async fn trouble(installation: &Installation, root: i64) -> String {
    let open = async || case(installation, root).await.incidents.into_values().next();
    until("the incident", async || open().await.is_some()).await;
    match open().await.unwrap().cause {
        IncidentCause::Service { message, .. } => message,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_question_is_signed_tried_again_under_its_key_and_answered_once() {
    let other = Other::start();
    on_each_database_with(other.services(), async |installation: &Installation| {
        publish(installation, "archive").await;
        other.will_answer(&[("503 Busy", "later"), ("", ""), ("200 OK", r#"{"number": "D-7", "more": [1]}"#)]);
        let root = create(installation, "甲").await;
        let asked = async |times: usize| until("the question", async || other.seen().len() == times).await;
        let counts = async |retrying: u64| {
            let wanted = Counts { stuck: 0, retrying };
            until("the failed try", async || failing::counts(&installation.app).await.unwrap() == wanted).await;
        };
        asked(1).await;
        counts(1).await;
        assert!(failing::list(&installation.app).await.unwrap()[0].last_error.contains("503"));
        later(installation, 61).await;
        asked(2).await;
        until("the second failure", async || {
            failing::list(&installation.app).await.unwrap()[0].last_error.contains("not reachable")
        })
        .await;
        assert_eq!(number(installation, root).await, None);
        later(installation, 121).await;
        until("the answer", async || number(installation, root).await.as_deref() == Some("D-7")).await;
        counts(0).await;
        let seen = other.seen();
        assert_eq!(seen.len(), 3);
        for one in &seen {
            assert_eq!((one.path.as_str(), one.body.as_str()), ("/api/receipts", r#"{"title":"甲"}"#));
            assert_eq!(one.header("idempotency-key"), seen[0].header("webhook-id"));
            assert!(one.is_signed(), "{one:?}");
        }
        runner::verify(&installation.app, root).await.unwrap();
    });
}

#[test]
fn what_another_system_can_not_do_is_an_incident() {
    let other = Other::start();
    on_each_database_with(other.services(), async |installation: &Installation| {
        publish(installation, "archive").await;
        let cases = [
            ("404 Not Found", "no such form", "404 Not Found: no such form", 1),
            ("302 Found\r\nLocation: /elsewhere", "", "302 Found", 1),
            ("200 OK", "[1]", "is no JSON object", 1),
            ("200 OK", r#"{"number": "more than ten characters"}"#, "does not fit the form", 1),
            ("200 OK", "{}", "/number", 1),
            ("500 Oops", "", "500", 3),
        ];
        for (status, body, wanted, times) in cases {
            other.will_answer(&[(status, body)]);
            let root = create(installation, &format!("{status} {body}")).await;
            for tries in 1..times {
                until("a try", async || {
                    failing::list(&installation.app).await.unwrap().iter().any(|row| row.attempts == tries)
                })
                .await;
                later(installation, 300).await;
            }
            let message = trouble(installation, root).await;
            assert!(message.contains(wanted), "{status} {body}: {message}");
            assert_eq!(other.seen().len(), usize::try_from(times).unwrap(), "{status} {body}");
            assert_eq!(failing::counts(&installation.app).await.unwrap(), Counts { stuck: 0, retrying: 0 });
            runner::verify(&installation.app, root).await.unwrap();
        }
    });
}

#[test]
fn a_service_that_is_not_there_or_must_not_be_reached_is_an_incident() {
    let other = Other::start();
    on_each_database_with(other.services(), async |installation: &Installation| {
        publish(installation, "elsewhere").await;
        let root = create(installation, "甲").await;
        assert!(trouble(installation, root).await.contains("have no service `elsewhere`"));
        publish(installation, "hidden").await;
        let root = create(installation, "乙").await;
        for tries in 1..3 {
            until("a try", async || {
                failing::list(&installation.app).await.unwrap().iter().any(|row| row.attempts == tries)
            })
            .await;
            later(installation, 300).await;
        }
        let message = trouble(installation, root).await;
        assert!(message.contains("no address that is allowed"), "{message}");
    });
}

#[test]
fn two_nodes_ask_each_question_once() {
    let other = Other::start();
    on_each_database_with(other.services(), async |installation: &Installation| {
        publish(installation, "archive").await;
        other.will_answer(&[("200 OK", r#"{"number": "D"}"#)]);
        let second = Jobs::start(&installation.app);
        let mut roots = Vec::new();
        for matter in 0..30 {
            roots.push(create(installation, &matter.to_string()).await);
        }
        for root in &roots {
            until("the answer", async || number(installation, *root).await.is_some()).await;
        }
        let mut keys: Vec<String> = other.seen().iter().map(|seen| seen.header("webhook-id").to_owned()).collect();
        keys.sort();
        let asked = keys.len();
        keys.dedup();
        assert_eq!((asked, keys.len()), (roots.len(), roots.len()));
        second.stop().await;
    });
}

/// A question whose process died before the answer was stored is asked again under its key.
#[test]
fn a_question_that_was_left_is_asked_again_once_its_lease_has_passed() {
    use docket_server::db::entity::outbox;
    use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::Expr};

    let other = Other::start();
    on_each_database_with(other.services(), async |installation: &Installation| {
        publish(installation, "archive").await;
        // The process that asks first takes the question, and nothing of it is heard again.
        other.will_answer(&[("503 Busy", ""), ("200 OK", r#"{"number": "D-8"}"#)]);
        let root = create(installation, "甲").await;
        let app = &installation.app;
        until("the first try", async || failing::counts(app).await.unwrap().retrying == 1).await;
        let write = app.db.write().await.unwrap();
        let leased = app.now() + SignedDuration::from_secs(35);
        outbox::Entity::update_many()
            .col_expr(outbox::Column::NextAttemptAt, Expr::value(leased.as_millisecond()))
            .col_expr(outbox::Column::LastError, Expr::value(Option::<String>::None))
            .filter(outbox::Column::Service.eq("archive"))
            .exec(&*write)
            .await
            .unwrap();
        write.commit().await.unwrap();
        assert_eq!(failing::counts(app).await.unwrap().retrying, 0, "it is being asked");
        later(installation, 36).await;
        until("the answer", async || number(installation, root).await.as_deref() == Some("D-8")).await;
        let seen = other.seen();
        assert_eq!(seen[0].header("webhook-id"), seen[1].header("webhook-id"));
        assert_eq!(seen.len(), 2);
        runner::verify(app, root).await.unwrap();
    });
}

/// An authority of its own, and a certificate that it gave to `localhost`, made by openssl in `folder`.
struct Certificates {
    authority: PathBuf,
    certificate: PathBuf,
    key: PathBuf,
}

impl Certificates {
    /// None where openssl is not here.
    fn make(folder: &Path) -> Option<Self> {
        Program::new("openssl").arg("version").output().ok()?;
        let run = |arguments: &str| {
            let output = Program::new("openssl").args(arguments.split(' ')).current_dir(folder).output().unwrap();
            assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
        };
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
        run(&format!(
            "req -x509 {key} -keyout ca.key -out ca.pem -days 2 -subj /CN=authority -addext keyUsage=keyCertSign"
        ));
        run(&format!("req {key} -keyout server.key -out server.csr -subj /CN=localhost"));
        std::fs::write(folder.join("names"), "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n").unwrap();
        run("x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out server.pem");
        let path = |name: &str| folder.join(name);
        Some(Self { authority: path("ca.pem"), certificate: path("server.pem"), key: path("server.key") })
    }
}

#[test]
fn an_encrypted_service_is_known_by_a_certificate_of_its_authority() {
    let folder = tempfile::tempdir().unwrap();
    let Some(made) = Certificates::make(folder.path()) else {
        eprintln!("skipped: openssl is not here");
        return;
    };
    let other = Other::start_encrypted(&made.certificate, &made.key);
    let service = |address: &str, ca: Option<&Path>, secret: &[u8]| json!({"url": address, "secret": STANDARD.encode(secret), "ca_file": ca, "allow_private": true});
    let by_number = other.address.replace("localhost", "127.0.0.1");
    let services = json!({
        "known": service(&other.address, Some(&made.authority), SECRET),
        "unknown": service(&other.address, None, b"another secret of thirty-two byte"),
        "misnamed": service(&by_number, Some(&made.authority), b"and a third secret of other bytes"),
    });
    on_each_database_with(Services::read(&services.to_string()).unwrap(), async |installation: &Installation| {
        other.will_answer(&[("200 OK", r#"{"number": "D-9"}"#)]);
        publish(installation, "known").await;
        let root = create(installation, "甲").await;
        until("the answer", async || number(installation, root).await.as_deref() == Some("D-9")).await;
        assert!(other.seen()[0].is_signed());
        for service in ["unknown", "misnamed"] {
            publish(installation, service).await;
            let root = create(installation, service).await;
            for tries in 1..3 {
                until("a try", async || {
                    failing::list(&installation.app).await.unwrap().iter().any(|row| row.attempts == tries)
                })
                .await;
                later(installation, 300).await;
            }
            let message = trouble(installation, root).await;
            assert!(message.contains("certificate"), "{service}: {message}");
        }
        assert_eq!(other.seen().len(), 1, "nothing was said to whom it is not known");
    });
}
