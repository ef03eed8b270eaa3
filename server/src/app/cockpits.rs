//! Counts by leader and by unit: the same query as the lists that they lead to.

use std::collections::BTreeMap;

use docket_engine::{
    definition::{
        form::WellKnown,
        module::{Chart, Colour},
    },
    id::{PersonId, UnitId},
    text::Text,
};

use super::{
    items::Filter,
    labels,
    lists::{About, Counted, List},
};
use crate::{
    api::{
        caller::Caller,
        cockpits::{ChartView, CockpitView, CountRow},
    },
    failure::Failure,
};

/// A module's cockpit under the caller's visibility, of all lead units or of `units`.
///
/// # Errors
/// [`Failure::NotFound`] where there is no such module.
pub async fn view(caller: &Caller, module: &str, units: &[String]) -> Result<CockpitView, Failure> {
    let module = caller.published.registry.module(module).ok_or(Failure::NotFound)?;
    let filter = Filter { lead_units: units.to_vec(), ..Filter::default() };
    let mut charts = Vec::new();
    for chart in &module.cockpit {
        let about = About::find(caller, &module.name, &chart.kind)?;
        if !caller.visibility("read", &chart.kind).is_never() {
            charts.push(view_chart(caller, about, chart, &filter).await?);
        }
    }
    let first = module.cockpit.first().and_then(|chart| module.kind(&chart.kind));
    let words: Vec<String> =
        first.map(|kind| kind.lights.iter().map(|light| caller.text(&light.title)).collect()).unwrap_or_default();
    Ok(CockpitView {
        today: caller.app.today().to_string(),
        as_of: caller.app.now().to_string(),
        rule: rule(caller, &words),
        charts,
    })
}

fn rule(caller: &Caller, words: &[String]) -> String {
    let today = caller.app.today();
    caller.text(&Text::new(
        format!("状态灯依次判断，取最先符合的：{}；以 {today} 为准。正常推进含临近。", words.join("、")),
        format!("The first light that holds counts: {}; as of {today}. Normal includes near due.", words.join(", ")),
    ))
}

async fn view_chart(caller: &Caller, about: About<'_>, chart: &Chart, filter: &Filter) -> Result<ChartView, Failure> {
    let list = List::new(caller, about, &["read"], filter)?;
    let mut rows: BTreeMap<Option<i64>, CountRow> = BTreeMap::new();
    for counted in list.count_by(Some(chart.by)).await? {
        let row = rows.entry(counted.pivot).or_insert_with(|| empty(caller, chart.by, counted.pivot));
        add(row, &counted);
    }
    let mut sum = CountRow { key: None, name: caller.text(&Text::new("合计", "Total")), ..blank() };
    for counted in list.count_by(None).await? {
        add(&mut sum, &counted);
    }
    Ok(ChartView {
        kind: about.kind.name.to_string(),
        kind_title: caller.text(&about.kind.title),
        title: caller.text(&chart.title),
        by: chart.by.name().to_owned(),
        rows: ordered(caller, chart.by, rows),
        sum,
    })
}

/// Units in the organisation's own order, leaders in that of their ids; items without one last.
fn ordered(caller: &Caller, by: WellKnown, rows: BTreeMap<Option<i64>, CountRow>) -> Vec<CountRow> {
    let org = caller.app.org();
    let mut rows: Vec<(Option<i64>, CountRow)> = rows.into_iter().collect();
    rows.sort_by_key(|(key, _)| {
        let order = key.filter(|_| by != WellKnown::Leader).and_then(|id| org.unit(UnitId(id))).map(|unit| unit.order);
        (key.is_none(), order, *key)
    });
    rows.into_iter().map(|(_, row)| row).collect()
}

fn blank() -> CountRow {
    CountRow { key: None, name: String::new(), total: 0, normal: 0, near: 0, overdue: 0, done: 0, suspended: 0 }
}

fn empty(caller: &Caller, by: WellKnown, key: Option<i64>) -> CountRow {
    let name = match key {
        Some(id) if by == WellKnown::Leader => labels::person(caller, PersonId(id)).name,
        Some(id) => labels::unit(caller, UnitId(id)).name,
        None => caller.text(&Text::new("未指定", "None")),
    };
    CountRow { key: key.map(|id| id.to_string()), name, ..blank() }
}

fn add(row: &mut CountRow, counted: &Counted) {
    let many = u64::try_from(counted.many).unwrap_or_default();
    row.total += many;
    let colour = Colour::ALL.into_iter().find(|colour| Some(colour.name()) == counted.lit.as_deref());
    match colour {
        Some(Colour::Green) => row.normal += many,
        Some(Colour::Yellow) => {
            row.normal += many;
            row.near += many;
        }
        Some(Colour::Red) => row.overdue += many,
        Some(Colour::Blue) => row.done += many,
        Some(Colour::Grey) => row.suspended += many,
        None => {}
    }
}
