//! Who is signed in, and the demo's clock.

use docket_engine::text::Text;
use jiff::{SignedDuration, Timestamp};

use super::sessions;
use crate::{
    access::Console,
    api::{
        caller::Caller,
        demo::{ClockInput, ClockView},
        session::{Me, MenuKind, MenuModule, PersonView, PostView},
        views::Ref,
    },
    failure::Failure,
};

/// Who is signed in, and what the system shows him.
#[must_use]
pub fn me(caller: &Caller) -> Me {
    let app = &caller.app;
    let clock = clock(caller);
    Me {
        person: PersonView {
            id: caller.person.id.to_string(),
            code: caller.person.code.clone(),
            name: caller.person.name.clone(),
            title: caller.person.title.clone(),
        },
        through: caller.through.as_ref().map(|own| Ref { id: own.id.to_string(), name: own.name.clone() }),
        may_act_for: super::acting::view(caller).may_act_for,
        posts: posts(caller),
        duties: super::policies::duties(caller),
        csrf: caller.session.csrf.clone(),
        system_title: caller.text(&app.settings.web.title),
        modules: menu(caller),
        demo: app.settings.demo,
        consoles: Console::ALL.into_iter().filter(|one| caller.opens(*one)).map(|one| one.code().to_owned()).collect(),
        now: clock.now,
        today: clock.today,
        zone: app.clock.zone().iana_name().unwrap_or("UTC").to_owned(),
    }
}

fn posts(caller: &Caller) -> Vec<PostView> {
    let org = caller.app.org();
    let form = caller.published.registry.organisation.clone();
    org.holdings_of(caller.person.id)
        .map(|holding| PostView {
            post: holding.post.to_string(),
            title: form
                .as_ref()
                .and_then(|form| form.post(&holding.post))
                .map_or_else(|| holding.post.to_string(), |post| caller.text(&post.title)),
            unit: holding
                .unit
                .and_then(|unit| org.unit(unit))
                .map(|unit| Ref { id: unit.id.to_string(), name: unit.name.clone() }),
        })
        .collect()
}

/// The modules with a list that the caller may read anything of. Kinds that lie below another have no list of their own.
fn menu(caller: &Caller) -> Vec<MenuModule> {
    let modules = caller.published.registry.modules.iter();
    let mut menu: Vec<MenuModule> = modules
        .map(|module| MenuModule {
            name: module.name.to_string(),
            title: caller.text(&module.title),
            order: module.order,
            cockpit: !module.cockpit.is_empty(),
            kinds: module
                .kinds
                .iter()
                .filter(|kind| kind.parent.is_none() && !caller.visibility("read", &kind.name).is_never())
                .map(|kind| MenuKind { name: kind.name.to_string(), title: caller.text(&kind.title) })
                .collect(),
        })
        .filter(|module| !module.kinds.is_empty())
        .collect();
    menu.sort_by_key(|module| module.order);
    menu
}

fn clock(caller: &Caller) -> ClockView {
    ClockView { now: caller.app.now().to_string(), today: caller.app.today().to_string() }
}

/// Moves the clock of a demonstration forwards.
///
/// # Errors
/// [`Failure::NotFound`] outside a demonstration; a moment that is not given once, or lies in the past.
pub async fn move_clock(caller: &Caller, input: ClockInput) -> Result<ClockView, Failure> {
    let app = &caller.app;
    if !app.settings.demo {
        return Err(Failure::NotFound);
    }
    let now = app.now();
    let to = target(now, &input)?;
    if to < now || to > now.saturating_add(SignedDuration::from_hours(24 * 3_660)).unwrap_or(Timestamp::MAX) {
        let message = Text::new("只能向后拨，且最多十年", "forwards only, and at most ten years");
        return Err(Failure::invalid("/to", "range", message));
    }
    sessions::shift(app, to.as_millisecond().saturating_sub(now.as_millisecond())).await?;
    app.move_clock(to).await?;
    Ok(clock(caller))
}

fn target(now: Timestamp, input: &ClockInput) -> Result<Timestamp, Failure> {
    match (&input.to, input.days) {
        (Some(to), None) => to.parse().map_err(|_| {
            let message =
                Text::new("时间应写成 2026-03-02T09:00:00+08:00", "write a moment as 2026-03-02T09:00:00+08:00");
            Failure::invalid("/to", "format", message)
        }),
        (None, Some(days)) => {
            let by = SignedDuration::from_hours(24_i64.saturating_mul(days.into()));
            now.checked_add(by).map_err(Failure::internal)
        }
        _ => {
            let message = Text::new("`to` 与 `days` 只填一个", "give either `to` or `days`");
            Err(Failure::invalid("", "one-of", message))
        }
    }
}
