"""cloud.py PORT: as much of Nova, Neutron and Heat as Sahara asks for, on three ports in a row from there. Nobody is
asked for a token, and no machine runs.

A stack with `stackfail` in its name fails. Stacks take STACK seconds (1), and a machine has no address for as many
seconds as BOOT says (1).
"""
import json
import os
import re
import sys
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

import yaml

FIRST = int(sys.argv[1])
STACK, BOOT = (float(os.environ.get(name, "1")) for name in ("STACK", "BOOT"))
PRIVATE, PUBLIC, SUBNET = (f"{digit * 8}-{digit * 4}-4{digit * 3}-8{digit * 3}-{digit * 12}" for digit in "123")
FLAVORS = [
    {"id": "1", "name": "m1.tiny", "ram": 512, "vcpus": 1, "disk": 1},
    {"id": "2", "name": "m1.small", "ram": 2048, "vcpus": 1, "disk": 20},
    {"id": "42", "name": "m1.medium", "ram": 4096, "vcpus": 2, "disk": 40},
    {"id": "4", "name": "m1.large", "ram": 8192, "vcpus": 4, "disk": 80},
]
KEY_PAIR = {"name": "team", "public_key": "ssh-rsa AAAA", "fingerprint": "00:11"}
NETWORKS = [
    {"id": PRIVATE, "name": "private", "subnets": [SUBNET], "status": "ACTIVE", "shared": True, "router:external": False},
    {"id": PUBLIC, "name": "public", "subnets": [], "status": "ACTIVE", "shared": False, "router:external": True},
]
NO_HOST = ('Resource CREATE failed: ResourceInError: resources.inst: Went to status ERROR due to "Message: No valid host'
           ' was found. , Code: 500"')

lock = threading.RLock()
stacks, machines = {}, {}


def stamp() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


class Stack:
    """A stack: groups of machines, as its template counts them."""

    def __init__(self, tenant: str, body: dict):
        self.id, self.tenant, self.name = str(uuid.uuid4()), tenant, body["stack_name"]
        self.created, self.updated, self.groups, self.files = stamp(), None, {}, {}
        self.begin("CREATE", body)

    def begin(self, action: str, body: dict) -> None:
        template = body["template"]
        self.template = yaml.safe_load(template) if isinstance(template, str) else template
        self.files = body.get("files") or self.files
        self.proceed(action)

    def proceed(self, action: str) -> None:
        self.action, self.state, self.reason, self.ready = action, "IN_PROGRESS", f"Stack {action} started", time.time() + STACK

    def settle(self) -> None:
        if self.state != "IN_PROGRESS" or time.time() < self.ready:
            return
        if self.action == "DELETE":
            self.remove()
        elif "stackfail" in self.name:
            self.state, self.reason = "FAILED", NO_HOST
        else:
            self.apply()
            self.state, self.reason = "COMPLETE", f"Stack {self.action} completed successfully"
            if self.action == "UPDATE":
                # Another one each time: this is how Sahara sees that it is done.
                self.updated = f"{stamp()}{time.time()}"

    def remove(self) -> None:
        for group in self.groups.values():
            for machine in group.values():
                machines.pop(machine, None)
        stacks.pop(self.id, None)

    def apply(self) -> None:
        for name, resource in self.template["resources"].items():
            if resource["type"] != "OS::Heat::ResourceGroup":
                continue
            properties = resource["properties"]
            definition = self.files[properties["resource_def"]["type"]]
            definition = yaml.safe_load(definition) if isinstance(definition, str) else definition
            prefix = definition["resources"]["inst"]["properties"]["name"]["list_join"][1][:2]
            group = self.groups.setdefault(name, {})
            policies = properties.get("removal_policies") or []
            unwanted = {str(index) for policy in policies for index in policy.get("resource_list", [])}
            count = int(properties["count"])
            for index in [index for index in group if index in unwanted]:
                machines.pop(group.pop(index), None)
            while len(group) > count:
                machines.pop(group.pop(max(group, key=int)), None)
            free = (str(index) for index in range(count + len(unwanted) + len(group)))
            for index in free:
                if len(group) == count:
                    break
                if index not in group and index not in unwanted:
                    group[index] = str(uuid.uuid4())
                    address = f"10.155.{len(machines) // 250}.{len(machines) % 250 + 2}"
                    machines[group[index]] = {"name": "-".join([*prefix, index]), "address": address, "since": time.time()}

    def told(self, whole: bool) -> dict:
        link = f"http://127.0.0.1:{FIRST + 2}/v1/{self.tenant}/stacks/{self.name}/{self.id}"
        told = {"id": self.id, "stack_name": self.name, "stack_status": f"{self.action}_{self.state}",
                "stack_status_reason": self.reason, "creation_time": self.created, "updated_time": self.updated,
                "description": "", "links": [{"rel": "self", "href": link}]}
        if whole:
            told["outputs"] = [
                {"output_key": f"{name}-instances", "description": "", "output_value": [
                    {"physical_id": group[index], "name": machines[group[index]]["name"]} for index in sorted(group, key=int)]}
                for name, group in self.groups.items()]
        return told


def missing(what: str):
    return 404, {"itemNotFound": {"code": 404, "message": f"{what} could not be found."}}


def flavors(_):
    more = {"OS-FLV-EXT-DATA:ephemeral": 0, "os-flavor-access:is_public": True, "swap": "", "links": []}
    return [flavor | more for flavor in FLAVORS]


def flavor(call):
    found = [flavor for flavor in flavors(call) if flavor["id"] == call.words[0]]
    return (200, {"flavor": found[0]}) if found else missing(f"Flavor {call.words[0]}")


def key_pair(call):
    return (200, {"keypair": KEY_PAIR}) if call.words[0] == KEY_PAIR["name"] else missing(f"Keypair {call.words[0]}")


def machine(call):
    found = machines.get(call.words[0])
    if not found:
        return missing("Instance")
    address = {"version": 4, "addr": found["address"], "OS-EXT-IPS:type": "fixed", "OS-EXT-IPS-MAC:mac_addr": "fa:16:3e:00:00:01"}
    addresses = {} if time.time() - found["since"] < BOOT else {"private": [address]}
    return 200, {"server": {"id": call.words[0], "name": found["name"], "status": "ACTIVE", "addresses": addresses,
                            "links": [], "metadata": {}, "image": "", "flavor": {"id": "42"}}}


def limits(_):
    used = {"totalRAMUsed": 4096 * len(machines), "totalCoresUsed": 2 * len(machines), "totalInstancesUsed": len(machines)}
    most = {"maxTotalRAMSize": 1_024_000, "maxTotalCores": 200, "maxTotalInstances": 40, "maxTotalFloatingIps": 10,
            "totalFloatingIpsUsed": 0, "maxSecurityGroups": 100, "totalSecurityGroupsUsed": 1, "maxSecurityGroupRules": 200}
    return 200, {"limits": {"rate": [], "absolute": most | used}}


def versions(name: str, version: str, port: int):
    link = [{"rel": "self", "href": f"http://127.0.0.1:{port}/{version}/"}]
    return name, {"id": version, "status": "CURRENT", "version": version.removeprefix("v"), "links": link}


def networks(call):
    wanted = {name: values for name, values in call.query.items() if name in ("id", "name")}
    found = [one for one in NETWORKS if all(one[name] in values for name, values in wanted.items())]
    return 200, {"networks": found}


def network(call):
    found = [one for one in NETWORKS if one["id"] == call.words[0]]
    message = f"Network {call.words[0]} could not be found."
    refused = {"NeutronError": {"type": "NetworkNotFound", "message": message, "detail": ""}}
    return (200, {"network": found[0]}) if found else (404, refused)


QUOTA = {"floatingip": 50, "security_group": 100, "security_group_rule": 1000, "port": 500, "network": 100, "subnet": 100}


def list_stacks(call):
    tenant, names = call.words[0], call.query.get("name")
    found = [one.told(False) for one in stacks.values() if one.tenant == tenant and (not names or one.name in names)]
    return 200, {"stacks": [] if call.query.get("marker") else found}


def create_stack(call):
    made = Stack(call.words[0], call.body)
    stacks[made.id] = made
    return 201, {"stack": {"id": made.id, "links": made.told(False)["links"]}}


def on_stack(does):
    def answer(call):
        tenant, name = call.words[:2]
        found = next((one for one in stacks.values() if one.tenant == tenant and name in (one.name, one.id)), None)
        if found:
            return does(found, call)
        error = {"message": f"The Stack ({name}) could not be found.", "traceback": None, "type": "EntityNotFound"}
        return 404, {"explanation": "The resource could not be found.", "code": 404, "title": "Not Found", "error": error}
    return answer


def update_stack(found, call):
    found.begin("UPDATE", call.body)
    return 202, {}


def delete_stack(found, _):
    found.remove() if "stackfail" in found.name else found.proceed("DELETE")
    return 204, None


def says(body):
    return lambda _: (200, body)


STACKS = r"/v1/([^/]+)/stacks"
ONE_STACK = STACKS + r"/([^/]+)(?:/[^/]+)?"
NOVA = {
    ("GET", r"(?:/v2\.1)?"): says(dict([versions("version", "v2.1", FIRST)])),
    ("GET", r"/v2\.1/flavors(?:/detail)?"): lambda call: (200, {"flavors": [] if call.query.get("marker") else flavors(call)}),
    ("GET", r"/v2\.1/flavors/([^/]+)"): flavor,
    ("GET", r"/v2\.1/flavors/[^/]+/os-extra_specs"): says({"extra_specs": {}}),
    ("GET", r"/v2\.1/os-keypairs"): says({"keypairs": [{"keypair": KEY_PAIR}]}),
    ("GET", r"/v2\.1/os-keypairs/(.+)"): key_pair,
    ("GET", r"/v2\.1/limits"): limits,
    ("GET", r"/v2\.1/os-availability-zone(?:/detail)?"): says(
        {"availabilityZoneInfo": [{"zoneName": "nova", "zoneState": {"available": True}, "hosts": None}]}),
    ("GET", r"/v2\.1/servers/([^/]+)"): machine,
}
NEUTRON = {
    ("GET", r""): says({"versions": [versions("", "v2.0", FIRST + 1)[1]]}),
    ("GET", r"/v2\.0/networks"): networks,
    ("GET", r"/v2\.0/networks/(.+)"): network,
    ("GET", r"/v2\.0/subnets/.+"): says(
        {"subnet": {"id": SUBNET, "cidr": "10.155.0.0/16", "name": "private-subnet", "network_id": PRIVATE}}),
    ("GET", r"/v2\.0/quotas/.+"): says({"quota": QUOTA}),
    ("GET", r"/v2\.0/security-groups"): says(
        {"security_groups": [{"id": SUBNET, "name": "default", "security_group_rules": []}]}),
    ("GET", r"/v2\.0/floatingips"): says({"floatingips": []}),
    ("GET", r"/v2\.0/ports"): says({"ports": []}),
    ("GET", r"/v2\.0/security-group-rules"): says({"security_group_rules": []}),
}
HEAT = {
    ("GET", STACKS): list_stacks,
    ("POST", STACKS): create_stack,
    ("GET", ONE_STACK): on_stack(lambda found, _: (200, {"stack": found.told(True)})),
    ("PUT", ONE_STACK): on_stack(update_stack),
    ("PATCH", ONE_STACK): on_stack(update_stack),
    ("DELETE", ONE_STACK): on_stack(delete_stack),
}
SERVICES = dict(zip(range(FIRST, FIRST + 3), (NOVA, NEUTRON, HEAT)))


class Call(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, form, *values):
        print(self.server.server_port, form % values, file=sys.stderr, flush=True)

    def any(self):
        target = urlparse(self.path)
        path = target.path.rstrip("/").removesuffix(".json")
        self.query = parse_qs(target.query)
        length = int(self.headers.get("Content-Length") or 0)
        self.body = json.loads(self.rfile.read(length)) if length else None
        with lock:
            for stack in list(stacks.values()):
                stack.settle()
            status, reply = 404, {"code": 404, "title": "Not Found", "message": f"there is no {path} here"}
            for (method, form), answer in SERVICES[self.server.server_port].items():
                match = re.fullmatch(form, path)
                if match and method == self.command:
                    self.words = match.groups()
                    status, reply = answer(self)
                    break
        text = b"" if reply is None else json.dumps(reply).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = any


servers = [ThreadingHTTPServer(("127.0.0.1", port), Call) for port in SERVICES]
for server in servers[1:]:
    threading.Thread(target=server.serve_forever, daemon=True).start()
servers[0].serve_forever()
