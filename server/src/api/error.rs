//! The one mapping of failures to HTTP: `application/problem+json` in the reader's language.

use docket_engine::text::{Language, Text};
use jiff::tz::TimeZone;
use poem::{
    Body, Endpoint, IntoResponse, Middleware, Request, Response,
    error::{ReadBodyError, ResponseError},
    http::{StatusCode, header},
};
use poem_openapi::{
    ApiResponse, Object,
    error::{ContentTypeError, ParseMultipartError, ParseParamError, ParsePathError, ParseRequestPayloadError},
    payload::{Json, Payload},
    registry::{MetaMediaType, MetaResponse, MetaResponses, Registry},
    types::ToJSON,
};

use super::{format::clock_time, language, views::Ref};
use crate::failure::{Before, Failure};

/// The media type of problems (RFC 9457).
pub const PROBLEM: &str = "application/problem+json";

/// What is wrong with a request (RFC 9457).
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Problem {
    /// A URI of the kind of problem: `urn:docket:problem:` and the code.
    #[oai(rename = "type")]
    pub kind: String,
    /// A short title.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// A stable code in kebab case.
    pub code: String,
    /// What is wrong and what to do.
    pub detail: String,
    /// The faults of what was sent, one for each place.
    pub problems: Option<Vec<FieldProblem>>,
    /// Who did it before.
    pub by: Option<Ref>,
    /// When (RFC 3339): when it was done, or until when an account is locked.
    pub at: Option<String>,
}

/// One fault of what was sent.
#[derive(Debug, Object)]
pub struct FieldProblem {
    /// JSON Pointer into the body.
    pub pointer: String,
    /// A stable code in kebab case.
    pub code: String,
    /// What is wrong and what to write instead.
    pub message: String,
}

impl ResponseError for Failure {
    fn status(&self) -> StatusCode {
        describe(self).0
    }

    fn as_response(&self) -> Response {
        problem(self, Language::Zh, &TimeZone::UTC)
    }
}

impl ApiResponse for Failure {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![MetaResponse {
                description: "What is wrong, in the language of `Accept-Language`.",
                status: None,
                status_range: None,
                content: vec![MetaMediaType {
                    content_type: PROBLEM,
                    schema: <Json<Problem> as Payload>::schema_ref(),
                }],
                headers: vec![],
            }],
        }
    }

    fn register(registry: &mut Registry) {
        <Json<Problem> as Payload>::register(registry);
    }
}

/// Status, code and title of a failure.
fn describe(failure: &Failure) -> (StatusCode, &'static str, Text) {
    let (status, code, zh, en) = match failure {
        Failure::NotSignedIn => (StatusCode::UNAUTHORIZED, "not-signed-in", "未登录", "Not signed in"),
        Failure::Unsigned => (StatusCode::UNAUTHORIZED, "unsigned", "签名无效", "Not signed"),
        Failure::WrongCredentials => {
            (StatusCode::UNAUTHORIZED, "wrong-credentials", "工号或密码不正确", "Wrong staff number or password")
        }
        Failure::WrongCode => (StatusCode::UNAUTHORIZED, "wrong-code", "动态口令不正确", "Wrong code"),
        Failure::Locked { .. } => (StatusCode::TOO_MANY_REQUESTS, "locked", "账号已锁定", "Account locked"),
        Failure::Csrf => (StatusCode::FORBIDDEN, "csrf", "请求未通过校验", "Request not verified"),
        Failure::Forbidden => (StatusCode::FORBIDDEN, "forbidden", "没有权限", "Not allowed"),
        Failure::NotFound => (StatusCode::NOT_FOUND, "not-found", "未找到", "Not found"),
        Failure::AlreadyDone(_) => (StatusCode::CONFLICT, "already-done", "已经办理", "Already done"),
        Failure::Taken(_) => (StatusCode::CONFLICT, "taken", "已被他人领取", "Taken by somebody else"),
        Failure::Occupied(_) => (StatusCode::CONFLICT, "occupied", "有一项正在办理", "One at a time"),
        Failure::NotYours => (StatusCode::FORBIDDEN, "not-yours", "不由您办理", "Not yours to do"),
        Failure::NoSuchOutcome { .. } => {
            (StatusCode::CONFLICT, "no-such-outcome", "当前不能这样办理", "Not possible now")
        }
        Failure::NotAllowed => (StatusCode::CONFLICT, "not-allowed", "当前不能这样办理", "Not possible now"),
        Failure::Delegated(_) => (StatusCode::CONFLICT, "delegated", "已委托他人", "Delegated"),
        Failure::NotEarlier { .. } => (StatusCode::CONFLICT, "not-earlier", "不能退回到这一步", "No earlier step"),
        Failure::NotPossible(_) => (StatusCode::UNPROCESSABLE_ENTITY, "not-possible", "人员不合适", "Not these people"),
        Failure::OnlyHimself => (StatusCode::FORBIDDEN, "only-himself", "不能代办", "Only for oneself"),
        Failure::Separated(_) => (StatusCode::CONFLICT, "separated", "不能自办自审", "Kept apart"),
        Failure::TooLate { .. } => (StatusCode::CONFLICT, "too-late", "不能再撤回", "Too late"),
        Failure::Outside => (StatusCode::CONFLICT, "outside", "不能再撤回", "Can not be undone"),
        Failure::NotHeard => (StatusCode::CONFLICT, "not-heard", "无人等待", "Nothing waits for it"),
        Failure::NotResolved => (StatusCode::CONFLICT, "not-resolved", "不能这样处置", "Not resolved in this way"),
        Failure::NotMigrated(_) => (StatusCode::CONFLICT, "not-migrated", "不能迁移", "Not migrated"),
        Failure::Suspended => (StatusCode::CONFLICT, "suspended", "事项已中止", "Item suspended"),
        Failure::LedgerChanged(_) => (StatusCode::CONFLICT, "ledger-changed", "台账有变化", "Changed meanwhile"),
        Failure::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid", "填写有误", "Invalid input"),
        Failure::Malformed(_) => (StatusCode::BAD_REQUEST, "malformed", "请求无法读取", "Unreadable request"),
        Failure::MediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", "内容类型不对", "Wrong media type"),
        Failure::Method => (StatusCode::METHOD_NOT_ALLOWED, "method", "不支持这种方法", "Method not allowed"),
        Failure::IdempotencyMismatch => {
            (StatusCode::UNPROCESSABLE_ENTITY, "idempotency-mismatch", "请求标识重复", "Key used before")
        }
        Failure::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "too-large", "内容过大", "Too large"),
        Failure::Unreadable(_) => {
            (StatusCode::UNPROCESSABLE_ENTITY, "unreadable-file", "文件无法读取", "Unreadable file")
        }
        Failure::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, "too-many", "过于频繁", "Too many"),
        Failure::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy", "系统繁忙", "Busy"),
        Failure::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal", "系统故障", "Internal error"),
    };
    (status, code, Text::new(zh, en))
}

/// What is wrong with an operation on a task or an incident, and what to do.
fn of_operation(failure: &Failure, zone: &TimeZone) -> Option<Text> {
    let text = |zh: &str, en: &str| Text::new(zh, en);
    Some(match failure {
        Failure::NotAllowed => text(
            "这项工作不允许这样办理，或者情况已有变化，请刷新后重试",
            "this task does not allow it, or has changed meanwhile: reload and try again",
        ),
        Failure::Delegated(before) => {
            let name = before.by.as_ref().map_or("", |(_, name)| name);
            Text::new(
                format!("已委托{name}办理，待其交回或收回后再办"),
                format!("{name} works on it: it must be handed back or taken back first"),
            )
        }
        Failure::NotEarlier { .. } => text(
            "只能退回到已经办理过的步骤，请刷新后重试",
            "it goes back to a step that was done only: reload and try again",
        ),
        Failure::NotPossible(names) if names.iter().all(String::is_empty) => {
            text("请选择在职且不是本人的人员", "choose people who are here, other than yourself")
        }
        Failure::NotPossible(names) => Text::new(
            format!("{}不能办理：已离任、就是本人或已在其中", names.join("、")),
            format!("not possible for {}: gone, yourself, or in it already", names.join(", ")),
        ),
        Failure::OnlyHimself => text(
            "代他人办理时不能做这项操作，请先切换回本人",
            "not possible in somebody's name: act for yourself first",
        ),
        Failure::Separated(names) => Text::new(
            format!("{}办理过须与这一步分开的步骤，不能再办这一步，请由其他人办理", names.join("、")),
            format!("{} did a step that this one is kept apart from: let somebody else do it", names.join(", ")),
        ),
        Failure::TooLate { until: Some(until) } => {
            let at = clock_time(*until, zone);
            Text::new(
                format!("撤回期限到 {at} 为止，或者后续已关闭"),
                format!("it could be taken back until {at}, unless it was closed since"),
            )
        }
        Failure::TooLate { until: None } => {
            text("已超过撤回期限，或者流程已经结束", "its time is over, or the workflow has ended")
        }
        Failure::Outside => text(
            "已通知其他系统，或发出的消息已被收到，无法撤回",
            "another system has been told, or a message that was sent has been heard, which can not be undone",
        ),
        Failure::NotHeard => text("没有流程在等待这条消息", "no workflow waits for this message"),
        Failure::NotResolved => text(
            "这项故障不能用这种办法处置，请换一种",
            "this incident can not be resolved in this way: choose another",
        ),
        _ => return None,
    })
}

/// What is wrong and what to do.
fn detail(failure: &Failure, zone: &TimeZone) -> Text {
    let text = |zh: &str, en: &str| Text::new(zh, en);
    if let Some(detail) = of_operation(failure, zone) {
        return detail;
    }
    match failure {
        Failure::NotSignedIn => text("登录已失效，请重新登录", "the session has ended: sign in again"),
        Failure::Unsigned => text(
            "请用 webhook-id、webhook-timestamp 和 webhook-signature 按 Standard Webhooks 签名，时间相差不超过 5 分钟",
            "sign it as Standard Webhooks says, by webhook-id, webhook-timestamp and webhook-signature, five minutes off at most",
        ),
        Failure::WrongCredentials => {
            text("请核对工号和密码；连续失败将锁定账号", "check both; failures in a row lock the account")
        }
        Failure::WrongCode => text(
            "请等待下一个动态口令再试：每个口令只能用一次；连续失败将锁定账号",
            "wait for the next code: each is used once; failures in a row lock the account",
        ),
        Failure::Locked { until } => {
            let at = clock_time(*until, zone);
            Text::new(format!("连续登录失败，请在 {at} 后重试"), format!("too many failures: try again after {at}"))
        }
        Failure::Csrf => text("页面已过期，请刷新后重试", "the page is out of date: reload it and try again"),
        Failure::Forbidden => text("您的岗位没有这项权限", "your posts do not give this right"),
        Failure::NotFound => text("内容不存在，或者您无权查看", "it does not exist, or is not for you to see"),
        Failure::AlreadyDone(before) => done(before, zone),
        Failure::Taken(before) => {
            let name = before.by.as_ref().map_or("", |(_, name)| name);
            Text::new(format!("{name}已领取，请与其联系"), format!("{name} has taken it: ask them"))
        }
        Failure::Occupied(title) => Text::new(
            format!("“{}”正在办理，同一时间只能办一项，请待其办完", title.zh),
            format!("“{}” is being worked at, one at a time: wait until that is done", title.en),
        ),
        Failure::NotYours => text("您不是这项工作的办理人", "you are not one of those who may do this"),
        Failure::NoSuchOutcome { .. } => {
            text("事项状态已变化，请刷新后重试", "the item has changed meanwhile: reload and try again")
        }
        Failure::Suspended => text("事项已中止，恢复后才能办理", "the item is suspended: it must be resumed first"),
        Failure::Invalid(faults) => match faults.as_slice() {
            [one] => one.message.clone(),
            many => Text::new(format!("有 {} 处需要修改", many.len()), format!("{} places need attention", many.len())),
        },
        Failure::LedgerChanged(detail)
        | Failure::NotMigrated(detail)
        | Failure::Malformed(detail)
        | Failure::TooLarge(detail)
        | Failure::Unreadable(detail)
        | Failure::TooMany(detail) => detail.clone(),
        Failure::MediaType => text("请以 application/json 发送内容", "send the body as application/json"),
        Failure::Method => text("这个地址不支持这种请求方法", "this address does not take this method"),
        Failure::IdempotencyMismatch => text(
            "同一请求标识已用于其他内容，请刷新后重试",
            "the same key was used for another request: reload and try again",
        ),
        Failure::NotAllowed
        | Failure::Delegated(_)
        | Failure::NotEarlier { .. }
        | Failure::NotPossible(_)
        | Failure::OnlyHimself
        | Failure::Separated(_)
        | Failure::TooLate { .. }
        | Failure::Outside
        | Failure::NotHeard
        | Failure::NotResolved => Text::default(),
        Failure::Busy => text("请稍后重试", "try again in a moment"),
        Failure::Internal(_) => {
            text("请稍后重试；如仍失败，请联系管理员", "try again; if it fails again, tell the administrator")
        }
    }
}

fn done(before: &Before, zone: &TimeZone) -> Text {
    let at = before.at.map_or_else(String::new, |at| clock_time(at, zone));
    match &before.by {
        Some((_, name)) => Text::new(format!("{name}已于 {at} 办理"), format!("{name} did it at {at}")),
        None => Text::new(format!("这项工作已于 {at} 关闭"), format!("it was closed at {at}")),
    }
}

/// The response for a failure.
#[must_use]
pub fn problem(failure: &Failure, language: Language, zone: &TimeZone) -> Response {
    let (status, code, title) = describe(failure);
    let detail = detail(failure, zone);
    if let Failure::Internal(cause) = failure {
        tracing::error!(%cause, "internal failure");
    }
    let (before, until) = match failure {
        Failure::AlreadyDone(before) | Failure::Taken(before) | Failure::Delegated(before) => (Some(before), None),
        Failure::TooLate { until } => (None, *until),
        Failure::Locked { until } => (None, Some(*until)),
        _ => (None, None),
    };
    let body = Problem {
        kind: format!("urn:docket:problem:{code}"),
        title: title.get(language).to_owned(),
        status: status.as_u16(),
        code: code.to_owned(),
        detail: detail.get(language).to_owned(),
        problems: match failure {
            Failure::Invalid(faults) => Some(
                faults
                    .iter()
                    .map(|fault| FieldProblem {
                        pointer: fault.pointer.clone(),
                        code: fault.code.to_owned(),
                        message: fault.message.get(language).to_owned(),
                    })
                    .collect(),
            ),
            _ => None,
        },
        by: before
            .and_then(|before| before.by.as_ref())
            .map(|(id, name)| Ref { id: id.to_string(), name: name.clone() }),
        at: until.or_else(|| before.and_then(|before| before.at)).map(|at| at.to_string()),
    };
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, PROBLEM)
        .body(Body::from_string(body.to_json_string()))
}

/// Turns every error of the framework and every [`Failure`] into a problem.
pub struct Problems;

/// The endpoint made by [`Problems`].
pub struct ProblemsEndpoint<E>(E);

impl<E: Endpoint> Middleware<E> for Problems {
    type Output = ProblemsEndpoint<E>;

    fn transform(&self, endpoint: E) -> Self::Output {
        ProblemsEndpoint(endpoint)
    }
}

impl<E: Endpoint> Endpoint for ProblemsEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let language = language(request.headers());
        let zone = super::app(&request).map_or(TimeZone::UTC, |app| app.settings.zone.clone());
        Ok(match self.0.call(request).await {
            Ok(response) => response.into_response(),
            Err(error) => match error.downcast::<Failure>() {
                Ok(failure) => problem(&failure, language, &zone),
                Err(error) => problem(&framework(&error), language, &zone),
            },
        })
    }
}

/// An error of the framework as a failure.
fn framework(error: &poem::Error) -> Failure {
    let unreadable = |pointer: String, code: &'static str, reason: &str| {
        let message = Text::new(format!("无法读取：{reason}"), format!("can not be read: {reason}"));
        Failure::invalid(pointer, code, message)
    };
    if let Some(error) = error.downcast_ref::<ParseParamError>() {
        return unreadable(format!("/{}", error.name), "type", &error.reason);
    }
    if let Some(error) = error.downcast_ref::<ParseRequestPayloadError>() {
        return unreadable(String::new(), "type", &error.reason);
    }
    if let Some(error) = error.downcast_ref::<ParseMultipartError>() {
        return unreadable(String::new(), "multipart", &error.reason);
    }
    if let Some(error) = error.downcast_ref::<ReadBodyError>() {
        return match error {
            ReadBodyError::PayloadTooLarge => Failure::TooLarge(Text::new("请求内容超过上限", "the body is too large")),
            _ => Failure::Malformed(Text::new("请求内容没有完整送达", "the body did not arrive completely")),
        };
    }
    if error.is::<ContentTypeError>() {
        return Failure::MediaType;
    }
    match error.status() {
        StatusCode::NOT_FOUND => Failure::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Failure::Method,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Failure::MediaType,
        StatusCode::PAYLOAD_TOO_LARGE => Failure::TooLarge(Text::new("请求内容超过上限", "the body is too large")),
        status if status.is_client_error() && error.is::<ParsePathError>() => Failure::NotFound,
        status if status.is_client_error() => Failure::Malformed(Text::same(error.to_string())),
        _ => Failure::Internal(error.to_string()),
    }
}
