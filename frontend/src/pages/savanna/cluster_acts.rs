//! What can be done with one cluster: terminate it, or have the service look how well it is.

use howdah_shared::operation::Nothing;
use howdah_shared::problem::Problem;
use howdah_shared::systems::savanna::{ClusterEdit, EditCluster, TenantId, TerminateCluster, VerificationRequest};
use leptos::prelude::*;

use crate::api::{At, bad_path, change};
use crate::components::question::{Pending, Question, off_role};
use crate::i18n::*;
use crate::ui::field::Field;
use crate::ui::live::string;

/// Terminates it; the journal's id of that.
///
/// # Errors
/// As of [`change`].
pub(super) async fn terminate(
    connection: &str,
    tenant_id: TenantId,
    cluster: &str,
    key: &str,
) -> Result<Option<String>, Problem> {
    let operation = TerminateCluster { tenant_id, cluster_id: cluster.parse().map_err(bad_path)? };
    let changed = change(At::Connection(connection), &operation, &Nothing {}, &Nothing {}, Some(key)).await?;
    Ok(changed.request_id)
}

/// Has the service look how well it is; the journal's id of that.
///
/// # Errors
/// As of [`change`].
pub(super) async fn check(
    connection: &str,
    tenant_id: TenantId,
    cluster: &str,
    key: &str,
) -> Result<Option<String>, Problem> {
    let operation = EditCluster { tenant_id, cluster_id: cluster.parse().map_err(bad_path)? };
    let asked = VerificationRequest { status: "START".to_owned() };
    let body = ClusterEdit { verification: Some(asked), ..ClusterEdit::default() };
    let changed = change(At::Connection(connection), &operation, &Nothing {}, &body, Some(key)).await?;
    Ok(changed.request_id)
}

/// Which cluster, and where.
#[derive(Clone, PartialEq)]
pub(super) struct Target {
    /// The connection's name.
    pub(super) connection: String,
    /// The tenant that it works for.
    pub(super) tenant: TenantId,
    /// Its id.
    pub(super) id: String,
}

/// The question whether to terminate it; its name is to be typed.
#[component]
pub(super) fn Terminate(
    /// Whether it is asked.
    open: RwSignal<bool>,
    /// Which.
    target: Target,
    /// What people call it.
    name: Signal<String>,
    /// Looks at what becomes of it.
    look: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let typed = RwSignal::new(String::new());
    let ask = string(move || t_string!(i18n, savanna.type_it, it = name.get()).to_string());
    let role = off_role(&target.connection, words!(savanna.terminate_off_role));
    let off = Signal::derive(move || {
        let same = typed.with(|typed| name.with(|name| typed.trim() == name.trim()));
        role.get().or_else(|| (!same).then(|| ask.get()))
    });
    let run = Callback::new(move |key: String| -> Pending {
        let Target { connection, tenant, id } = target.clone();
        Box::pin(async move {
            let answer = terminate(&connection, tenant, &id, &key).await;
            look.run(());
            answer
        })
    });
    view! {
        <Question
            open=open
            title=string(move || t_string!(i18n, savanna.terminate_title, name = name.get()).to_string())
            act=words!(savanna.terminate_act)
            off=off
            run=run
            done=words!(savanna.terminate_done)
        >
            <p>{words!(savanna.terminate_text)}</p>
            <Field id="terminate-typed" label=ask value=typed />
        </Question>
    }
}
