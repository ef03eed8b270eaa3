//! `docket serve`: runs the server.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use docket_engine::text::{Language, Text};
use jiff::Timestamp;
use poem::{
    Server,
    listener::{Acceptor, Listener, TcpListener},
};

use super::{
    import::stop,
    output::{self, Stop},
    publish,
};
use crate::{
    api::serve,
    app::organisation,
    effects::ask,
    jobs::Jobs,
    security::Security,
    services::Services,
    settings::{LEAST_KEY_DAYS, Settings, Web},
    state::{App, StartError},
};

const EXAMPLE: &str = "Example:
  docket serve --demo
  docket serve --listen 0.0.0.0:8080 --data /var/lib/docket --secure-cookie
  DATABASE_URL=postgres://… REDIS_URL=redis://… docket serve

Prints `docket: http://ADDRESS` when it is ready. Ctrl-C and SIGTERM end it.
Exit codes: 0 ended; 1 the configuration has faults; 2 Docket or the machine failed.";

/// The one password of a demonstration.
const DEMO_PASSWORD: &str = "docket-demo";
/// The longest title of the system, in characters.
const MAX_TITLE: usize = 60;
/// A connection on which nothing moves is closed after this long; event streams have heartbeats.
const IDLE: Duration = Duration::from_secs(90);
/// How long open requests may take when the server ends; event streams end at once with their sessions' next connection.
const GRACE: Duration = Duration::from_secs(2);

/// Run the server.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLE)]
pub(super) struct Serve {
    /// A demonstration: fills an empty data folder with an organisation and accounts, and lets the clock be moved.
    #[arg(long)]
    demo: bool,
    /// The data folder (else DOCKET_DATA, else ./data).
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Where to listen; port 0 picks a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The clock stands at this moment (RFC 3339) until the demo control moves it; for demonstrations and tests.
    #[arg(long, value_name = "TIME")]
    now: Option<Timestamp>,
    /// The configuration that fills an empty database, instead of the shipped one.
    #[arg(long, value_name = "DIR")]
    config: Option<PathBuf>,
    /// The other systems that workflows ask and hear: a JSON file of their addresses, secrets and messages.
    #[arg(long, env = "DOCKET_SERVICES", value_name = "FILE")]
    services: Option<PathBuf>,
    /// Passwords, sessions, the administrators' log: a JSON file of security settings.
    #[arg(long, env = "DOCKET_SECURITY", value_name = "FILE")]
    security: Option<PathBuf>,
    /// For how many days the keys and answers of commands are kept.
    #[arg(
        long, env = "DOCKET_KEEP_KEYS_DAYS", value_name = "DAYS", default_value_t = 90,
        value_parser = clap::value_parser!(u16).range(i64::from(LEAST_KEY_DAYS)..)
    )]
    keep_keys_days: u16,
    /// The system's title, as the sign-in page, the header and the browser's tab show it.
    #[arg(long, env = "DOCKET_TITLE", value_name = "TEXT", value_parser = title)]
    title: Option<String>,
    /// The same in English, where that is another text.
    #[arg(long, env = "DOCKET_TITLE_EN", value_name = "TEXT", value_parser = title)]
    title_en: Option<String>,
    /// Marks the session's cookie as for HTTPS only.
    #[arg(long)]
    secure_cookie: bool,
    /// Believes X-Forwarded-Proto and X-Forwarded-For of the proxy in front.
    #[arg(long)]
    trust_forwarded: bool,
}

impl Serve {
    /// Runs the command.
    #[must_use]
    pub(super) fn run(self) -> ExitCode {
        tracing_subscriber::fmt()
            .with_env_filter(
                tracing_subscriber::EnvFilter::try_from_default_env()
                    .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,docket_server=info")),
            )
            .with_writer(std::io::stderr)
            .init();
        let language = output::language();
        output::run(false, language, self.serve(language))
    }

    async fn serve(self, language: Language) -> Result<String, Stop> {
        let app = App::open(self.settings()?).await.map_err(|error| match error {
            StartError::Publish(error) => publish::stop(error, language),
            StartError::Database(error) => Stop::failed(error),
        })?;
        if self.demo {
            seed(&app).await?;
        }
        for service in ask::unknown_services(&app) {
            tracing::warn!(%service, "a workflow asks a service that the settings do not have");
        }
        let acceptor = TcpListener::bind(self.listen)
            .into_acceptor()
            .await
            .map_err(|error| Stop::failed(format!("{}: {error}", self.listen)))?;
        let address = acceptor.local_addr().iter().find_map(|addr| addr.as_socket_addr().copied());
        let jobs = Jobs::start(&app);
        output::say(&ready(address.unwrap_or(self.listen), self.demo, &app, language));
        let server = Server::new_with_acceptor(acceptor).idle_timeout(IDLE);
        let ended = server.run_with_graceful_shutdown(serve::endpoint(app.clone()), ask_to_end(), Some(GRACE)).await;
        jobs.stop().await;
        app.db.close().await.map_err(Stop::failed)?;
        ended.map_err(Stop::failed)?;
        Ok(String::new())
    }

    fn settings(&self) -> Result<Settings, Stop> {
        let shipped = Web::default();
        let web = Web {
            title: titled(&shipped.title, self.title.as_deref(), self.title_en.as_deref()),
            secure_cookie: self.secure_cookie,
            trust_forwarded: self.trust_forwarded,
            ..shipped
        };
        let services = match &self.services {
            Some(path) => services(path)?,
            None => Services::default(),
        };
        let security = match &self.security {
            Some(path) => output::security(path)?,
            None if self.demo => Security::demonstration(),
            None => Security::default(),
        };
        Ok(Settings {
            demo: self.demo,
            now: self.now,
            config: self.config.clone(),
            services,
            security,
            keep_keys_days: self.keep_keys_days,
            web,
            ..output::settings(self.data.as_deref())
        })
    }
}

/// A title as it is given, checked: it must fit into a line.
fn title(text: &str) -> Result<String, String> {
    let title = text.trim();
    if title.is_empty() || title.chars().count() > MAX_TITLE || title.chars().any(char::is_control) {
        return Err(format!("1 to {MAX_TITLE} characters in one line / 应为一行 1 至 {MAX_TITLE} 个字"));
    }
    Ok(title.to_owned())
}

/// The system's title in both languages: what is given, else the `shipped` one. One title alone stands for both.
fn titled(shipped: &Text, title: Option<&str>, title_en: Option<&str>) -> Text {
    Text::new(title.unwrap_or(&shipped.zh), title_en.or(title).unwrap_or(&shipped.en))
}

/// The services of the settings file at `path`.
fn services(path: &Path) -> Result<Services, Stop> {
    let text = String::from_utf8(output::read_file(path)?).map_err(Stop::failed)?;
    Services::read(&text).map_err(|error| {
        let path = path.display();
        let message =
            Text::new(format!("外部系统设置 {path} 不对：{error}"), format!("the services of {path}: {error}"));
        Stop::refused("services", message)
    })
}

/// Fills an empty data folder, once: an installation that has an organisation is never seeded over.
pub(super) async fn seed(app: &App) -> Result<(), Stop> {
    organisation::seed_demo(app, DEMO_PASSWORD).await.map_err(stop)?;
    Ok(())
}

/// What is printed when the server is ready: its address, and of a demonstration the accounts.
fn ready(address: SocketAddr, demo: bool, app: &App, language: Language) -> String {
    let mut lines = vec![format!("docket: http://{address}")];
    if demo {
        lines.extend(accounts(app, language));
    }
    lines.push(String::new());
    lines.join("\n")
}

/// One account for each post, with the one password.
fn accounts(app: &App, language: Language) -> Vec<String> {
    let (org, registry) = (app.org(), app.registry());
    let mut lines = vec![match language {
        Language::Zh => format!("演示账号（人人可用工号登录，密码都是 {DEMO_PASSWORD}）："),
        Language::En => {
            format!("demo accounts (everybody signs in by staff number with the password {DEMO_PASSWORD}):")
        }
    }];
    let posts = registry.organisation.iter().flat_map(|form| &form.posts);
    for post in posts {
        let holder = org.holders_anywhere(&post.name).into_iter().find_map(|person| org.person(person));
        if let Some(person) = holder {
            let unit = org
                .holdings_of(person.id)
                .find(|holding| holding.post == post.name)
                .and_then(|holding| org.unit(holding.unit?))
                .map(|unit| format!(" {}", unit.name))
                .unwrap_or_default();
            lines.push(format!("  {:<8} {} {}{unit}", person.code, post.title.get(language), person.name));
        }
    }
    lines
}

/// Waits for Ctrl-C or SIGTERM.
async fn ask_to_end() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(terminate) => terminate,
            Err(error) => {
                tracing::warn!(%error, "SIGTERM can not be heard; only Ctrl-C ends the server");
                let _ = interrupt.await;
                return;
            }
        };
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    {
        let _ = interrupt.await;
    }
}
