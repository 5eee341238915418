//! What changes nothing: the cluster, the scheduler, the nodes, the applications.

use std::collections::BTreeMap;

use http::StatusCode;
use serde_json::json;

use super::super::made_up::scatter;
use super::super::routes::lock;
use super::super::server::Answer;
use super::applications::{Application, State};
use super::behaviour::Scheduler;
use super::calls::{Call, find};
use super::dialect::Refused;
use super::filters::{Filters, Statistics, node_states};
use super::population::{Kept, Population};
use super::world::{Scene, World};
use super::{capacity, fair, nodes, replies, reports};

/// What is told.
#[derive(Clone, Copy)]
pub(super) enum Tell {
    Info,
    Metrics,
    Scheduler,
    Nodes,
    Node,
    Applications,
    Statistics,
    Application,
    Attempts,
    State,
    Queue,
    NewApplication,
}

impl Call<'_> {
    /// Answers.
    ///
    /// # Errors
    /// The refusal.
    pub(super) fn tell(&self, what: Tell, segment: &str) -> Result<Answer, Refused> {
        let (world, dialect) = (self.world, self.dialect());
        let query = self.asked.uri.query().unwrap_or_default();
        let mut population = lock(&world.population);
        let scene = world.scene(&mut population, dialect);
        let body = match what {
            // Who is second was started a little later.
            Tell::Info => replies::info(&scene, self.standing, population.cluster + 1500 * self.place as i64),
            Tell::Metrics => replies::metrics(&scene, population.counts(scene.now)),
            Tell::Scheduler => {
                let info = match self.behaviour.scheduler {
                    Scheduler::Capacity => capacity::scheduler(&scene),
                    Scheduler::Fair => fair::fair(&scene),
                    Scheduler::Fifo => fair::fifo(&scene),
                };
                json!({"scheduler": {"schedulerInfo": info}})
            }
            Tell::Nodes => {
                let states = node_states(query, nodes::STATES)?;
                let loads = world.nodes.loads(population.kept(), scene.now);
                let listed = world.nodes.listed(states.as_deref(), dialect);
                let listed = listed.map(|at| nodes::node(at, loads[at], scene.now_ms, dialect)).collect();
                json!({"nodes": dialect.list("node", listed)})
            }
            Tell::Node => {
                let at = node(world, segment)?;
                let load = world.nodes.loads(population.kept(), scene.now)[at];
                json!({"node": nodes::node(at, load, scene.now_ms, dialect)})
            }
            Tell::Applications => {
                let filters = Filters::read(query, dialect, &world.tree)?;
                let text = self.list(&mut population, &scene, &filters)?;
                return Ok(dialect.document(&text));
            }
            Tell::Statistics => {
                let Statistics { states, kind } = Statistics::read(query)?;
                let counts = counts(&population, &states, kind.as_deref(), scene.now);
                replies::statistics(&counts, kind.as_deref().unwrap_or("*"), dialect)
            }
            Tell::Application => {
                let filters = Filters::read(query, dialect, &world.tree)?;
                let app = &find(&mut population, segment)?.app;
                let hidden = self.hidden(app);
                let mut text = reports::application(&scene, app, hidden);
                text.pop();
                let text = format!("{{\"app\":{text}{}}}}}", extras(&scene, app, hidden, &filters));
                return Ok(dialect.document(&text));
            }
            Tell::Attempts => {
                let app = &find(&mut population, segment)?.app;
                reports::attempts(&scene, app, self.hidden(app))
            }
            Tell::State => json!({"state": find(&mut population, segment)?.app.state_word(scene.now)}),
            Tell::Queue => json!({"queue": self.shown(&find(&mut population, segment)?.app.queue)}),
            Tell::NewApplication => replies::new_application(&population.next_id().to_string(), dialect),
        };
        Ok(dialect.reply(&body))
    }

    fn hidden(&self, app: &Application) -> bool {
        !self.world.may_view(app, &self.caller.name)
    }

    fn list(&self, population: &mut Population, scene: &Scene<'_>, filters: &Filters) -> Result<String, Refused> {
        // As the real one: in no order that means anything, and cut before the final status is looked at.
        let mut found: Vec<(&mut Kept, State)> = population
            .kept_mut()
            .map(|kept| (kept.app.state(scene.now), kept))
            .filter(|(state, kept)| {
                let finished = if matches!(state, State::Ended(_)) { scene.wall_ms(kept.app.ends()) } else { 0 };
                filters.pass(&kept.app, *state, scene.wall_ms(kept.app.submitted), finished)
            })
            .map(|(state, kept)| (kept, state))
            .collect();
        found.sort_by_cached_key(|(kept, _)| scatter(kept.app.seed, 99));
        found.truncate(filters.limit());
        if !found.is_empty() {
            filters.check_final()?;
        }
        found.retain(|(_, state)| filters.pass_final(*state));
        if found.is_empty() {
            return Ok(json!({"apps": scene.dialect.nothing()}).to_string());
        }
        let mut text = String::with_capacity(found.len() * 2000);
        // The same for each that has ended, as it holds nothing any more.
        let mut of_ended = None;
        for (kept, state) in found {
            text.push_str(if text.is_empty() { "{\"apps\":{\"app\":[" } else { "," });
            let ended = matches!(state, State::Ended(_));
            let (app, hidden) = (&kept.app, self.hidden(&kept.app));
            match &kept.text {
                Some((dialect, known)) if ended && !hidden && *dialect == scene.dialect => text.push_str(known),
                _ => {
                    let whole = reports::application(scene, app, hidden);
                    text.push_str(&whole);
                    if ended && !hidden {
                        kept.text = Some((scene.dialect, whole.into()));
                    }
                }
            }
            text.pop();
            if ended {
                text.push_str(of_ended.get_or_insert_with(|| extras(scene, &kept.app, hidden, filters)));
            } else {
                text.push_str(&extras(scene, &kept.app, hidden, filters));
            }
            text.push('}');
        }
        text.push_str("]}}");
        Ok(text)
    }
}

/// What the query has not deselected, as members that follow others.
fn extras(scene: &Scene<'_>, app: &Application, hidden: bool, filters: &Filters) -> String {
    let extras = reports::extras(app, app.state(scene.now), hidden, scene.dialect).into_iter();
    let selected = extras.filter(|(name, _)| filters.selects(name));
    selected.map(|(name, value)| format!(",\"{name}\":{value}")).collect()
}

/// How often the applications that are kept have each of the states, whoever may see them.
fn counts(population: &Population, wanted: &[String], kind: Option<&str>, now: f64) -> BTreeMap<String, u64> {
    let mut counts: BTreeMap<String, u64> = wanted.iter().map(|state| (state.clone(), 0)).collect();
    for app in population.kept().filter(|app| kind.is_none_or(|kind| kind == app.kind.to_lowercase())) {
        if let Some(count) = counts.get_mut(app.state(now).words().0) {
            *count += 1;
        }
    }
    counts
}

/// The node of an id as a path holds it.
fn node(world: &World, id: &str) -> Result<usize, Refused> {
    let parts = id.split_once(':').filter(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok());
    if parts.is_none() {
        let message = Some(format!("Invalid NodeId [{id}]. Expected host:port"));
        return Err(Refused::with(StatusCode::BAD_REQUEST, "IllegalArgumentException", message));
    }
    world.nodes.find(id).ok_or_else(|| Refused::not_found(format!("nodeId, {id}, is not found")))
}
