#!/usr/bin/env python3
"""drive.py HOWDAH SAHARA STATE: every operation of the table through Howdah's connections `password` and `application`,
on a real Sahara, which is looked at itself for what became of them.

STATE is that of up.sh, and HOWDAH_PEERS_TOKEN is a token that may operate.
"""
import json
import os
import pathlib
import sys
import time
import urllib.error
import urllib.request

HOWDAH, SAHARA = (address.rstrip("/") for address in sys.argv[1:3])
TOLD = json.loads((pathlib.Path(sys.argv[3]) / "project.json").read_text())
ROOT = f"/v1.0/{TOLD['project']}"
NEWER = f"/v1.1/{TOLD['project']}"
IMAGE = TOLD["images"]["hadoop-fake"]
NETWORK = "11111111-1111-4111-8111-111111111111"
FAKE = {"plugin_name": "fake", "hadoop_version": "0.1"}


def call(method: str, url: str, body=None, headers=None):
    """The status, and the reply's JSON or else its text."""
    given = {"Accept": "application/json"} | (headers or {})
    data = body.encode() if isinstance(body, str) else None if body is None else json.dumps(body).encode()
    if data is not None:
        given["Content-Type"] = "text/plain" if isinstance(body, str) else "application/json"
    try:
        reply = urllib.request.urlopen(urllib.request.Request(url, data, given, method=method), timeout=150)
    except urllib.error.HTTPError as error:
        reply = error
    text = reply.read().decode()
    try:
        return reply.status, json.loads(text)
    except ValueError:
        return reply.status, text


def ours(method: str, path: str, body=None, connection="password"):
    headers = {"X-Auth-Token": os.environ["HOWDAH_PEERS_TOKEN"]}
    return call(method, f"{HOWDAH}/api/connections/{connection}{path}", body, headers)


def token() -> str:
    domain = {"domain": {"name": "Default"}}
    user = {"name": TOLD["user"], "password": TOLD["password"]} | domain
    auth = {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": {"project": {"id": TOLD["project"]}}}
    request = urllib.request.Request(f"{TOLD['auth_url']}/auth/tokens", json.dumps({"auth": auth}).encode(),
                                     {"Content-Type": "application/json"})
    return urllib.request.urlopen(request, timeout=60).headers["X-Subject-Token"]


HELD = {"X-Auth-Token": token()}


def theirs(path: str):
    status, reply = call("GET", SAHARA + path, headers=HELD)
    if status == 401:
        # It is good for a short time only, as Howdah's own is.
        HELD["X-Auth-Token"] = token()
        status, reply = call("GET", SAHARA + path, headers=HELD)
    return status, reply


def expect(what: str, found, *meant) -> None:
    if found not in meant:
        sys.exit(f"{what}: {found!r}, and not {' or '.join(map(repr, meant))}")


def done(what: str, status: int, method: str, path: str, body=None):
    found, reply = ours(method, path, body)
    if found != status:
        sys.exit(f"{what}: {found} {reply!r}, and not {status}")
    return reply


def same(path: str) -> None:
    """Says through Howdah what is said without; what changes by itself may have changed between the two."""
    for _ in range(20):
        mine, other = ours("GET", path), theirs(path)
        if mine == other:
            return
    sys.exit(f"{path}: {mine!r} here and {other!r} there")


def settled(cluster: str, *ends: str):
    for _ in range(1200):
        status, reply = ours("GET", f"{ROOT}/clusters/{cluster}?show_progress=true")
        word = "gone" if status == 404 else reply["cluster"]["status"] if status == 200 else None
        if word in ends:
            return reply.get("cluster")
        time.sleep(0.1)
    sys.exit(f"{cluster} came to none of {ends}")


def journal(query: str):
    headers = {"Authorization": f"Bearer {os.environ['HOWDAH_PEERS_TOKEN']}"}
    return call("GET", f"{HOWDAH}/api/requests?{query}", headers=headers)[1]["requests"]


def followed(operation: str, state: str = "succeeded") -> None:
    """Waits until Howdah has seen by itself how the newest change of this kind ended."""
    for _ in range(600):
        newest = next(one for one in journal("limit=100") if one["operation"] == operation)
        if newest["state"] in ("succeeded", "failed", "unresolved", "unknown"):
            return expect(f"the end of {operation}", newest["state"], state)
        time.sleep(0.2)
    sys.exit(f"{operation} was followed in vain: {newest}")


def surroundings() -> None:
    status, versions = ours("GET", "/")
    expect("the versions", (status, [one["links"][0]["href"] for one in versions["versions"]]), (300, ["v1.0/", "v1.1/", "v2/"]))
    for path in ["plugins", "plugins.json", "plugins/fake", "plugins/fake/0.1", "plugins/vanilla/2.7.5"]:
        same(f"{ROOT}/{path}")
    expect("with an application credential", ours("GET", f"{ROOT}/plugins", connection="application"), theirs(f"{ROOT}/plugins"))
    expect("another tenant", ours("GET", f"/v1.0/{TOLD['other_project']}/plugins")[0], 404)
    # The reference's path is gone from services of today, and no plugin of today converts.
    expect("a conversion", ours("POST", f"{ROOT}/plugins/fake/0.1/convert-config", "[general]\n")[0], 404)
    expect("a conversion under a name", ours("POST", f"{NEWER}/plugins/fake/0.1/convert-config/n", "[general]\n")[0], 400)


def beside() -> None:
    """What Glance, which is real, and the stand-ins of Nova and Neutron list."""
    status, stored = ours("GET", "/v2/images?limit=2")
    expect("a page of Glance's images", (status, len(stored["images"]), "next" in stored), (200, 2, True))
    _, rest = ours("GET", f"/v2/images?limit=2&marker={stored['images'][1]['id']}")
    found = {image["name"]: image["id"] for image in stored["images"] + rest["images"]}
    expect("Glance's images", found, TOLD["images"])
    expect("Nova's flavors", [one["id"] for one in ours("GET", "/v2.1/flavors/detail")[1]["flavors"]], ["1", "2", "42", "4"])
    expect("Nova's key pairs", ours("GET", "/v2.1/os-keypairs")[1]["keypairs"][0]["keypair"]["name"], "team")
    networks = ours("GET", "/v2.0/networks")[1]["networks"]
    expect("Neutron's networks", [(one["id"] == NETWORK, one["router:external"]) for one in networks], [(True, False), (False, True)])
    status, refused = ours("GET", "/v2/images", connection="application")
    expect("a service that nobody told of", (status, refused["code"]), (404, "service_not_configured"))


def images() -> None:
    path = f"{ROOT}/images"
    expect("an image that is not registered", ours("GET", f"{path}/{IMAGE}")[0], 400)
    done("registering", 202, "POST", f"{path}/{IMAGE}", {"username": "ubuntu", "description": "For tests"})
    done("tagging", 202, "POST", f"{path}/{IMAGE}/tag", {"tags": ["fake", "0.1", "spare"]})
    done("untagging", 202, "POST", f"{path}/{IMAGE}/untag", {"tags": ["spare"]})
    expect("its tags", sorted(theirs(f"{path}/{IMAGE}")[1]["image"]["tags"]), ["0.1", "fake"])
    for query in ["", "?tags=fake&tags=0.1", "?tags=fake&tags=other", "?name=hadoop"]:
        same(path + query)
    plain = TOLD["images"]["ubuntu-plain"]
    done("registering", 202, "POST", f"{path}/{plain}", {"username": "ubuntu"})
    done("unregistering", 204, "DELETE", f"{path}/{plain}")
    expect("those registered", len(theirs(path)[1]["images"]), 1)


def templates():
    groups, path = f"{ROOT}/node-group-templates", f"{ROOT}/cluster-templates"
    ids = {}
    for name, processes in {"master": ["namenode", "jobtracker"], "worker": ["datanode", "tasktracker"]}.items():
        body = FAKE | {"name": name, "flavor_id": "42", "node_processes": processes, "node_configs": {"general": {"Enable XFS": False}}}
        ids[name] = done("a template of a group", 202, "POST", groups, body)["node_group_template"]["id"]
    edited = done("an edit", 202, "PUT", f"{NEWER}/node-group-templates/{ids['worker']}", {"description": "Works"})
    expect("its description", edited["node_group_template"]["description"], "Works")
    same(groups)
    same(f"{groups}?limit=1&sort_by=-name")
    same(f"{groups}/{ids['worker']}")
    same(f"{NEWER}/node-group-templates/{ids['worker']}/export")
    body = FAKE | {"name": "usual", "neutron_management_network": NETWORK, "node_groups": [
        {"name": name, "count": count, "node_group_template_id": ids[name]} for name, count in {"master": 1, "worker": 2}.items()]}
    template = done("a template", 202, "POST", path, body)["cluster_template"]["id"]
    done("an edit", 202, "PUT", f"{NEWER}/cluster-templates/{template}", {"description": "One and two"})
    same(path)
    same(f"{path}/{template}")
    same(f"{NEWER}/cluster-templates/{template}/export")
    expect("a name that is taken", ours("POST", path, body)[1]["error_name"], "NAME_ALREADY_EXISTS")
    expect("one in use", ours("DELETE", f"{groups}/{ids['worker']}")[0], 400)
    return ids, template


def clusters(groups, template: str) -> None:
    path = f"{ROOT}/clusters"
    body = FAKE | {"name": "night", "cluster_template_id": template, "default_image_id": IMAGE, "user_keypair_id": "team"}
    made = done("a cluster", 202, "POST", path, body)["cluster"]["id"]
    settled(made, "Active")
    followed("StartCluster")
    same(path)
    same(f"{path}?status=Active&limit=1")
    done("a look at its health", 202, "PATCH", f"{NEWER}/clusters/{made}", {"verification": {"status": "START"}})
    grow = {"resize_node_groups": [{"name": "worker", "count": 3}],
            "add_node_groups": [{"name": "more", "count": 1, "node_group_template_id": groups["worker"]}]}
    done("more nodes", 202, "PUT", f"{path}/{made}", grow)
    counts = {group["name"]: group["count"] for group in settled(made, "Active")["node_groups"]}
    expect("its groups", counts, {"master": 1, "worker": 3, "more": 1})
    followed("ScaleCluster")
    done("fewer nodes", 202, "PUT", f"{path}/{made}", {"resize_node_groups": [{"name": "worker", "count": 1}]})
    expect("one in use", ours("DELETE", f"{ROOT}/cluster-templates/{template}")[0], 400)
    settled(made, "Active")
    done("its end", 204, "DELETE", f"{path}/{made}")
    settled(made, "gone")
    followed("TerminateCluster")
    failing = done("a cluster that fails", 202, "POST", path, body | {"name": "stackfail"})["cluster"]["id"]
    expect("why it failed", "No valid host" in settled(failing, "Error")["status_description"], True)
    followed("StartCluster", "failed")
    done("its end", 204, "DELETE", f"{path}/{failing}")
    settled(failing, "gone")
    expect("what is sent to nobody", ours("POST", path, body | {"name": "bad name"})[1]["code"], "bad_body")
    told = json.dumps(journal("limit=100"))
    expect("a secret in Activity", TOLD["password"] in told or HELD["X-Auth-Token"] in told, False)


def cleared(groups, template: str) -> None:
    done("the template's end", 204, "DELETE", f"{ROOT}/cluster-templates/{template}")
    for group in groups.values():
        done("the end of a group's template", 204, "DELETE", f"{ROOT}/node-group-templates/{group}")
    for path in ["clusters", "cluster-templates", "node-group-templates"]:
        expect(f"the {path} that are left", list(theirs(f"{ROOT}/{path}")[1].values())[0], [])


surroundings()
beside()
images()
made = templates()
clusters(*made)
cleared(*made)
print("every operation was carried out")
