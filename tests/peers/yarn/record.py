#!/usr/bin/env python3
"""record.py ADDRESS FOLDER: asks a ResourceManager one of everything and writes each exchange as JSON.

Start it with up.sh and give it applications with submit.sh. With the scheduler `fair` or `fifo` it is asked for its
queues alone. What belongs to the machine is replaced: its host names by "localhost", its folders by "/state".
"""
import json
import os
import pathlib
import re
import socket
import sys
import time
import urllib.error
import urllib.request

ROOT = "/ws/v1/cluster"
READS = {
    "root": "",
    "info": "/info",
    "metrics": "/metrics",
    "scheduler": "/scheduler",
    "apps": "/apps?user.name=admin",
    "apps-deselected": "/apps?user.name=admin&deSelects=resourceRequests,resourceInfo,timeouts",
    "apps-hidden": "/apps?user.name=carol",
    "apps-none": "/apps?states=NEW_SAVING",
    "apps-bad-state": "/apps?states=zz",
    "apps-bad-final-status": "/apps?finalStatus=zz",
    "apps-limit-0": "/apps?limit=0",
    "apps-limit-text": "/apps?limit=ten",
    "apps-time-reversed": "/apps?startedTimeBegin=9&startedTimeEnd=3",
    "apps-unknown-queue": "/apps?queue=nope",
    "appstatistics": "/appstatistics",
    "appstatistics-some": "/appstatistics?states=accepted,RUNNING&applicationTypes=TEST",
    "appstatistics-two-types": "/appstatistics?applicationTypes=a,b",
    "nodes": "/nodes",
    "nodes-none": "/nodes?states=LOST",
    "nodes-unknown-filter": "/nodes?state=LOST&healthy=false",
    "nodes-bad-state": "/nodes?states=zz",
    "node-missing": "/nodes/nowhere:1",
    "app-missing": "/apps/application_1_0001",
    "app-bad-id": "/apps/zzz",
    "not-found": "/zork",
}


def scrub(text: str) -> str:
    for name in sorted({socket.gethostname(), socket.getfqdn()}, key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(name)}\b", "localhost", text)
    # that of a cluster that is gone, and yet
    text = re.sub(r'("token":")[^"]+', r"\1TOKEN", text)
    text = text.replace(os.environ["STATE"], "/state") if os.environ.get("STATE") else text
    # the beginning of a page tells that it is one
    return text[:300] if text.startswith("<") else text


class Recorder:
    def __init__(self, address: str, folder: pathlib.Path):
        self.address, self.folder = address.rstrip("/"), folder
        folder.mkdir(parents=True, exist_ok=True)

    def ask(self, method: str, path: str, body=None, content_type="application/json"):
        text = body if isinstance(body, str) or body is None else json.dumps(body)
        headers = {"Accept": "application/json"} | ({"Content-Type": content_type} if text is not None else {})
        request = urllib.request.Request(
            self.address + ROOT + path, text.encode() if text is not None else None, headers, method=method
        )
        try:
            reply = urllib.request.urlopen(request, timeout=30)
        except urllib.error.HTTPError as error:
            reply = error
        return reply.status, reply.headers, reply.read().decode(), text

    def record(self, name: str, method: str, path: str, body=None, **other) -> str:
        status, headers, reply, text = self.ask(method, path, body, **other)
        exchange = {"method": method, "request": ROOT + path, "sent": text, "status": status,
                    "content_type": headers.get("Content-Type", ""), "location": headers.get("Location"),
                    "body": scrub(reply)}
        exchange = {member: value for member, value in exchange.items() if value is not None}
        (self.folder / f"{name}.json").write_text(json.dumps(exchange, ensure_ascii=False, indent=1) + "\n")
        print(status, len(reply), name)
        return reply

    def settle(self, application: str, states: set[str]) -> None:
        for _ in range(240):
            if json.loads(self.ask("GET", f"/apps/{application}?user.name=admin")[2])["app"]["state"] in states:
                return
            time.sleep(0.25)
        sys.exit(f"{application} came to none of {states}")

    def new(self, name: str) -> str:
        return json.loads(self.record(name, "POST", "/apps/new-application?user.name=alice"))["application-id"]


def submission(application: str, **other):
    """With one of everything that the reference knows."""
    entries = lambda **members: {"entry": [{"key": key, "value": value} for key, value in members.items()]}
    return {
        "application-id": application, "application-name": "<b>nap</b> \u202eand\u0007 \uc798", "queue": "etl",
        "priority": 3, "unmanaged-AM": False, "cancel-tokens-when-complete": True, "max-app-attempts": 2,
        "resource": {"memory": 128, "vCores": 1}, "application-type": "TEST",
        "keep-containers-across-application-attempts": False, "application-tags": {"tag": ["t1", "t2"]},
        "app-node-label-expression": "", "am-container-node-label-expression": "",
        "log-aggregation-context": {"log-include-pattern": ".*", "rolled-log-include-pattern": ""},
        "attempt-failures-validity-interval": 60000,
        "am-container-spec": {
            "commands": {"command": "sleep 600"},
            "environment": entries(FIRST="1", SECOND="two words"),
            "application-acls": entries(VIEW_APP="bob", MODIFY_APP="bob"),
            "credentials": {"secrets": entries(word="c2VjcmV0")},
        },
    } | other


def everything(to: Recorder) -> None:
    for name, path in READS.items():
        to.record(name, "GET", path)
    node = json.loads(to.ask("GET", "/nodes")[2])["nodes"]["node"][0]["id"]
    to.record("node", "GET", f"/nodes/{node}")

    app = to.new("new-application")
    to.record("submit", "POST", "/apps?user.name=alice", submission(app))
    to.settle(app, {"ACCEPTED", "RUNNING"})
    to.record("submit-again", "POST", "/apps?user.name=alice", submission(app))
    as_alice = f"/apps/{app}%s?user.name=alice"
    for name, below in {"app": "", "appattempts": "/appattempts", "state": "/state", "queue": "/queue"}.items():
        to.record(name, "GET", as_alice % below)
    to.record("app-hidden", "GET", f"/apps/{app}?user.name=carol")
    to.record("move", "PUT", as_alice % "/queue", {"queue": "adhoc"})
    to.record("move-by-path", "PUT", as_alice % "/queue", {"queue": "root.default"})
    to.record("move-nowhere", "PUT", f"/apps/{app}/queue?user.name=admin", {"queue": "nope"})
    to.record("move-to-parent", "PUT", f"/apps/{app}/queue?user.name=admin", {"queue": "root.eng"})
    to.record("kill-foreign", "PUT", f"/apps/{app}/state?user.name=carol", {"state": "KILLED"})
    to.record("kill-anonymous", "PUT", f"/apps/{app}/state", {"state": "KILLED"})
    to.record("kill-missing", "PUT", "/apps/application_1_0001/state?user.name=alice", {"state": "KILLED"})
    to.record("state-running", "PUT", as_alice % "/state", {"state": "RUNNING"})
    to.record("state-text", "PUT", as_alice % "/state", "KILLED", content_type="text/plain")
    to.record("state-garbage", "PUT", as_alice % "/state", '{"state":')
    to.record("kill", "PUT", as_alice % "/state", {"state": "KILLED", "diagnostics": "not needed any more"})
    to.settle(app, {"KILLED"})
    to.record("kill-again", "PUT", as_alice % "/state", {"state": "KILLED"})
    to.record("move-killed", "PUT", as_alice % "/queue", {"queue": "adhoc"})
    to.record("app-killed", "GET", as_alice % "")

    app = to.new("new-application-2")
    to.record("submit-to-fail", "POST", "/apps?user.name=alice",
              submission(app, **{"am-container-spec": {"commands": {"command": "exit 3"}}, "max-app-attempts": 1}))
    to.settle(app, {"FAILED"})
    to.record("app-failed", "GET", f"/apps/{app}?user.name=alice")
    to.record("appattempts-failed", "GET", f"/apps/{app}/appattempts?user.name=alice")
    app = to.new("new-application-3")
    to.record("submit-nowhere", "POST", "/apps?user.name=alice", submission(app, queue="nope"))
    to.settle(app, {"FAILED"})
    to.record("app-nowhere", "GET", f"/apps/{app}?user.name=alice")
    app = to.new("new-application-4")
    to.record("submit-forbidden", "POST", "/apps?user.name=alice", submission(app, queue="ops"))
    too_much = submission(app, resource={"memory": 999999, "vCores": 1})
    to.record("submit-too-much", "POST", "/apps?user.name=alice", too_much)
    to.record("submit-no-id", "POST", "/apps?user.name=alice", {"application-name": "x"})
    to.record("submit-garbage", "POST", "/apps?user.name=alice", '{"a":')
    to.record("submit-empty", "POST", "/apps?user.name=alice", "{}")
    to.record("submit-text", "POST", "/apps?user.name=alice", "x", content_type="text/plain")
    to.record("token-create", "POST", "/delegation-token?user.name=alice", {"renewer": "alice"})
    to.record("token-create-anonymous", "POST", "/delegation-token", {"renewer": "alice"})
    to.record("token-cancel", "DELETE", "/delegation-token?user.name=alice")


def main(address: str, folder: pathlib.Path) -> None:
    to = Recorder(address, folder)
    kind = json.loads(to.ask("GET", "/scheduler")[2])["scheduler"]["schedulerInfo"]["type"]
    if kind == "capacityScheduler":
        everything(to)
    else:
        to.record(f"scheduler-{kind.removesuffix('Scheduler')}", "GET", "/scheduler")


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]))
