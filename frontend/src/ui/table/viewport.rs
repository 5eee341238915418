//! The box in which a long list is scrolled: how large it is, and which rows are drawn in it.

use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

use super::window::{self, Window};
use crate::browser;
use crate::ui::live::{effect, memo};

/// The height, in pixels, of a box that fills most of a window as most have it.
const SEEN: f64 = 800.0;

/// The box, in pixels.
#[derive(Clone, Copy)]
pub(crate) struct Viewport {
    /// Its element.
    pub(crate) node: NodeRef<html::Div>,
    /// How far it is scrolled.
    pub(super) scrolled: RwSignal<f64>,
    width: RwSignal<f64>,
    /// Its height, the head's with it.
    pub(super) height: RwSignal<f64>,
    /// Of a row, which is the stylesheet's to say.
    pub(crate) row: RwSignal<f64>,
    /// How many rows are drawn beyond what can be seen.
    margin: RwSignal<usize>,
}

impl Viewport {
    /// One that keeps a width up to date.
    pub(crate) fn new(width: RwSignal<f64>) -> Viewport {
        let (node, row) = (NodeRef::new(), RwSignal::new(32.0));
        // Until it has been measured, nothing is drawn; where nobody will measure it, as much as may be seen.
        let unmeasured = if browser::ABSENT { SEEN } else { 0.0 };
        let (scrolled, height, margin) = (RwSignal::new(0.0), RwSignal::new(unmeasured), RwSignal::new(0));
        let viewport = Viewport { node, scrolled, width, height, row, margin };
        effect(move || viewport.measure());
        viewport
    }

    /// Which of so many rows are drawn.
    pub(crate) fn window(self, rows: impl Fn() -> usize + Send + Sync + 'static) -> Memo<Window> {
        let Viewport { scrolled, height, row, margin, .. } = self;
        let shown = memo(move || window::window(scrolled.get(), height.get(), row.get(), rows(), margin.get()));
        // What can be seen does not wait for what cannot: that is drawn after the first frame.
        effect(move || {
            if height.get() > 0.0 && shown.with(|shown| shown.count > 0) && margin.get_untracked() == 0 {
                request_animation_frame(move || {
                    // The page may have been left by then.
                    let widen = move || {
                        let _ = margin.try_set(window::MARGIN);
                    };
                    set_timeout(widen, Duration::ZERO);
                });
            }
        });
        shown
    }

    /// It has been scrolled.
    pub(crate) fn look(self) {
        if let Some(node) = self.node.get_untracked() {
            self.scrolled.set(f64::from(node.scroll_top()));
        }
    }

    /// Has a row seen whole below the head.
    pub(crate) fn reveal(self, at: usize) {
        let (Some(node), row) = (self.node.get_untracked(), self.row.get_untracked()) else { return };
        if let Some(top) = window::reveal(at, f64::from(node.scroll_top()), self.height.get_untracked() - row, row) {
            node.set_scroll_top(top as i32);
        }
    }

    /// Measures it, now and whenever it changes.
    fn measure(self) {
        let Some(node) = self.node.get() else { return };
        let Viewport { width, height, row, .. } = self;
        let measured = node.clone();
        let look = move || {
            width.set(f64::from(measured.client_width()));
            height.set(f64::from(measured.client_height()));
            let style = web_sys::window().and_then(|window| window.get_computed_style(&measured).ok().flatten());
            let text = style.and_then(|style| style.get_property_value("--row-height").ok()).unwrap_or_default();
            if let Ok(pixels) = text.trim().trim_end_matches("px").parse::<f64>() {
                row.set(pixels);
            }
        };
        look();
        let closure = Closure::<dyn Fn()>::new(look);
        let Ok(observer) = web_sys::ResizeObserver::new(closure.as_ref().unchecked_ref()) else { return };
        observer.observe(&node);
        let kept = StoredValue::new_local((observer, closure));
        on_cleanup(move || kept.with_value(|(observer, _)| observer.disconnect()));
    }
}
