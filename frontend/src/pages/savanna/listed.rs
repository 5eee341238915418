//! What the services beside Savanna list that clusters are made of, where the connection says where they are.

use howdah_shared::operation::{Nothing, Operation};
use howdah_shared::systems::savanna::{
    Flavor, ListFlavors, ListKeyPairs, ListNetworks, ListStoredImages, Network, PageQuery,
};
use leptos::prelude::*;

use crate::api::{At, call};
use crate::components::fleet::use_connection;
use crate::ui::format;
use crate::ui::live::effect;

/// What is sent, and what people call it; where that is not known it is empty.
pub(super) type Choice = (String, String);

/// As many as any of the services tells at once.
const PAGE: PageQuery = PageQuery { limit: Some(1000), marker: None };

/// What there is to choose from.
#[derive(Clone, Copy)]
pub(super) struct Listed {
    /// The flavors.
    pub(super) flavors: RwSignal<Vec<Choice>>,
    /// The key pairs.
    pub(super) key_pairs: RwSignal<Vec<Choice>>,
    /// The networks that machines can be in.
    pub(super) networks: RwSignal<Vec<Choice>>,
    /// The networks of addresses that are reached from outside.
    pub(super) pools: RwSignal<Vec<Choice>>,
}

/// Asks the services that the connection has; what cannot be had is typed.
pub(super) fn listed(connection: &str) -> Listed {
    let [flavors, key_pairs, networks, pools] = [(); 4].map(|()| RwSignal::new(Vec::new()));
    of_service(connection, "compute", move |connection| async move {
        if let Some(reply) = told(&connection, &ListFlavors {}).await {
            flavors.try_set(reply.flavors.into_iter().filter_map(flavor).collect());
        }
        if let Some(reply) = told(&connection, &ListKeyPairs {}).await {
            let names = reply.keypairs.into_iter().filter_map(|wrapped| wrapped.keypair.name);
            key_pairs.try_set(names.map(|name| (name, String::new())).collect());
        }
    });
    of_service(connection, "network", move |connection| async move {
        if let Some(reply) = told(&connection, &ListNetworks {}).await {
            let (outside, inside) = reply.networks.into_iter().partition(|one| one.external == Some(true));
            let named = |list: Vec<Network>| list.into_iter().filter_map(network).collect();
            networks.try_set(named(inside));
            pools.try_set(named(outside));
        }
    });
    Listed { flavors, key_pairs, networks, pools }
}

/// The images that Glance has, registered or not; asked for when `when` comes true.
pub(super) fn stored_images(connection: &str, when: RwSignal<bool>) -> RwSignal<Vec<Choice>> {
    let images = RwSignal::new(Vec::new());
    let connection = connection.to_owned();
    effect(move || {
        if when.get() {
            of_service(&connection, "image", move |connection| async move {
                if let Some(reply) = told(&connection, &ListStoredImages {}).await {
                    let named =
                        reply.images.into_iter().filter_map(|image| Some((image.id?, image.name.unwrap_or_default())));
                    images.try_set(named.collect());
                }
            });
        }
    });
    images
}

/// Does something once it is known that the connection has a service.
fn of_service<F: Future<Output = ()> + 'static>(
    connection: &str,
    kind: &'static str,
    ask: impl Fn(String) -> F + Send + Sync + 'static,
) {
    let one = use_connection(connection);
    let done = StoredValue::new(false);
    effect(move || {
        let found = one.with(|one| {
            one.as_ref().filter(|one| one.services.iter().any(|own| own == kind)).map(|one| one.name.clone())
        });
        if let Some(name) = found.filter(|_| !done.get_value()) {
            done.set_value(true);
            leptos::task::spawn_local(ask(name));
        }
    });
}

async fn told<O: Operation<Query = PageQuery, Body = Nothing>>(connection: &str, list: &O) -> Option<O::Reply> {
    call(At::Connection(connection), list, &PAGE, &Nothing {}).await.ok()
}

fn flavor(flavor: Flavor) -> Option<Choice> {
    let size = [flavor.vcpus.map(|cores| format!("{cores} vCPU")), flavor.ram.map(format::mebibytes)];
    let parts: Vec<String> = flavor.name.into_iter().chain(size.into_iter().flatten()).collect();
    Some((flavor.id?, parts.join(", ")))
}

fn network(network: Network) -> Option<Choice> {
    Some((network.id?, network.name.unwrap_or_default()))
}

/// What is listed, and then what else is known to be used.
pub(super) fn choices(listed: &[Choice], used: &[String]) -> Vec<Choice> {
    let others = used.iter().filter(|used| listed.iter().all(|(id, _)| id != *used));
    listed.iter().cloned().chain(others.map(|used| (used.clone(), String::new()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_listed_comes_first_and_nothing_twice() {
        let listed = [("1".to_owned(), "m1.tiny".to_owned())];
        let used = ["42", "1"].map(str::to_owned);
        let meant = [("1", "m1.tiny"), ("42", "")].map(|(id, name)| (id.to_owned(), name.to_owned()));
        assert_eq!(choices(&listed, &used), meant);
    }

    #[test]
    fn a_flavor_says_how_large_it_is() {
        let told = |text: &str| flavor(serde_json::from_str(text).unwrap());
        let medium = told(r#"{"id":42,"name":"m1.medium","vcpus":"2","ram":4096}"#).unwrap();
        assert_eq!(medium, ("42".to_owned(), format!("m1.medium, 2 vCPU, {}", format::mebibytes(4096))));
        assert_eq!(told(r#"{"id":"1"}"#), Some(("1".to_owned(), String::new())));
        assert_eq!(told(r#"{"name":"x"}"#), None);
    }
}
