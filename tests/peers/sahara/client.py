#!/usr/bin/env python3
"""client.py SAHARA OURS STATE SIMULATED SANDBOX: the same calls of python-saharaclient to a Sahara, and through Howdah to
it and to the sandbox's Savanna, with a token of Howdah's and none of Keystone's. What is answered otherwise stands below
with its reason, and all of that must happen.

Run it with the Python of the environment that environment.sh makes. STATE is that of up.sh, OURS and SIMULATED are the
addresses of the connections' own, SANDBOX is the file that the sandbox wrote, and HOWDAH_PEERS_TOKEN a token that may
operate.
"""
import json
import os
import pathlib
import sys
import time
import tomllib

from keystoneauth1 import session, token_endpoint
from keystoneauth1.identity import v3
from saharaclient import client
from saharaclient.api.base import APIException

SAHARA, OURS, SIMULATED = (address.rstrip("/") for address in (sys.argv[1], sys.argv[2], sys.argv[4]))
SAVANNA = tomllib.loads(pathlib.Path(sys.argv[5]).read_text())["connections"]["savanna"]
TOLD = json.loads((pathlib.Path(sys.argv[3]) / "project.json").read_text())
IMAGE = TOLD["images"]["hadoop-fake"]
NETWORK = "11111111-1111-4111-8111-111111111111"
NOBODY = "99999999-9999-4999-8999-999999999999"
THROUGH_HOWDAH = {
    "jobs": "not of the reference: 404 of Howdah's own, as for every operation that it does not have",
    "a filter that is not known": "the service fails with 500; Howdah refuses it with 400",
}
OF_THE_SANDBOX = THROUGH_HOWDAH | {"plugins": "it has others, in other versions"}
# Members that come and go: with a check of a cluster's health, a step, an edit.
PASSING = ("verification", "provision_progress", "updated_at", "updated", "description")


def shape(value, place=""):
    """Every member's place and kind."""
    if isinstance(value, dict):
        kept = {name: member for name, member in value.items() if name not in PASSING}
        return set().union(*(shape(member, f"{place}.{name}") for name, member in kept.items())) if kept else {place}
    if isinstance(value, list):
        return set().union(*(shape(item, f"{place}[]") for item in value)) if value else {place}
    return {f"{place}: {type(value).__name__}"}


def plain(value):
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.to_dict() if hasattr(value, "to_dict") else value


def told(call):
    try:
        return "said", shape(plain(call()))
    except APIException as error:
        return "refused", int(error.error_code or 0)
    except RuntimeError:
        return "refused", "a file"


def settled(api, cluster: str, *ends: str):
    for _ in range(600):
        time.sleep(0.3)
        try:
            found = api.clusters.get(cluster)
        except APIException as error:
            if int(error.error_code or 0) == 404 and "gone" in ends:
                return
            continue
        except TypeError:
            continue  # for a moment, while it is taken out of the database, it is told as a word
        if found.status in ends:
            return
    sys.exit(f"{cluster} came to none of {ends}")


def client_of(address: str, auth, project: str):
    return client.Client("1.1", session=session.Session(auth=auth), sahara_url=f"{address}/v1.1/{project}")


def of_howdah(address: str, project: str):
    return client_of(address, token_endpoint.Token(address, os.environ["HOWDAH_PEERS_TOKEN"]), project)


def calls(api, image: str, network: str) -> dict:
    """What each call was answered, by what it is called here. All that it makes is gone afterwards."""
    # Whoever came before may have left tags.
    told(lambda: api.images.unregister_image(image))
    found = {}
    found["plugins"] = told(api.plugins.list)
    found["plugin"] = told(lambda: api.plugins.get("fake"))
    found["a version of it"] = told(lambda: api.plugins.get_version_details("fake", "0.1"))
    found["a plugin that is not there"] = told(lambda: api.plugins.get("zork"))
    found["a conversion"] = told(lambda: api.plugins.convert_to_cluster_template("fake", "0.1", "n", "[general]\n"))
    found["registering"] = told(lambda: api.images.update_image(image, "ubuntu", "For tests"))
    found["tags"] = told(lambda: api.images.update_tags(image, ["fake", "0.1"]))
    found["images"] = told(api.images.list)
    found["images with tags"] = told(lambda: api.images.list({"tags": ["fake", "0.1"]}))
    found["image"] = told(lambda: api.images.get(image))
    found["image that is not there"] = told(lambda: api.images.get(NOBODY))

    group = dict(plugin_name="fake", hadoop_version="0.1", flavor_id="42")
    master = api.node_group_templates.create("c-master", node_processes=["namenode", "jobtracker"], **group)
    worker = api.node_group_templates.create(
        "c-worker", node_processes=["datanode", "tasktracker"], description="Works", volumes_per_node=0,
        node_configs={"general": {"Enable XFS": False}}, auto_security_group=True, is_proxy_gateway=False,
        use_autoconfig=True, is_public=False, is_protected=False, **group)
    found["a group's template"] = ("said", shape(worker.to_dict()))
    found["a name that is taken"] = told(
        lambda: api.node_group_templates.create("c-worker", node_processes=["datanode"], **group))
    found["a name that is none"] = told(
        lambda: api.node_group_templates.create("c_worker", node_processes=["datanode"], **group))
    found["a flavor that is not there"] = told(
        lambda: api.node_group_templates.create("c-other", node_processes=["datanode"], **group | {"flavor_id": "77"}))
    found["groups' templates"] = told(api.node_group_templates.list)
    found["a page of them"] = told(lambda: api.node_group_templates.list(limit=1, sort_by="name"))
    found["a filter that is not known"] = told(lambda: api.node_group_templates.list({"zork": "1"}))
    found["one of them"] = told(lambda: api.node_group_templates.get(worker.id))
    found["an edit"] = told(lambda: api.node_group_templates.update(worker.id, description=None, flavor_id="2"))
    found["an export"] = told(lambda: api.node_group_templates.export(worker.id))

    groups = [{"name": one.name, "count": count, "node_group_template_id": one.id} for one, count in ((master, 1), (worker, 1))]
    template = api.cluster_templates.create(
        "c-usual", "fake", "0.1", node_groups=groups, net_id=network, cluster_configs={"general": {}}, anti_affinity=[])
    found["a template"] = ("said", shape(template.to_dict()))
    found["templates"] = told(api.cluster_templates.list)
    found["an edit of one"] = told(lambda: api.cluster_templates.update(template.id, description="Edited"))
    found["an export of one"] = told(lambda: api.cluster_templates.export(template.id))

    start = dict(cluster_template_id=template.id, default_image_id=image, user_keypair_id="team")
    cluster = api.clusters.create("c-night", "fake", "0.1", **start)
    found["a cluster"] = ("said", shape(cluster.to_dict()))
    found["the same again"] = told(lambda: api.clusters.create("c-night", "fake", "0.1", **start))
    settled(api, cluster.id, "Active")
    found["clusters"] = told(api.clusters.list)
    found["clusters by status"] = told(lambda: api.clusters.list({"status": "Active"}))
    found["how far it is"] = told(lambda: api.clusters.get(cluster.id, show_progress=True))
    found["an edit of it"] = told(lambda: api.clusters.update(cluster.id, description="For every night"))
    found["scaling by a group that is not there"] = told(
        lambda: api.clusters.scale(cluster.id, {"resize_node_groups": [{"name": "zork", "count": 2}]}))
    found["scaling"] = told(lambda: api.clusters.scale(cluster.id, {"resize_node_groups": [{"name": "c-worker", "count": 2}]}))
    settled(api, cluster.id, "Active")
    found["a template in use"] = told(lambda: api.cluster_templates.delete(template.id))
    found["jobs"] = told(api.jobs.list)
    found["its end"] = told(lambda: api.clusters.delete(cluster.id))
    settled(api, cluster.id, "gone")
    found["its end again"] = told(lambda: api.clusters.delete(cluster.id))
    found["the template's end"] = told(lambda: api.cluster_templates.delete(template.id))
    for one in (master, worker):
        found[f"the end of {one.name}"] = told(lambda: api.node_group_templates.delete(one.id))
    found["unregistering"] = told(lambda: api.images.unregister_image(image))
    return found


def differ(theirs, ours, known) -> list[str]:
    wrong = []
    for name, meant in theirs.items():
        if ours[name] == meant and name in known:
            wrong.append(f"{name} is no different any more")
        elif ours[name] != meant and name not in known:
            (left, right) = (meant[1], ours[name][1])
            if isinstance(left, set) and isinstance(right, set):
                left, right = sorted(left - right), sorted(right - left)
            wrong.append(f"{name} is told as {left} there and as {right} here")
    return wrong


password = v3.Password(auth_url=TOLD["auth_url"], username=TOLD["user"], password=TOLD["password"],
                       project_id=TOLD["project"], user_domain_name="Default")
real = calls(client_of(SAHARA, password, TOLD["project"]), IMAGE, NETWORK)

through = calls(of_howdah(OURS, TOLD["project"]), IMAGE, NETWORK)
sandbox = of_howdah(SIMULATED, SAVANNA["tenant"])
# Its own image and network, and nothing else of what is there from the first.
(image,), (template,), (cluster,) = sandbox.images.list(), sandbox.cluster_templates.list(), sandbox.clusters.list()
sandbox.clusters.delete(cluster.id)
settled(sandbox, cluster.id, "gone")
sandbox.cluster_templates.delete(template.id)
for one in sandbox.node_group_templates.list():
    sandbox.node_group_templates.delete(one.id)
sandbox.images.unregister_image(image.id)
simulated = calls(sandbox, image.id, template.neutron_management_network)
wrong = differ(real, through, THROUGH_HOWDAH)
wrong += [f"{one} (the sandbox)" for one in differ(real, simulated, OF_THE_SANDBOX)]
if wrong:
    sys.exit("\n".join(wrong))
print(f"{len(real)} calls of python-saharaclient to each")
