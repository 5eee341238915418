//! How far the form of a cluster is: what is settled and what is still needed, each a way to its fields.

use leptos::prelude::*;

use super::sheet::Sheet;
use super::words::Said;
use crate::ui::live::memo;
use crate::ui::mark::{Kind, Mark};

/// The parts of the form: the heading's id, and the members that are typed there.
const PARTS: &[(&str, &[&str])] = &[
    ("form-what", &["name", "plugin_name", "hadoop_version", "description"]),
    ("form-template", &["cluster_template_id"]),
    ("form-machines", &["default_image_id", "neutron_management_network", "user_keypair_id"]),
    ("form-groups", &["node_groups"]),
    ("form-options", &["cluster_configs"]),
];

/// Whether a place belongs to one of these members.
fn is_of(place: &str, members: &[&str]) -> bool {
    members.contains(&place.split(['.', '[']).next().unwrap_or_default())
}

/// The parts with their marks.
#[component]
pub(super) fn Steps(
    /// The form.
    sheet: Sheet,
) -> impl IntoView {
    let items = PARTS.iter().map(|(id, members)| {
        let kind = memo(move || {
            sheet.wrong.with(|wrong| {
                let mut own = wrong.iter().filter(|(at, _)| is_of(at, members)).peekable();
                let refused = wrong.iter().any(|(at, said)| is_of(at, members) && matches!(said, Said::Service(_)));
                match (refused, own.peek()) {
                    (true, _) => Kind::Broken,
                    (false, Some(_)) => Kind::Waiting,
                    (false, None) => Kind::Good,
                }
            })
        });
        let word = match *id {
            "form-what" => words!(form.what),
            "form-template" => words!(form.template),
            "form-machines" => words!(form.machines),
            "form-groups" => words!(form.groups),
            _ => words!(form.options),
        };
        let go = move |event: web_sys::MouseEvent| {
            event.prevent_default();
            if let Some(heading) = document().get_element_by_id(id) {
                heading.scroll_into_view();
            }
        };
        view! { <li><a href=format!("#{id}") on:click=go><Mark kind=kind word=word /></a></li> }
    });
    view! { <nav aria-label=words!(launch.progress)><ol class="steps-bar">{items.collect_view()}</ol></nav> }
}

#[cfg(test)]
mod tests {
    use super::super::members::CLUSTER;
    use super::*;

    #[test]
    fn each_member_that_most_clusters_need_belongs_to_a_part() {
        for member in CLUSTER.iter().filter(|member| member.first) {
            let parts = PARTS.iter().filter(|(_, members)| is_of(member.name, members));
            assert_eq!(parts.count(), 1, "{}", member.name);
        }
        assert!(is_of("node_groups[0].name", &["node_groups"]) && !is_of("name", &["node_groups"]));
    }
}
