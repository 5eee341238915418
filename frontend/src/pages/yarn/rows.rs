//! What an application of a list means, and what of it is known at all.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::sync::OnceLock;

use howdah_shared::systems::yarn::Application;

use super::cells::{facets, standing_word};
use super::figures::tags;
use crate::components::listing::{Facet, Listed, Rank};
use crate::i18n::*;
use crate::list::{Keyed, Place, Text, Value};
use crate::ui::mark::Kind;
use crate::ui::time;

/// An application with what is looked for in it. Of one that nobody has looked at yet only that is read by which lists
/// are sorted and counted from the start: to read ten thousand whole takes longer than all else before they are shown.
#[derive(Clone, Debug)]
pub(super) struct Row {
    id: String,
    /// The numbers of the id.
    pub(super) number: (u64, u64),
    standing: Cow<'static, str>,
    pub(super) started_time: Option<i64>,
    /// Of which the rest is read.
    text: Option<Text>,
    whole: OnceLock<Box<Whole>>,
}

/// What is read at once.
#[derive(Default)]
struct Brief<'a> {
    id: Option<&'a str>,
    state: Option<&'a str>,
    final_status: Option<&'a str>,
    started_time: Option<i64>,
}

impl<'a> Brief<'a> {
    /// Reads a row up to the first member that is not of these, which stand before all others; `None` where they are
    /// not written as they mostly are, and the row is to be read whole.
    fn read(row: &'a Text) -> Option<Brief<'a>> {
        let mut brief = Brief::default();
        for (name, value) in row.members(Place::default()) {
            match (name, value) {
                ("id", Value::Text(id)) => brief.id = Some(id),
                ("state", Value::Text(state)) => brief.state = Some(state),
                ("finalStatus", Value::Text(status)) => brief.final_status = Some(status),
                ("startedTime", Value::Number(at)) => brief.started_time = Some(at),
                (_, Value::None) => {}
                ("id" | "state" | "finalStatus" | "startedTime", _) => return None,
                _ => break,
            }
        }
        brief.id.is_some().then_some(brief)
    }
}

#[derive(Clone, Debug)]
struct Whole {
    application: Application,
    /// Every text of it, in lower case.
    haystack: String,
}

impl Row {
    fn new(brief: &Brief<'_>) -> Row {
        let id = brief.id.unwrap_or_default();
        Row {
            id: id.to_owned(),
            number: number(id),
            standing: standing(brief.state, brief.final_status),
            started_time: brief.started_time,
            text: None,
            whole: OnceLock::new(),
        }
    }

    fn whole(&self) -> &Whole {
        self.whole.get_or_init(|| {
            Box::new(Whole::from(self.text.as_ref().map(Text::read::<Application>).unwrap_or_default()))
        })
    }

    /// The application.
    pub(super) fn application(&self) -> &Application {
        &self.whole().application
    }

    /// The id.
    pub(super) fn id(&self) -> &str {
        &self.id
    }
}

impl From<Text> for Row {
    fn from(text: Text) -> Row {
        match Brief::read(&text).map(|brief| Row::new(&brief)) {
            Some(row) => Row { text: Some(text), ..row },
            None => text.read::<Application>().into(),
        }
    }
}

impl From<Application> for Row {
    fn from(application: Application) -> Row {
        let row = Row::new(&Brief {
            id: application.id.as_deref(),
            state: application.state.as_deref(),
            final_status: application.final_status.as_deref(),
            started_time: application.started_time,
        });
        Row { whole: OnceLock::from(Box::new(Whole::from(application))), ..row }
    }
}

impl From<Application> for Whole {
    fn from(application: Application) -> Whole {
        let a = &application;
        let texts = [&a.id, &a.name, &a.user, &a.queue, &a.application_type, &a.application_tags];
        let mut haystack = String::new();
        for text in texts.into_iter().flatten() {
            haystack.push_str(&text.to_lowercase());
            haystack.push('\n');
        }
        Whole { application, haystack }
    }
}

impl PartialEq for Row {
    fn eq(&self, other: &Row) -> bool {
        self.id() == other.id() && self.application() == other.application()
    }
}

impl Keyed for Row {
    fn key(&self) -> &str {
        self.id()
    }

    fn text(&self) -> Option<&Text> {
        self.text.as_ref()
    }
}

impl Listed for Row {
    fn haystack(&self) -> &str {
        &self.whole().haystack
    }

    fn read(&self) -> bool {
        let unread = self.whole.get().is_none();
        self.whole();
        unread
    }

    fn standing(&self) -> &str {
        &self.standing
    }

    fn rank(&self, column: &str, now: i64) -> Option<Rank<'_>> {
        fn text(text: &Option<String>) -> Option<Rank<'_>> {
            text.as_deref().filter(|text| !text.is_empty()).map(Rank::Text)
        }
        let figure = |figure: Option<i64>| figure.map(Rank::Figure);
        let part = |part: Option<f64>| figure(part.map(|percent| (percent * 1e6) as i64));
        match column {
            "name" => text(&self.application().name),
            "user" => text(&self.application().user),
            "queue" => text(&self.application().queue),
            "type" => text(&self.application().application_type),
            "tags" => text(&self.application().application_tags),
            "label" => text(&self.application().app_node_label_expression),
            "tracking" => text(&self.application().tracking_url),
            "state" => Some(Rank::Text(self.standing())),
            "final" => text(&self.application().final_status),
            "progress" => part(self.progress()),
            "queue_part" => part(self.part(self.application().queue_usage_percentage)),
            "cluster_part" => part(self.part(self.application().cluster_usage_percentage)),
            "started" => figure(self.started()),
            "launched" => figure(self.launched()),
            "finished" => figure(self.finished()),
            "elapsed" => figure(self.elapsed(now)),
            "priority" => figure(self.application().priority),
            "id" => Some(Rank::Number(self.number)),
            figures => match self.held(figures) {
                Some(held) => figure(held),
                None => Some(Rank::Number(self.number)),
            },
        }
    }

    fn plain(&self, column: &str, now: i64) -> String {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        let part = |part: Option<f64>| part.map(|part| part.to_string()).unwrap_or_default();
        let instant = |at: Option<i64>| at.map(time::iso).unwrap_or_default();
        let a = self.application();
        match column {
            "id" => self.id.clone(),
            "name" => text(&a.name),
            "user" => text(&a.user),
            "queue" => text(&a.queue),
            "type" => text(&a.application_type),
            "tags" => text(&a.application_tags),
            "label" => text(&a.app_node_label_expression),
            "tracking" => text(&a.tracking_url),
            "state" => text(&a.state),
            "final" => text(&a.final_status),
            "progress" => part(self.progress()),
            "queue_part" => part(self.part(a.queue_usage_percentage)),
            "cluster_part" => part(self.part(a.cluster_usage_percentage)),
            "started" => instant(self.started()),
            "launched" => instant(self.launched()),
            "finished" => instant(self.finished()),
            "elapsed" => number(self.elapsed(now)),
            "priority" => number(a.priority),
            figures => number(self.held(figures).flatten()),
        }
    }

    fn facets() -> Vec<Facet> {
        facets()
    }

    fn each_value(&self, facet: &str, take: &mut dyn FnMut(&str)) {
        let a = self.application();
        let value = match facet {
            "user" => &a.user,
            "queue" => &a.queue,
            "type" => &a.application_type,
            "final" => &a.final_status,
            _ => &a.application_tags,
        };
        let Some(value) = value.as_deref() else { return };
        match facet {
            "tag" => tags(value).for_each(take),
            _ if !value.is_empty() => take(value),
            _ => {}
        }
    }

    fn instant(&self, facet: &str) -> Option<i64> {
        match facet {
            "finished" => self.finished(),
            _ => self.started(),
        }
    }

    /// The newest first.
    fn level(&self) -> impl Ord {
        Reverse(self.number)
    }

    fn place(standing: &str) -> usize {
        STANDINGS.iter().position(|other| *other == standing).unwrap_or(STANDINGS.len())
    }

    fn kind(standing: &str) -> Option<Kind> {
        Some(match standing {
            "NEW" | "NEW_SAVING" | "SUBMITTED" | "ACCEPTED" => Kind::Waiting,
            "RUNNING" | "FINISHING" | "KILLING" => Kind::Moving,
            "SUCCEEDED" | "FINISHED" => Kind::Good,
            "KILLED" => Kind::Ended,
            "FAILED" => Kind::Broken,
            _ => Kind::Unknown,
        })
    }

    fn word(i18n: I18nContext<Locale>, standing: &str) -> String {
        standing_word(i18n, standing)
    }
}

/// The order in which standings are offered; those that nobody knew come last.
const STANDINGS: &[&str] = &[
    "NEW",
    "NEW_SAVING",
    "SUBMITTED",
    "ACCEPTED",
    "RUNNING",
    "FINISHING",
    "KILLING",
    "SUCCEEDED",
    "FINISHED",
    "FAILED",
    "KILLED",
];

/// One word of YARN's: a state, or once it is finished how.
pub(super) fn standing(state: Option<&str>, end: Option<&str>) -> Cow<'static, str> {
    let word = match (state.unwrap_or("UNKNOWN"), end) {
        ("FINISHED", Some(end @ ("SUCCEEDED" | "FAILED" | "KILLED"))) => end,
        (state, _) => state,
    };
    let known = STANDINGS.iter().find(|known| **known == word);
    known.map_or_else(|| Cow::from(word.to_owned()), |known| Cow::from(*known))
}

/// The two numbers of an id: the cluster's start and the application's place since.
fn number(id: &str) -> (u64, u64) {
    let mut parts = id.rsplit('_').map(|part| part.parse().unwrap_or(0));
    let place = parts.next().unwrap_or(0);
    (parts.next().unwrap_or(0), place)
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Arc;

    use howdah_shared::operation::Operation;
    use howdah_shared::systems::yarn::ListApplications;

    use super::*;
    use crate::components::listing::standings;

    pub(in crate::pages::yarn) fn row(id: u32, change: impl Fn(&mut Application)) -> Row {
        let mut application = Application {
            id: Some(format!("application_1700000000000_{id:04}")),
            state: Some("RUNNING".into()),
            started_time: Some(1_700_000_000_000 + i64::from(id)),
            ..Default::default()
        };
        change(&mut application);
        application.into()
    }

    pub(in crate::pages::yarn) const NOW: i64 = 1_700_000_000_000;

    fn sent(object: &str) -> Row {
        crate::list::tests::sent(object, ListApplications::SPEC.tail.rows.unwrap().shown).into()
    }

    #[test]
    fn what_is_read_at_once_is_what_stands_in_the_whole() {
        for text in [
            r#"{"id":"application_17_0003","state":"FINISHED","finalStatus":"KILLED","startedTime":8,"user":"a","x":[]}"#,
            r#"{"id":"application_17_0003","state":"RUNNING","startedTime":8}"#,
            r#"{"id":"application_17_0003"}"#,
            r#"{"id":"application_17\u005f0003","state":7,"startedTime":"8","user":"a"}"#,
            r#"{"id":null,"state":"RUNNING","user":"a"}"#,
            "{}",
        ] {
            let (row, whole) = (sent(text), Row::from(serde_json::from_str::<Application>(text).unwrap()));
            let brief = |row: &Row| (row.id.clone(), row.number, row.standing.clone(), row.started_time);
            assert_eq!((brief(&row), row.application()), (brief(&whole), whole.application()), "{text}");
        }
    }

    #[test]
    fn what_is_read_at_once_stands_first() {
        let shown = ListApplications::SPEC.tail.rows.unwrap().shown;
        assert_eq!(shown[..4], ["id", "state", "finalStatus", "startedTime"]);
    }

    #[test]
    fn a_finished_application_stands_where_it_ended() {
        let end = |status: &str| {
            row(1, |a| {
                a.state = Some("FINISHED".into());
                a.final_status = Some(status.into());
            })
        };
        assert_eq!(end("SUCCEEDED").standing(), "SUCCEEDED");
        assert_eq!(end("FAILED").standing(), "FAILED");
        assert_eq!(end("ENDED").standing(), "FINISHED");
        assert_eq!(row(1, |a| a.state = None).standing(), "UNKNOWN");
        assert_eq!(Row::kind("SOMETHING_NEW"), Some(Kind::Unknown));
    }

    #[test]
    fn states_are_counted_in_the_order_of_a_life() {
        let state = |id, state: &str| row(id, |a| a.state = Some(state.into()));
        let rows = [state(1, "KILLED"), state(2, "RUNNING"), state(3, "ZOMBIE"), state(4, "RUNNING")].map(Arc::new);
        let counts = standings(&rows);
        let counts: Vec<(&str, usize)> = counts.iter().map(|(word, count)| (word.as_str(), *count)).collect();
        assert_eq!(counts, [("RUNNING", 2), ("KILLED", 1), ("ZOMBIE", 1)]);
    }
}
