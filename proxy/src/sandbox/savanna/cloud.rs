//! The services beside it, each at an address of its own: Nova with its flavors and key pairs, Neutron with its networks,
//! and Glance with the images of the world that is spoken of, registered or not.

use std::sync::Arc;

use http::{StatusCode, header};
use serde_json::{Value, json};

use super::catalogue::{CORES, FLAVORS, KEY_PAIRS, networks};
use super::errors::Refused;
use super::lists::parameters;
use super::world::World;
use super::{Does, Simulator};
use crate::sandbox::made_up;
use crate::sandbox::routes::{Found, lock};
use crate::sandbox::server::{Answer, Asked, Service, Step};
use crate::sandbox::times::time;

/// How many images Glance tells at once where nobody says how many.
const IMAGES_AT_ONCE: usize = 25;
/// How many anything is told at once at the most.
const AT_ONCE: usize = 1000;

/// One of the services.
pub(super) struct Cloud {
    /// Which one.
    pub(super) kind: &'static str,
    /// Who knows what there is.
    pub(super) simulator: Arc<Simulator>,
}

impl Service for Cloud {
    async fn answer(&self, asked: Asked) -> Answer {
        let simulator = &self.simulator;
        let dialect = lock(&simulator.behaviour).dialect;
        if !simulator.tokens.lets_in(&asked.headers, simulator.clock.now_ms()) {
            return Refused::NoToken.answer(dialect);
        }
        let Found::Row((operation, does), _) = simulator.routes.find(asked.method.as_str(), asked.uri.path()) else {
            return nothing();
        };
        if does.kind() != Some(self.kind) {
            return nothing();
        }
        if lock(&simulator.behaviour).fail(operation).is_some() {
            return Answer::Raw(vec![Step::Reset]);
        }
        let worlds = lock(&simulator.worlds);
        let query = asked.uri.query().unwrap_or_default();
        let host = asked.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let found = worlds.iter().find(|world| world.dialect == dialect);
        found.map_or_else(nothing, |world| told(*does, world, query, host))
    }
}

fn nothing() -> Answer {
    let sentence = "The resource could not be found.";
    Answer::json(StatusCode::NOT_FOUND, &json!({"itemNotFound": {"code": 404, "message": sentence}}))
}

impl Does {
    /// Which of the services does it.
    fn kind(self) -> Option<&'static str> {
        Some(match self {
            Does::ListFlavors | Does::ListKeyPairs => "compute",
            Does::ListNetworks => "network",
            Does::ListStoredImages => "image",
            _ => return None,
        })
    }
}

fn told(does: Does, world: &World, query: &str, host: &str) -> Answer {
    let (list, path, items, usual) = match does {
        Does::ListFlavors => ("flavors", "/v2.1/flavors/detail", FLAVORS.iter().map(flavor).collect(), AT_ONCE),
        Does::ListKeyPairs => ("keypairs", "/v2.1/os-keypairs", KEY_PAIRS.iter().map(key_pair).collect(), AT_ONCE),
        Does::ListNetworks => ("networks", "/v2.0/networks", told_networks(&world.tenant), AT_ONCE),
        _ => ("images", "/v2/images", images(world), IMAGES_AT_ONCE),
    };
    let Some((page, next)) = page(items, query, usual) else {
        let bad = json!({"code": 400, "message": "The page that is asked for is none."});
        return Answer::json(StatusCode::BAD_REQUEST, &json!({"badRequest": bad}));
    };
    let mut reply = json!({list: page});
    let next = next.map(|(limit, marker)| format!("{path}?limit={limit}&marker={marker}"));
    match (does, next) {
        (Does::ListStoredImages, next) => {
            (reply["first"], reply["schema"]) = (path.into(), "/v2/schemas/images".into());
            if let Some(next) = next {
                reply["next"] = next.into();
            }
        }
        (_, Some(next)) => {
            reply[format!("{list}_links")] = json!([{"rel": "next", "href": format!("http://{host}{next}")}]);
        }
        (_, None) => {}
    }
    Answer::json(StatusCode::OK, &reply)
}

/// The limit and the marker of the next page, where there is one.
type Next = Option<(usize, String)>;

/// The items of the page that a query asks for, and what the next one is asked for by; `None` where it makes no sense.
fn page(mut items: Vec<Value>, query: &str, usual: usize) -> Option<(Vec<Value>, Next)> {
    let id = |item: &Value| item["id"].as_str().or(item["keypair"]["name"].as_str()).map(str::to_owned);
    let (mut limit, mut begin) = (usual, 0);
    for (name, value) in parameters(query) {
        match name.as_str() {
            "limit" => limit = value.parse::<usize>().ok().filter(|limit| *limit > 0)?.min(AT_ONCE),
            "marker" => begin = items.iter().position(|item| id(item).as_ref() == Some(&value))? + 1,
            _ => {}
        }
    }
    let mut page = items.split_off(begin);
    let more = page.len() > limit;
    page.truncate(limit);
    let next = page.last().filter(|_| more).and_then(id).map(|marker| (limit, marker));
    Some((page, next))
}

fn flavor((id, name, memory): &(&str, &str, i64)) -> Value {
    json!({
        "id": id, "name": name, "ram": memory, "vcpus": (memory / CORES).max(1), "disk": memory / 100, "swap": "",
        "OS-FLV-EXT-DATA:ephemeral": 0, "OS-FLV-DISABLED:disabled": false, "os-flavor-access:is_public": true,
        "rxtx_factor": 1.0, "description": null, "links": [],
    })
}

fn key_pair(name: &&str) -> Value {
    let fingerprint = "7e:eb:ab:24:ba:d1:e1:88:ae:9a:fb:66:53:df:d3:bd";
    json!({"keypair": {"name": name, "public_key": "ssh-rsa AAAA", "fingerprint": fingerprint, "type": "ssh"}})
}

fn told_networks(tenant: &str) -> Vec<Value> {
    let network = |(id, name): (String, &str)| {
        let external = name == "public";
        json!({
            "id": id, "name": name, "status": "ACTIVE", "admin_state_up": true, "shared": external, "subnets": [],
            "router:external": external, "tenant_id": tenant, "project_id": tenant, "mtu": 1450,
        })
    };
    networks().into_iter().zip(["private", "public"]).map(network).collect()
}

fn images(world: &World) -> Vec<Value> {
    let image = |image: &super::world::Image| {
        let mut told = json!({
            "id": image.id, "name": image.name, "status": "active", "visibility": "public", "protected": false,
            "size": 1_073_741_824_i64, "disk_format": "qcow2", "container_format": "bare", "min_disk": 0, "min_ram": 0,
            "tags": [], "owner": made_up::uuid_of("admin").replace('-', ""),
            "created_at": format!("{}Z", time(image.updated)), "updated_at": format!("{}Z", time(image.updated)),
            "self": format!("/v2/images/{}", image.id), "schema": "/v2/schemas/image",
        });
        // What is registered is written down at the image itself.
        if let Some(user) = &image.username {
            told["_sahara_username"] = user.as_str().into();
        }
        for tag in &image.tags {
            told[format!("_sahara_tag_{tag}")] = "True".into();
        }
        told
    };
    world.images.iter().map(image).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_comes_in_pages() {
        let items = || FLAVORS.iter().map(flavor).collect::<Vec<_>>();
        let ids = |page: &[Value]| page.iter().filter_map(|item| item["id"].as_str()).collect::<Vec<_>>().join(" ");
        let (first, next) = page(items(), "limit=3", AT_ONCE).unwrap();
        assert_eq!((ids(&first).as_str(), next), ("1 2 42", Some((3, "42".to_owned()))));
        let (last, next) = page(items(), "limit=3&marker=42", AT_ONCE).unwrap();
        assert_eq!((ids(&last).as_str(), next), ("4", None));
        assert!(page(items(), "limit=0", AT_ONCE).is_none());
        assert!(page(items(), "marker=nobody", AT_ONCE).is_none());
    }
}
