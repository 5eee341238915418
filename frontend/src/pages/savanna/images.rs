//! The image registry: which images clusters may be made of.

use howdah_shared::systems::savanna::{Image, ImagesQuery, ListImages, TenantId};
use leptos::prelude::*;

use super::register::Register;
use crate::address;
use crate::api::watched;
use crate::components::freshness::watch;
use crate::components::listing::{By, Facet, ListPage, Listed, Rank, Rows, Words, state, text, way};
use crate::components::page::PageFoot;
use crate::components::question::off_role;
use crate::i18n::*;
use crate::list::{Keyed, Text};
use crate::routes::Place;
use crate::ui::button::{Button, Weight};
use crate::ui::live::live;
use crate::ui::mark::Kind;
use crate::ui::table::{Column, From};

/// An image with what is looked for in it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) image: Image,
    haystack: String,
}

impl Keyed for Row {
    fn key(&self) -> &str {
        self.image.id.as_deref().unwrap_or_default()
    }
}

impl std::convert::From<Text> for Row {
    fn from(text: Text) -> Row {
        let image: Image = text.read();
        let texts = [&image.id, &image.name, &image.username, &image.description];
        let texts = texts.into_iter().flatten().chain(&image.tags);
        let haystack = texts.map(|text| text.to_lowercase() + "\n").collect();
        Row { image, haystack }
    }
}

impl Row {
    fn cell(&self, column: &str) -> Option<String> {
        let image = &self.image;
        match column {
            "id" => image.id.clone(),
            "tags" => Some(image.tags.join(", ")),
            "user" => image.username.clone(),
            "description" => image.description.clone(),
            "size" => image.size.map(|size| size.to_string()),
            "state" => image.status.clone(),
            _ => image.name.clone().or_else(|| image.id.clone()),
        }
    }
}

impl Listed for Row {
    fn haystack(&self) -> &str {
        &self.haystack
    }

    fn standing(&self) -> &str {
        self.image.status.as_deref().unwrap_or("UNKNOWN")
    }

    fn rank(&self, column: &str, _: i64) -> Option<Rank<'_>> {
        let image = &self.image;
        match column {
            "id" => image.id.as_deref().map(Rank::Text),
            "tags" => image.tags.first().map(|tag| Rank::Text(tag)),
            "user" => image.username.as_deref().map(Rank::Text),
            "description" => image.description.as_deref().map(Rank::Text),
            "size" => image.size.map(Rank::Figure),
            "state" => Some(Rank::Text(self.standing())),
            _ => image.name.as_deref().map(Rank::Text),
        }
    }

    fn plain(&self, column: &str, _: i64) -> String {
        self.cell(column).unwrap_or_default()
    }

    fn facets() -> Vec<Facet> {
        fn as_it_is(_: I18nContext<Locale>, value: &str) -> String {
            value.to_owned()
        }
        vec![Facet { id: "tag", menu: "menu-tag", title: words!(images.tags), by: By::Value(as_it_is) }]
    }

    fn each_value(&self, _: &str, take: &mut dyn FnMut(&str)) {
        self.image.tags.iter().for_each(|tag| take(tag));
    }

    fn level(&self) -> impl Ord {
        self.key().to_owned()
    }

    fn place(standing: &str) -> usize {
        usize::from(standing != "ACTIVE")
    }

    fn kind(standing: &str) -> Option<Kind> {
        Some(match standing {
            "ACTIVE" => Kind::Good,
            "QUEUED" => Kind::Waiting,
            "SAVING" | "IMPORTING" | "UPLOADING" => Kind::Moving,
            "DEACTIVATED" | "DELETED" => Kind::Ended,
            "KILLED" | "ERROR" => Kind::Broken,
            _ => Kind::Unknown,
        })
    }

    fn word(i18n: I18nContext<Locale>, standing: &str) -> String {
        match standing {
            "ACTIVE" => t_string!(i18n, images.active).to_string(),
            "UNKNOWN" => t_string!(i18n, images.unknown).to_string(),
            other => other.to_owned(),
        }
    }
}

fn columns() -> Vec<Column<Row>> {
    let of = |id| -> fn(crate::components::listing::Of<Row>) -> AnyView {
        match id {
            "tags" => |row| tags(row),
            "user" => |row| text(row, |row| row.cell("user")),
            "description" => |row| text(row, |row| row.cell("description")),
            "id" => |row| text(row, |row| row.cell("id")),
            _ => |row| way(row, Place::Image, |row| row.cell("name")),
        }
    };
    vec![
        Column::new("name", words!(images.name), "col-name", From::Phone, of("name")),
        Column::new("tags", words!(images.tags), "col-name", From::Phone, of("tags")),
        Column::new("state", words!(images.state), "col-state", From::Tablet, state),
        Column::new("user", words!(images.user), "col-word", From::Tablet, of("user")),
        Column::new("description", words!(images.description), "col-name", From::Desktop, of("description")),
        Column::new("id", words!(images.id), "col-name", From::Wide, of("id")),
    ]
}

fn tags(row: crate::components::listing::Of<Row>) -> AnyView {
    live(move || {
        let tags = row.with(|row| row.image.tags.clone());
        let whole = tags.join(", ");
        let tags = tags.into_iter().map(|tag| view! { <span class="tag">{tag}</span> });
        view! { <span class="cell-text tags" title=whole>{tags.collect_view()}</span> }.into_any()
    })
}

/// The page.
#[component]
pub(super) fn Images(
    /// The connection's name.
    connection: String,
    /// The tenant.
    tenant: TenantId,
) -> impl IntoView {
    let told = watched::<_, Row>(&connection, &ListImages { tenant_id: tenant.clone() }, &ImagesQuery::default());
    watch(told.list);
    let rows = Rows::from(told);
    let registering = RwSignal::new(false);
    let off = off_role(&connection, words!(images.off_role));
    let acts = move || {
        let press = Callback::new(move |()| registering.set(true));
        view! { <Button weight=Weight::Primary off=off press=press>{words!(images.register)}</Button> }.into_any()
    };
    let foot = acts;
    let words = Words {
        title: words!(frame.images),
        loading: words!(images.loading),
        search: words!(images.search),
        empty: words!(images.empty),
        empty_text: words!(images.empty_text),
        none_fit: words!(images.none_fit),
    };
    let place = connection.clone();
    let open = Callback::new(move |id: String| address::go(&Place::Image(place.clone(), id).href()));
    let done = Callback::new(move |_| rows.retry.run(()));
    view! {
        <ListPage id="images" connection=connection.clone() words rows columns=columns() first_sort="name" on_open=open acts=acts />
        <PageFoot>{foot()}</PageFoot>
        <Register open=registering connection tenant done=done />
    }
}
