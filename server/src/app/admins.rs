//! The first holder of each of the three duties, made on the command line and nowhere else.

use std::collections::BTreeMap;

use docket_engine::{id::PersonId, org::Org, text::Text};
use sea_orm::{
    ActiveModelTrait as _,
    ActiveValue::{NotSet, Set},
    EntityTrait as _,
};

use super::{generation, org, sign_in::passwords};
use crate::{
    access::{
        Duty,
        duty::{self, Posts},
    },
    audit::{self, Act, Object, Origin, What},
    db::entity::{person, post_holding},
    failure::Failure,
    state::App,
};

/// Makes the person with the staff number `code`, who is new or there already, the first holder of `duty`, with a password that
/// is changed at the first sign-in.
///
/// # Errors
/// [`Failure::Invalid`] where somebody holds it, where the person holds another duty, where no post of the organisation form is
/// this duty, or where the password is not as the settings want it.
pub async fn create(app: &App, duty: Duty, code: &str, name: &str, password: &str) -> Result<(), Failure> {
    let registry = app.registry();
    let form = registry.organisation.as_deref();
    let post = form.and_then(|form| form.posts.iter().find(|post| duty::of_post(form, &post.name) == Some(duty)));
    let post = post.ok_or_else(|| no_post(duty))?.name.clone();
    if code.is_empty() || code.chars().count() > 64 || code.chars().any(char::is_control) {
        let message = Text::new("工号应为 1 至 64 个字符", "a staff number has 1 to 64 characters");
        return Err(Failure::invalid("/code", "format", message));
    }
    let write = app.db.write().await?;
    generation::lock(&*write, org::GENERATION).await?;
    if generation::current(&*write, org::GENERATION).await? != app.organisation().generation {
        return Err(Failure::Busy);
    }
    let org = app.org();
    let known = org.people().find(|person| person.code == code).map(|person| person.id);
    let held = known.map(|known| duty::held(form, &org, known)).unwrap_or_default();
    if held.iter().any(|other| *other != duty) && app.settings.security.separate_duties {
        return Err(two(code));
    }
    if let Some(holder) = first(form, &org, duty) {
        return Err(taken(duty, &holder));
    }
    let person = if let Some(known) = known {
        known
    } else {
        let name = if name.is_empty() { duty.title().zh } else { name.to_owned() };
        let row = person::ActiveModel {
            id: NotSet,
            code: Set(code.to_owned()),
            name: Set(name),
            title: Set(String::new()),
            phone: Set(None),
            attributes: Set("{}".to_owned()),
            active: Set(true),
        };
        PersonId(row.insert(&*write).await?.id)
    };
    passwords::fits(app, code, password, "/password")?;
    let password_hash = app.sessions.passwords.hash(&app.settings.web, password).await?;
    let holding = post_holding::ActiveModel {
        id: NotSet,
        person_id: Set(person.0),
        post: Set(post.to_string()),
        unit_id: Set(None),
    };
    post_holding::Entity::insert(holding).exec_without_returning(&*write).await?;
    passwords::give(app, &*write, &[person], &password_hash, true).await?;
    org::changed(app, &write).await?;
    let act = Act::done(Origin::command_line(), What::DutyGiven).on(Object::person(person));
    audit::record(app, &*write, act.with("duty", duty.code())).await?;
    write.commit().await?;
    Ok(org::reload(app).await?)
}

/// The name of somebody who holds `duty`.
fn first(
    form: Option<&docket_engine::definition::organisation::Organisation>,
    org: &Org,
    duty: Duty,
) -> Option<String> {
    let holds = |person: PersonId| duty::held(form, org, person).contains(&duty);
    org.people().find(|person| person.active && holds(person.id)).map(|person| person.name.clone())
}

fn no_post(duty: Duty) -> Failure {
    let code = duty.code();
    let message = Text::new(
        format!("组织机构表单没有标明 `duty: {code}` 的岗位，请先发布"),
        format!("the organisation form has no post with `duty: {code}`: publish one first"),
    );
    Failure::invalid("/duty", "no-post", message)
}

fn two(code: &str) -> Failure {
    let message = Text::new(
        format!("{code} 已担任另一项管理员职责，三员不能由同一人担任。请换一人"),
        format!("{code} holds another of the three duties, which nobody holds two of: choose another person"),
    );
    Failure::invalid("/duty", "two-duties", message)
}

fn taken(duty: Duty, holder: &str) -> Failure {
    let title = duty.title();
    let message = Text::new(
        format!("已有{}：{holder}。这条命令只设立第一名，其余由组织机构授予岗位", title.zh),
        format!(
            "there is a {} already: {holder}. This command makes the first one alone; others get the post in the organisation",
            title.en
        ),
    );
    Failure::invalid("/duty", "not-the-first", message)
}

/// Checks the posts that an organisation workbook gives.
///
/// # Errors
/// [`duty::Refused`].
pub(super) fn check_plan(
    app: &App,
    form: &docket_engine::definition::organisation::Organisation,
    org: &Org,
    plan: &crate::import::organisation::Plan,
) -> Result<(), duty::Refused> {
    let changed: BTreeMap<PersonId, Posts> = plan
        .people
        .iter()
        .map(|planned| {
            let posts = Posts {
                name: planned.person.name.clone(),
                active: planned.person.active,
                posts: planned.holdings.iter().map(|holding| holding.post.clone()).collect(),
            };
            (planned.person.id, posts)
        })
        .collect();
    duty::check(form, org, &changed, app.settings.security.separate_duties)
}
