#!/usr/bin/env python3
"""record.py SAHARA STATE FOLDER: asks a Sahara one of everything and writes each exchange as JSON.

Start it with up.sh, whose STATE this is. What belongs to the run is replaced: its address by that of the usual port.
"""
import json
import pathlib
import sys
import time
import urllib.error
import urllib.request

ADDRESS, STATE, FOLDER = sys.argv[1].rstrip("/"), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
TOLD = json.loads((STATE / "project.json").read_text())
ROOT = f"/v1.0/{TOLD['project']}"
IMAGE, PLAIN, VANILLA = (TOLD["images"][name] for name in ("hadoop-fake", "ubuntu-plain", "hadoop-vanilla"))
NETWORK, PUBLIC = (f"{digit * 8}-{digit * 4}-4{digit * 3}-8{digit * 3}-{digit * 12}" for digit in "12")
FAKE = {"plugin_name": "fake", "hadoop_version": "0.1"}
NOBODY = "99999999-9999-4999-8999-999999999999"


def token(user: str, project: str) -> str:
    domain = {"domain": {"name": "Default"}}
    auth = {"identity": {"methods": ["password"], "password": {"user": {"name": user, "password": f"{user}-password"} | domain}},
            "scope": {"project": {"id": project}}}
    request = urllib.request.Request(f"{TOLD['auth_url']}/auth/tokens", json.dumps({"auth": auth}).encode(),
                                     {"Content-Type": "application/json"})
    return urllib.request.urlopen(request, timeout=30).headers["X-Subject-Token"]


OURS, THEIRS = token("minji", TOLD["project"]), token("stranger", TOLD["other_project"])


def ask(method: str, path: str, body=None, who=OURS, content_type="application/json", **more):
    text = body if isinstance(body, str) or body is None else json.dumps(body)
    headers = {"Accept": "application/json"} | ({"X-Auth-Token": who} if who else {}) | more
    if text is not None:
        headers["Content-Type"] = content_type
    request = urllib.request.Request(ADDRESS + path, None if text is None else text.encode(), headers, method=method)
    try:
        reply = urllib.request.urlopen(request, timeout=60)
    except urllib.error.HTTPError as error:
        reply = error
    return reply.status, reply.headers, reply.read().decode(), text


def record(name: str, method: str, path: str, body=None, below=ROOT, **other):
    status, headers, reply, text = ask(method, below + path, body, **other)
    exchange = {"method": method, "request": below + path, "sent": text, "status": status,
                "content_type": headers.get("Content-Type", ""), "body": reply.replace(ADDRESS, "http://localhost:8386")}
    exchange = {member: value for member, value in exchange.items() if value is not None}
    (FOLDER / f"{name}.json").write_text(json.dumps(exchange, ensure_ascii=False, indent=1) + "\n")
    print(status, len(reply), name)
    try:
        return json.loads(reply)
    except ValueError:
        return None


def get(name: str, path: str, **other):
    return record(name, "GET", path, **other)


def follow(cluster: str, prefix: str, ends: set[str]) -> None:
    """Records the first sight of each status on the way to one of `ends`; 404 is the end that is not there."""
    seen = set()
    for _ in range(1200):
        status, _, reply, _ = ask("GET", f"{ROOT}/clusters/{cluster}?show_progress=true")
        if status >= 500:
            continue  # SQLite was being written to
        word = "gone" if status == 404 else json.loads(reply)["cluster"]["status"]
        if word not in seen:
            seen.add(word)
            get(f"{prefix}-{word.lower().replace(': ', '-').replace(' ', '-')}", f"/clusters/{cluster}?show_progress=true")
        if word in ends:
            return
        time.sleep(0.05)
    sys.exit(f"{cluster} came to none of {ends}, but through {seen}")


def surroundings() -> None:
    get("versions", "/", below="", who=None)
    get("no-token", "/plugins", who=None)
    get("bad-token", "/plugins", who="a-token-that-is-none")
    get("wrong-tenant", f"/v1.0/{TOLD['other_project']}/plugins", below="")
    get("tenant-of-no-uuid", "/v1.0/775181/plugins", below="")
    get("unknown-path", "/zork")
    get("unknown-version", f"/v1.2/{TOLD['project']}/plugins", below="")
    get("trailing-slash", "/plugins/")
    record("wrong-method", "PUT", "/plugins", {})
    get("plugins", "/plugins")
    get("plugins-json", "/plugins.json")
    get("plugin", "/plugins/fake")
    get("plugin-version", "/plugins/fake/0.1")
    get("plugin-missing", "/plugins/zork")
    get("plugin-version-missing", "/plugins/fake/9.9")
    record("convert-config", "POST", "/plugins/fake/0.1/convert-config", "[general]\n", content_type="text/plain")
    record("convert-config-name", "POST", "/plugins/fake/0.1/convert-config/converted", "[general]\n", content_type="text/plain")


def images() -> None:
    get("images-none", "/images")
    get("image-unregistered", f"/images/{IMAGE}")
    get("image-missing", f"/images/{NOBODY}")
    record("image-register", "POST", f"/images/{IMAGE}", {"username": "ubuntu", "description": "For tests"})
    record("image-register-no-user", "POST", f"/images/{PLAIN}", {"description": "x"})
    record("image-register-unknown-key", "POST", f"/images/{PLAIN}", {"username": "u", "wish": 1})
    record("image-tag", "POST", f"/images/{IMAGE}/tag", {"tags": ["fake", "0.1", "spare"]})
    record("image-tag-bad", "POST", f"/images/{IMAGE}/tag", {"tags": ["bad tag"]})
    record("image-untag", "POST", f"/images/{IMAGE}/untag", {"tags": ["spare"]})
    record("image-untag-absent", "POST", f"/images/{IMAGE}/untag", {"tags": ["never-there"]})
    record("image-register-plain", "POST", f"/images/{PLAIN}", {"username": "ubuntu"})
    get("image", f"/images/{IMAGE}")
    get("images", "/images")
    get("images-by-tags", "/images?tags=fake&tags=0.1")
    get("images-by-name", "/images?name=hadoop")
    get("images-json", "/images.json")
    record("image-unregister", "DELETE", f"/images/{PLAIN}")
    record("image-unregister-again", "DELETE", f"/images/{PLAIN}")


def node_group(name: str, *processes: str, **more):
    return FAKE | {"name": name, "flavor_id": "42", "node_processes": list(processes)} | more


def node_group_templates():
    path = "/node-group-templates"
    get("ngts-none", path)
    master = record("ngt-create", "POST", path, node_group("master", "namenode", "jobtracker"))
    worker = record("ngt-create-all", "POST", path, node_group(
        "worker", "datanode", "tasktracker", description="Works", node_configs={"general": {"Enable XFS": False}}, volumes_per_node=0,
        image_id=IMAGE, is_public=False, is_protected=False, use_autoconfig=True, auto_security_group=True))
    master, worker = (reply["node_group_template"]["id"] for reply in (master, worker))
    spare = record("ngt-create-spare", "POST", path, node_group("spare", "datanode"))["node_group_template"]["id"]
    get("ngts", path)
    get("ngt", f"{path}/{worker}")
    for name, query in {"limit": "limit=2&sort_by=name", "limit-last": f"limit=2&sort_by=name&marker={spare}",
                        "limit-0": "limit=0", "limit-text": "limit=abc", "marker-missing": f"marker={NOBODY}",
                        "filtered": "plugin_name=fake&name=master", "sorted": "sort_by=-name",
                        "unknown-filter": "zork=1"}.items():
        get(f"ngts-{name}", f"{path}?{query}")
    record("ngt-update", "PUT", f"{path}/{spare}", {"description": "Edited", "flavor_id": "2"})
    record("ngt-update-unknown-key", "PUT", f"{path}/{spare}", {"wish": 1})
    get("ngt-export", f"{path}/{worker}/export")
    get("ngt-missing", f"{path}/{NOBODY}")
    record("ngt-delete-missing", "DELETE", f"{path}/{NOBODY}")
    for name, body in {
        "name-taken": node_group("master", "namenode"), "bad-name": node_group("bad_name", "namenode"),
        "long-name": node_group("n" * 51, "namenode"), "no-processes": node_group("n"),
        "twice-a-process": node_group("n", "namenode", "namenode"), "bad-process": node_group("n", "zork"),
        "no-plugin": node_group("n", "namenode") | {"plugin_name": "zork"},
        "no-version": node_group("n", "namenode") | {"hadoop_version": "9"},
        "bad-flavor": node_group("n", "namenode", flavor_id="77"),
        "bad-target": node_group("n", "namenode", node_configs={"Zork": {"a": 1}}),
        "bad-config": node_group("n", "namenode", node_configs={"general": {"zork": 1}}),
        "bad-config-value": node_group("n", "namenode", node_configs={"general": {"Enable XFS": 1.5}}),
        "volumes-without-cinder": node_group("n", "namenode", volumes_per_node=1),
        "negative-volumes": node_group("n", "namenode", volumes_per_node=-1),
        "bad-mount": node_group("n", "namenode", volume_mount_prefix="zork"),
        "image-not-registered": node_group("n", "namenode", image_id=PLAIN),
        "floating-by-name": node_group("n", "namenode", floating_ip_pool="public"),
        "plugin-version": {"name": "n", "flavor_id": "42", "plugin_name": "fake", "plugin_version": "0.1",
                           "node_processes": ["namenode"]},
        "unknown-key": node_group("n", "namenode", wish=1), "several": {"name": "bad_name"}, "empty": {}, "list": [],
    }.items():
        record(f"ngt-refused-{name}", "POST", path, body)
    record("ngt-refused-garbage", "POST", path, '{"name":')
    record("ngt-refused-text", "POST", path, "x", content_type="text/plain")
    record("ngt-delete", "DELETE", f"{path}/{spare}")
    get("ngt-other-project", f"/v1.0/{TOLD['other_project']}{path}/{worker}", below="", who=THEIRS)
    return master, worker


def of(template: str, name: str, count: int):
    return {"name": name, "count": count, "node_group_template_id": template}


def cluster_templates(master: str, worker: str) -> str:
    path = "/cluster-templates"
    get("cts-none", path)
    whole = FAKE | {"name": "usual", "description": "One and two", "neutron_management_network": NETWORK,
                    "cluster_configs": {"general": {"Enable NTP service": True}}, "anti_affinity": ["datanode"],
                    "node_groups": [of(master, "master", 1), of(worker, "worker", 2)]}
    made = record("ct-create", "POST", path, whole)["cluster_template"]["id"]
    inline = [{"name": "master", "count": 1, "flavor_id": "42", "node_processes": ["namenode"]}]
    spare = record("ct-create-inline", "POST", path, FAKE | {"name": "spare", "node_groups": inline})["cluster_template"]["id"]
    get("cts", path)
    get("cts-limit", f"{path}?limit=1&sort_by=name")
    get("ct", f"{path}/{made}")
    record("ct-update", "PUT", f"{path}/{spare}", {"description": "Edited"})
    get("ct-export", f"{path}/{made}/export")
    get("ct-missing", f"{path}/{NOBODY}")
    for name, body in {
        "name-taken": whole, "group-of-nothing": whole | {"name": "n", "node_groups": [{"name": "worker"}]},
        "group-of-missing": whole | {"name": "n", "node_groups": [of(NOBODY, "worker", 1)]},
        "group-twice": whole | {"name": "n", "node_groups": [of(master, "a", 1), of(worker, "a", 1)]},
        "bad-target": whole | {"name": "n", "cluster_configs": {"Zork": {"a": 1}}},
        "bad-anti-affinity": whole | {"name": "n", "anti_affinity": ["zork"]},
        "bad-network": whole | {"name": "n", "neutron_management_network": NOBODY},
        "no-plugin": {"name": "n"},
    }.items():
        record(f"ct-refused-{name}", "POST", path, body)
    record("ngt-in-use", "DELETE", f"/node-group-templates/{worker}")
    record("ct-delete", "DELETE", f"{path}/{spare}")
    record("ct-delete-missing", "DELETE", f"{path}/{NOBODY}")
    return made


def clusters(template: str, master: str, worker: str) -> None:
    path = "/clusters"
    get("clusters-none", path)
    start = FAKE | {"name": "night", "cluster_template_id": template, "default_image_id": IMAGE, "user_keypair_id": "team",
                    "cluster_configs": {}}
    inline = FAKE | {
        "name": "inline", "default_image_id": IMAGE, "neutron_management_network": NETWORK, "anti_affinity": [],
        "node_groups": [{"name": "master", "count": 1, "flavor_id": "42", "node_processes": ["namenode", "jobtracker"]},
                        {"name": "worker", "count": 1, "flavor_id": "42", "node_processes": ["datanode", "tasktracker"]}]}
    without = {name: value for name, value in inline.items() if name not in ("default_image_id", "neutron_management_network")}
    for name, body in {
        "no-image": without | {"neutron_management_network": NETWORK}, "no-network": without | {"default_image_id": IMAGE},
        "image-not-registered": start | {"default_image_id": PLAIN}, "template-missing": start | {"cluster_template_id": NOBODY},
        "bad-key-pair": start | {"user_keypair_id": "zork"}, "bad-name": start | {"name": "1st"},
        "long-host": start | {"name": "n" * 50}, "empty": {}, "unknown-key": start | {"wish": 1},
        "quota": inline | {"name": "too-large", "node_groups": [inline["node_groups"][0], inline["node_groups"][1] | {"count": 300}]},
    }.items():
        record(f"cluster-refused-{name}", "POST", path, body)
    # One that is refused when it is there already stays there, as an error.
    left = get("clusters-after-quota", path)["clusters"]
    for cluster in left:
        record("cluster-terminate-refused", "DELETE", f"{path}/{cluster['id']}")
    made = record("cluster-create", "POST", path, start)["cluster"]["id"]
    record("cluster-refused-name-taken", "POST", path, start)
    record("scale-not-active", "PUT", f"{path}/{made}", {"resize_node_groups": [{"name": "worker", "count": 3}]})
    follow(made, "cluster", {"Active"})
    other = record("cluster-create-inline", "POST", path, inline)["cluster"]["id"]
    record("ct-in-use", "DELETE", f"/cluster-templates/{template}")
    follow(other, "inline", {"Active"})
    for _ in range(200):
        if json.loads(ask("GET", f"{ROOT}{path}/{made}")[2])["cluster"].get("verification", {}).get("status") == "GREEN":
            break
        time.sleep(0.1)
    get("cluster", f"{path}/{made}")
    get("clusters", path)
    get("clusters-json", f"{path}.json")
    get("clusters-limit", f"{path}?limit=1&sort_by=name")
    get("clusters-active", f"{path}?status=Active&plugin_name=fake")
    get("cluster-missing", f"{path}/{NOBODY}")
    record("verify", "PATCH", f"{path}/{made}", {"verification": {"status": "START"}})
    record("verify-again", "PATCH", f"{path}/{made}", {"verification": {"status": "START"}})
    record("verify-bad", "PATCH", f"{path}/{made}", {"verification": {"status": "ZORK"}})
    record("cluster-edit", "PATCH", f"{path}/{made}", {"description": "For every night"})
    record("cluster-protect", "PATCH", f"{path}/{made}", {"is_protected": True})
    record("cluster-delete-protected", "DELETE", f"{path}/{made}")
    record("scale-protected", "PUT", f"{path}/{made}", {"resize_node_groups": [{"name": "worker", "count": 3}]})
    record("cluster-unprotect", "PATCH", f"{path}/{made}", {"is_protected": False})
    for name, body in {
        "empty": {}, "unknown-group": {"resize_node_groups": [{"name": "zork", "count": 1}]},
        "negative": {"resize_node_groups": [{"name": "worker", "count": -1}]},
        "twice": {"resize_node_groups": [{"name": "worker", "count": 1}, {"name": "worker", "count": 2}]},
        "existing": {"add_node_groups": [of(worker, "worker", 1)]},
        "instances": {"resize_node_groups": [{"name": "worker", "count": 1, "instances": []}]},
        "quota": {"resize_node_groups": [{"name": "worker", "count": 300}]},
    }.items():
        record(f"scale-refused-{name}", "PUT", f"{path}/{made}", body)
    get("cluster-after-quota", f"{path}/{made}")
    record("scale-missing", "PUT", f"{path}/{NOBODY}", {"resize_node_groups": [{"name": "worker", "count": 3}]})
    record("scale-out", "PUT", f"{path}/{made}", {"resize_node_groups": [{"name": "worker", "count": 3}],
                                                  "add_node_groups": [of(worker, "big-worker", 1)]})
    follow(made, "scaling-out", {"Active"})
    record("scale-in", "PUT", f"{path}/{made}", {"resize_node_groups": [{"name": "worker", "count": 1}, {"name": "big-worker", "count": 0}]})
    follow(made, "scaling-in", {"Active"})
    record("cluster-terminate", "DELETE", f"{path}/{made}")
    record("cluster-terminate-again", "DELETE", f"{path}/{made}")
    record("scale-deleting", "PUT", f"{path}/{made}", {"resize_node_groups": [{"name": "worker", "count": 3}]})
    follow(made, "terminating", {"gone"})
    record("cluster-terminate-missing", "DELETE", f"{path}/{made}")
    failing = record("cluster-create-failing", "POST", path, inline | {"name": "stackfail"})["cluster"]["id"]
    follow(failing, "failing", {"Error"})
    record("cluster-terminate-failed", "DELETE", f"{path}/{failing}")
    record("cluster-terminate-inline", "DELETE", f"{path}/{other}")
    follow(other, "terminating-inline", {"gone"})
    vanilla_topology()


def vanilla_topology() -> None:
    """A cluster of Vanilla without a namenode is refused, and stays there as an error."""
    ask("POST", f"{ROOT}/images/{VANILLA}", {"username": "ubuntu"})
    ask("POST", f"{ROOT}/images/{VANILLA}/tag", {"tags": ["vanilla", "2.7.5"]})
    group = {"name": "worker", "count": 1, "flavor_id": "42", "node_processes": ["datanode"]}
    record("cluster-refused-topology", "POST", "/clusters", {
        "plugin_name": "vanilla", "hadoop_version": "2.7.5", "name": "topology", "default_image_id": VANILLA,
        "neutron_management_network": NETWORK, "node_groups": [group]})
    left = get("clusters-after-topology", "/clusters")["clusters"]
    for cluster in left:
        ask("DELETE", f"{ROOT}/clusters/{cluster['id']}")


FOLDER.mkdir(parents=True, exist_ok=True)
surroundings()
images()
groups = node_group_templates()
clusters(cluster_templates(*groups), *groups)
