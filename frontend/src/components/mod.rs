//! What knows the application: the frame, its state, and how problems and requests are shown.

pub(crate) mod adopt;
pub(crate) mod attempt;
pub(crate) mod batch;
pub(crate) mod configured;
pub(crate) mod fleet;
pub(crate) mod frame;
pub(crate) mod freshness;
pub(crate) mod listing;
pub(crate) mod page;
pub(crate) mod place;
pub(crate) mod preferences;
pub(crate) mod problem;
pub(crate) mod question;
pub(crate) mod raw;
pub(crate) mod reply;
pub(crate) mod request_body;
pub(crate) mod request_list;
pub(crate) mod request_pages;
pub(crate) mod request_state;
pub(crate) mod settled;
pub(crate) mod telling;
pub(crate) mod url_state;
