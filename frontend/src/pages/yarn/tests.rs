//! The orders and filters of a list, with applications as its rows.

use std::sync::Arc;

use howdah_shared::systems::yarn::EVERY_APPLICATION;

use super::applications::everything;
use super::rows::Row;
use super::rows::tests::{NOW, row};
use crate::components::listing::{By, Fits, Listed, Search, Sorter};
use crate::list::List;
use crate::ui::table::Sort;

fn list(rows: &[Row]) -> List<Row> {
    rows.iter().cloned().map(Arc::new).collect()
}

fn places(rows: &List<Row>) -> Vec<u64> {
    rows.iter().map(|row| row.number.1).collect()
}

fn ids(rows: &[Row], text: &str, states: &str, sort: &str) -> Vec<u64> {
    let sorted = Sorter::default().sort(&list(rows), &Sort::read(sort), NOW);
    places(&Search::default().find(&sorted, text, &Fits::standing(states)))
}

#[test]
fn the_list_is_asked_for_ahead_as_its_page_asks() {
    assert_eq!(serde_html_form::to_string(everything()).unwrap(), EVERY_APPLICATION);
}

#[test]
fn every_word_must_be_somewhere() {
    let rows = [
        row(1, |a| {
            a.name = Some("Nightly ETL".into());
            a.user = Some("alice".into());
        }),
        row(2, |a| a.name = Some("야간 집계".into())),
    ];
    assert_eq!(ids(&rows, "alice etl", "", "id"), [1]);
    assert_eq!(ids(&rows, "집계", "", "id"), [2]);
    assert_eq!(ids(&rows, "_0002", "", "id"), [2]);
    assert_eq!(ids(&rows, "bob", "", "id"), [0; 0]);
}

#[test]
fn unknown_figures_come_last_both_ways() {
    let rows = [
        row(1, |a| a.allocated_mb = Some(-1)),
        row(2, |a| a.allocated_mb = Some(2048)),
        row(3, |a| a.allocated_mb = Some(0)),
    ];
    assert_eq!(ids(&rows, "", "", "memory"), [3, 2, 1]);
    assert_eq!(ids(&rows, "", "", "-memory"), [2, 3, 1]);
}

#[test]
fn ids_sort_by_number() {
    let rows = [row(9, |_| ()), row(10_000, |_| ()), row(100, |_| ())];
    assert_eq!(ids(&rows, "", "", "id"), [9, 100, 10_000]);
    assert_eq!(ids(&rows, "", "", "-id"), [10_000, 100, 9]);
}

#[test]
fn states_are_filtered_by() {
    let rows = [row(1, |_| ()), row(2, |a| a.state = Some("ACCEPTED".into()))];
    assert_eq!(ids(&rows, "", "ACCEPTED", "id"), [2]);
    assert_eq!(ids(&rows, "", "ACCEPTED,RUNNING", "id"), [1, 2]);
}

#[test]
fn what_runs_is_sorted_by_how_long_it_has_taken_until_now() {
    let running = row(1, |_| ());
    let ended = row(3, |a| {
        a.finished_time = Some(NOW + 8);
        a.elapsed_time = Some(7);
    });
    let hidden = row(2, |a| a.started_time = Some(0));
    let (list, longest) = (list(&[running, hidden, ended]), Sort::read("-elapsed"));
    let mut sorter = Sorter::default();
    assert_eq!(places(&sorter.sort(&list, &longest, NOW)), [3, 1, 2]);
    assert_eq!(places(&sorter.sort(&list, &longest, NOW + 60)), [1, 3, 2]);
}

#[test]
fn an_order_that_follows_its_list_is_that_of_the_list() {
    let names = ["b", "d", "a", "c", "b", "e"];
    let named = |id: u32, name: &str| Arc::new(row(id, |a| a.name = Some(name.into())));
    let mut rows: Vec<_> = (1..).zip(names).map(|(id, name)| named(id, name)).collect();
    let mut sorter = Sorter::default();
    for sort in ["name", "-name", "id", "-started", "name"] {
        let sort = Sort::read(sort);
        for change in 0..4 {
            match change {
                1 => rows[2] = named(rows[2].number.1 as u32, "f"),
                2 => drop(rows.remove(0)),
                3 => rows.push(named(rows.last().map_or(0, |last| last.number.1 as u32) + 1, "a")),
                _ => {}
            }
            let list: List<Row> = rows.iter().cloned().collect();
            let anew = Sorter::default().sort(&list, &sort, NOW);
            let followed = sorter.sort(&list, &sort, NOW);
            assert_eq!(places(&followed), places(&anew));
            assert!(followed.iter().zip(anew.iter()).all(|(a, b)| Arc::ptr_eq(a, b)), "an older reading was kept");
        }
    }
}

#[test]
fn each_text_finds_what_it_finds_alone() {
    let named = |id, name: &str| row(id, |a| a.name = Some(name.into()));
    let rows = [named(1, "report"), named(2, "Reporting 7"), named(3, "port 7"), named(4, "야간 집계")];
    let list = list(&rows);
    let mut search = Search::default();
    let typed =
        ["r", "re", "rep", "re", "r", "", "port", "port 7", "port 7 r", "por", "rt", "야", "야간 집", "x", "re"];
    for text in typed {
        let found = places(&search.find(&list, text, &Fits::default()));
        assert_eq!(found, places(&Search::default().find(&list, text, &Fits::default())), "{text}");
    }
    assert_eq!(places(&search.find(&list, "rep", &Fits::standing("RUNNING"))), [1, 2]);
    assert_eq!(places(&search.find(&list, "rep", &Fits::standing("FAILED"))), [0; 0]);
    assert_eq!(places(&search.find(&list[..2].iter().cloned().collect(), "port", &Fits::default())), [1, 2]);
}

#[test]
fn facets_let_through_what_has_one_of_their_values() {
    let owned = |id, user: &str, tags: &str| {
        row(id, |a| {
            a.user = Some(user.into());
            a.application_tags = Some(tags.into());
        })
    };
    let rows = list(&[owned(1, "alice", "nightly,x"), owned(2, "bob", "x"), owned(3, "alice", "null"), row(4, |_| ())]);
    let by = By::Value(|_, value| value.to_owned());
    let found = |fits: Fits| places(&Search::default().find(&rows, "", &fits));
    let any = Fits::default;
    assert_eq!(found(any().and("user", by, "alice", NOW)), [1, 3]);
    assert_eq!(found(any().and("user", by, "alice,bob", NOW)), [1, 2, 3]);
    assert_eq!(found(any().and("user", by, "alice", NOW).and("tag", by, "x", NOW)), [1]);
    assert_eq!(found(any().and("tag", by, "null", NOW)), [0; 0]);
    assert_eq!(found(Fits::standing("FAILED").and("user", by, "alice", NOW)), [0; 0]);
    assert_eq!(found(any().and("user", by, "", NOW)), [1, 2, 3, 4]);
}

#[test]
fn a_span_lets_through_what_began_in_it() {
    let began = |id: u32, ago: i64| row(id, |a| a.started_time = Some(NOW - ago));
    let rows = list(&[began(1, 1_000), began(2, 3_700_000), row(3, |a| a.started_time = Some(0))]);
    let found = |facet, text: &str| {
        places(&Search::default().find(&rows, "", &Fits::default().and(facet, By::Time, text, NOW)))
    };
    assert_eq!(found("started", "1h"), [1]);
    assert_eq!(found("started", "24h"), [1, 2]);
    assert_eq!(found("started", &format!("..{}", NOW - 2_000)), [2]);
    // What has not ended has no end.
    assert_eq!(found("finished", "7d"), [0; 0]);
}

#[test]
fn the_file_says_what_is_known_in_every_language_the_same() {
    let held = row(1, |a| {
        a.name = Some("=1+1".into());
        a.allocated_mb = Some(2048);
        a.application_tags = Some("a,b".into());
        a.progress = Some(12.5);
    });
    let cells =
        |row: &Row| ["id", "name", "memory", "tags", "progress", "finished"].map(|column| row.plain(column, NOW));
    assert_eq!(cells(&held), ["application_1700000000000_0001", "=1+1", "2048", "a,b", "12.5", ""]);
    let hidden = row(2, |a| {
        a.started_time = Some(0);
        a.allocated_mb = Some(0);
    });
    assert_eq!(cells(&hidden)[2], "");
}
