//! What changes by itself, without a type of its own for each use.
//!
//! Every closure in a view that is handed to the framework as it is brings its own copy of the machinery that watches
//! it: one to seven kilobytes in the browser. Boxed, they all share one.

use leptos::prelude::*;

/// A text that is made again whenever what it reads changes.
pub(crate) fn string(make: impl Fn() -> String + Send + Sync + 'static) -> Signal<String> {
    let make: Box<dyn Fn() -> String + Send + Sync> = Box::new(make);
    Signal::derive(make)
}

/// A part of a view that is drawn again whenever what it reads changes.
pub(crate) fn live(draw: impl Fn() -> AnyView + Send + Sync + 'static) -> AnyView {
    let draw: Box<dyn Fn() -> AnyView + Send + Sync> = Box::new(draw);
    draw.into_any()
}

/// A part of a view that is there only while a condition holds.
pub(crate) fn when(
    holds: impl Fn() -> bool + Send + Sync + 'static,
    draw: impl Fn() -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let holds = memo(holds);
    live(move || if holds.get() { draw() } else { ().into_any() })
}

/// A value that is worked out again whenever what it reads changes, and wakes its readers only when it differs.
pub(crate) fn memo<T: PartialEq + Send + Sync + 'static>(make: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
    let make: Box<dyn Fn() -> T + Send + Sync> = Box::new(make);
    Memo::new(move |_| make())
}

/// Something that is done now and again whenever what it reads changes.
pub(crate) fn effect(act: impl FnMut() + 'static) {
    let act: Box<dyn FnMut()> = Box::new(act);
    Effect::new(act);
}
