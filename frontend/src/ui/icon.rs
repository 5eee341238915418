//! Small line drawings on a grid of 16, drawn in the text's colour.

use leptos::prelude::*;

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Glyph {
    /// Three lines: the sheet of pages.
    Lines,
    /// Takes something away.
    Cross,
    /// Opens a menu.
    Down,
    /// Sorted upwards.
    Up,
    /// Two sheets: copies.
    Copy,
    /// A lens.
    Lens,
    /// A turning arrow.
    Again,
    /// A half-filled disc: light and dark.
    Theme,
    /// A globe.
    Globe,
    /// Head and shoulders.
    Person,
    /// Four tiles: the fleet.
    Tiles,
    /// A list with marks.
    List,
    /// A line that goes up and down.
    Pulse,
    /// Stacked discs.
    Stack,
    /// A gauge: a system at a glance.
    Gauge,
    /// A tree: queues.
    Tree,
    /// A grid of squares: nodes.
    Grid,
    /// Bars of different heights: counts.
    Sum,
    /// A key.
    Key,
}

impl Glyph {
    fn path(self) -> &'static str {
        match self {
            Glyph::Lines => "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
            Glyph::Cross => "M4.5 4.5l7 7M11.5 4.5l-7 7",
            Glyph::Down => "M4.5 6.5 8 10l3.5-3.5",
            Glyph::Up => "M4.5 9.5 8 6l3.5 3.5",
            Glyph::Copy => "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
            Glyph::Lens => "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3l3.2 3.2",
            Glyph::Again => "M13 8a5 5 0 1 1-1.6-3.7M13.2 2v3h-3",
            Glyph::Theme => "M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11M10 4.6v6.8M12 6v4",
            Glyph::Globe => {
                "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM2.5 8h11M8 2.5c-3 3.2-3 7.8 0 11M8 2.5c3 3.2 3 7.8 0 11"
            }
            Glyph::Person => "M8 8a2.6 2.6 0 1 0 0-5.2A2.6 2.6 0 0 0 8 8zM3 13.4c.5-2.2 2.4-3.5 5-3.5s4.5 1.3 5 3.5",
            Glyph::Tiles => "M2.5 2.5h4.5v4.5H2.5zM9 2.5h4.5v4.5H9zM2.5 9h4.5v4.5H2.5zM9 9h4.5v4.5H9z",
            Glyph::List => "M6 4h7.5M6 8h7.5M6 12h7.5M2.5 4h.8M2.5 8h.8M2.5 12h.8",
            Glyph::Pulse => "M1.5 8.5h3l2-5 3 9 2-4h3",
            Glyph::Gauge => "M2.5 11.5a5.5 5.5 0 1 1 11 0M8 11l2.6-3.8",
            Glyph::Tree => "M3 2.5v10h3.5M3 6.5h3.5M6.5 5h7v3h-7zM6.5 11h7v3h-7z",
            Glyph::Grid => "M2.5 2.5h11v11h-11zM2.5 6.200h11M2.5 9.800h11M6.200 2.5v11M9.800 2.5v11",
            Glyph::Sum => "M2.5 13.5h11M4.5 13.500v-4M8 13.500v-10M11.500 13.500v-6.500",
            Glyph::Key => "M7.600 8.400a3 3 0 1 0-2.500 4.100 3 3 0 0 0 2.500-4.100zM7.600 8.400l5.400-5.400M11 5l2 2",
            Glyph::Stack => {
                "M8 6.5c3 0 5-.8 5-2s-2-2-5-2-5 .8-5 2 2 2 5 2zM3 4.5v7c0 1.2 2 2 5 2s5-.8 5-2v-7M3 8c0 1.2 2 2 5 2s5-.8 5-2"
            }
        }
    }
}

/// A drawing that only accompanies words; hidden from screen readers.
#[component]
pub(crate) fn Icon(
    /// What is drawn.
    glyph: Glyph,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d=glyph.path() />
        </svg>
    }
}
