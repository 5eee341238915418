#!/usr/bin/env python3
"""drive.py HOWDAH ADDRESS: submits, moves and kills applications through Howdah's connection `rm`, and looks at the
ResourceManager itself for what became of them: what it does not understand of a submission, it drops without a word.

Both were started with up.sh's STATE, and HOWDAH_PEERS_TOKEN is a token that may operate.
"""
import json
import os
import pathlib
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = "/ws/v1/cluster"
HOWDAH, ADDRESS = (address.rstrip("/") for address in sys.argv[1:])
STATE = pathlib.Path(os.environ["STATE"])
SECRET = "bm9ib2R5IG1heSByZWFkIHRoaXM="  # "nobody may read this"


def call(method: str, url: str, body=None, headers=None):
    """The status, and the reply's JSON or else its text."""
    given = {"Accept": "application/json"} | (headers or {})
    data = None if body is None else json.dumps(body).encode()
    if data is not None:
        given["Content-Type"] = "application/json"
    try:
        reply = urllib.request.urlopen(urllib.request.Request(url, data, given, method=method), timeout=60)
    except urllib.error.HTTPError as error:
        reply = error
    text = reply.read().decode()
    try:
        return reply.status, json.loads(text)
    except ValueError:
        return reply.status, text


def ours(method: str, path: str, body=None):
    headers = {"Authorization": f"Bearer {os.environ['HOWDAH_PEERS_TOKEN']}"}
    return call(method, f"{HOWDAH}/api/{path}", body, headers)


def through(method: str, path: str, body=None):
    return ours(method, f"connections/rm{ROOT}{path}", body)


def theirs(user: str, path: str, method="GET", body=None):
    return call(method, f"{ADDRESS}{ROOT}{path}{'&' if '?' in path else '?'}user.name={user}", body)


def expect(what: str, found, *meant) -> None:
    if found not in meant:
        sys.exit(f"{what}: {found!r}, and not {' or '.join(map(repr, meant))}")


def wait(what: str, done):
    for _ in range(240):
        if (found := done()) is not None:
            return found
        time.sleep(0.25)
    sys.exit(f"{what}: not within a minute")


def entries(**members):
    return {"entry": [{"key": key, "value": value} for key, value in members.items()]}


def new() -> str:
    status, reply = through("POST", "/apps/new-application")
    expect("a new id", status, 200)
    expect("the most of a container", reply["maximum-resource-capability"]["memory"], 2048)
    return reply["application-id"]


def submit(application: str, **members) -> None:
    body = {"application-id": application, "application-type": "TEST", "max-app-attempts": 1,
            "resource": {"memory": 128, "vCores": 1}, "queue": "root.eng.adhoc"} | members
    expect("a submission", through("POST", "/apps", body), (202, ""))


def settled(application: str, states: set[str]):
    def look():
        app = through("GET", f"/apps/{application}")[1]["app"]
        return app if app["state"] in states else None
    return wait(f"{application} in {states}", look)


def everything_arrives() -> str:
    """One of everything is submitted; the file runs, and environment, secret, rights and the rest are read back."""
    heard = STATE / "heard"
    heard.mkdir(exist_ok=True)
    heard.chmod(0o777)
    brought = STATE / "brought.sh"
    brought.write_text(f'''printf '%s|%s' "$FIRST" "$SECOND" > {heard}/environment
cp "$HADOOP_TOKEN_FILE_LOCATION" {heard}/tokens
chmod 644 {heard}/tokens
touch {heard}/all
exec sleep 3600
''')
    brought.chmod(0o644)
    about = brought.stat()
    name = "<b>whole</b> \u202eone\u0007 \uc804\ubd80"
    application = new()
    submit(application, **{
        "application-name": name, "priority": 3, "unmanaged-AM": False, "cancel-tokens-when-complete": True,
        "keep-containers-across-application-attempts": True, "application-tags": {"tag": ["t1", "t2"]},
        "resource": {"memory": 192, "vCores": 2}, "max-app-attempts": 2, "attempt-failures-validity-interval": 60000,
        "app-node-label-expression": "", "am-container-node-label-expression": "",
        "log-aggregation-context": {"log-include-pattern": ".*", "rolled-log-include-pattern": ""},
        "am-container-spec": {
            "commands": {"command": "exec bash near.sh"},
            "environment": entries(FIRST="1", SECOND="two words"),
            "local-resources": entries(**{"near.sh": {
                "resource": brought.as_uri(), "type": "FILE", "visibility": "APPLICATION",
                "size": about.st_size, "timestamp": about.st_mtime_ns // 1_000_000}}),
            "credentials": {"secrets": entries(word=SECRET)},
            "application-acls": entries(VIEW_APP="bob", MODIFY_APP="bob"),
        },
    })
    settled(application, {"ACCEPTED"})
    wait("its container", lambda: (heard / "all").exists() or None)
    expect("the environment", (heard / "environment").read_text(), "1|two words")
    expect("the secret", b"nobody may read this" in (heard / "tokens").read_bytes(), True)
    app = theirs("alice", f"/apps/{application}")[1]["app"]
    admin = theirs("admin", f"/apps/{application}")[1]["app"]
    for member, value in {"name": name, "priority": 3, "applicationType": "TEST", "allocatedMB": 192,
                          "allocatedVCores": 2, "user": "admin", "queue": "root.eng.adhoc"}.items():
        expect(member, admin[member], value)
    expect("the tags", sorted(admin["applicationTags"].split(",")), ["t1", "t2"])
    expect("hidden from alice", app["startedTime"], 0)
    expect("shown to bob", theirs("bob", f"/apps/{application}")[1]["app"]["startedTime"] > 0, True)
    expect("a kill by alice", theirs("alice", f"/apps/{application}/state", "PUT", {"state": "KILLED"})[0], 403)
    for state in STATE.glob("journal.db*"):
        expect(f"the secret in {state.name}", SECRET.encode() in state.read_bytes(), False)
    expect("the secret in Activity", SECRET in json.dumps(ours("GET", "requests?limit=100")[1]), False)
    return application


def pages_read_the_same(application: str) -> None:
    """Each page's calls say through Howdah what they say without."""
    node = theirs("admin", "/nodes")[1]["nodes"]["node"][0]["id"]
    for path in ["", "/info", "/scheduler", "/nodes", f"/nodes/{urllib.parse.quote(node, safe='')}", "/appstatistics",
                 f"/apps/{application}/appattempts", f"/apps/{application}/state", f"/apps/{application}/queue"]:
        def same():
            # what moves by itself may have moved between the two
            ((status, mine), (_, other)) = (through("GET", path), theirs("admin", path))
            expect(path, status, 200)
            return True if still(mine) == still(other) else None
        wait(f"the same of {path}", same)
    expect("healthy nodes", [one["id"] for one in through("GET", "/nodes?healthy=true")[1]["nodes"]["node"]], [node])
    expect("others", through("GET", "/nodes?healthy=false&state=RUNNING"), (200, {"nodes": {"node": []}}))
    for path, shape in {"/metrics": "clusterMetrics", f"/apps/{application}": "app", "/apps": "apps"}.items():
        mine, other = through("GET", path)[1][shape], theirs("admin", path)[1][shape]
        expect(f"the members of {path}", sorted(mine), sorted(other))


MOVING = {"lastHealthUpdate", "memUtilization", "cpuUtilization", "resourceUtilization", "elapsedTime", "health"}


def still(value):
    if isinstance(value, dict):
        return {name: still(member) for name, member in value.items() if name not in MOVING}
    return [still(item) for item in value] if isinstance(value, list) else value


def moves_and_ends(application: str) -> None:
    for queue, meant in {"default": "root.default", "root.eng.etl": "root.eng.etl"}.items():
        status, reply = through("PUT", f"/apps/{application}/queue", {"queue": queue})
        expect("a move", (status, reply.get("queue")), (200, meant), (200, queue))
        expect("where it is", through("GET", f"/apps/{application}/queue")[1]["queue"], meant, queue)
    status, reply = through("PUT", f"/apps/{application}/queue", {"queue": "nope"})
    expect("a move to nowhere", status, 403)
    expect("a move to a parent", through("PUT", f"/apps/{application}/queue", {"queue": "root.eng"})[0], 503)
    why = {"state": "KILLED", "diagnostics": "not needed any more"}
    expect("a kill", through("PUT", f"/apps/{application}/state", why)[0], 200, 202)
    wait("the kill", lambda: through("PUT", f"/apps/{application}/state", {"state": "KILLED"}) == (200, {"state": "KILLED"}) or None)
    expect("its diagnostics", "not needed any more" in through("GET", f"/apps/{application}")[1]["app"]["diagnostics"], True)
    expect("a move of the killed", through("PUT", f"/apps/{application}/queue", {"queue": "adhoc"})[0], 400)


def what_goes_wrong_is_told() -> None:
    application = new()
    spec = {"commands": {"command": "sleep 60"}, "service-data": entries(nobody="AAAA")}
    submit(application, **{"am-container-spec": spec})
    app = settled(application, {"FAILED"})
    expect("data for a service that is not there", "nobody" in app["diagnostics"], True)
    application = new()
    submit(application, queue="nope")
    expect("a queue that is not there", "unknown queue" in settled(application, {"FAILED"})["diagnostics"], True)
    # Parts of a command: each is there.
    application, told = new(), STATE / "heard" / "parts"
    submit(application, **{"am-container-spec": {"commands": {"command": [f"printf parts > {told}", "&& exec sleep 60"]}}})
    wait("the parts of a command", lambda: told.exists() or None)
    expect("its end", through("PUT", f"/apps/{application}/state", {"state": "KILLED"})[0], 200, 202)
    too_much = {"application-id": new(), "resource": {"memory": 999_999, "vCores": 1}}
    expect("too much memory", through("POST", "/apps", too_much)[0], 400)
    for wrong in [{}, {"application-id": "x"}, {"application-id": application, "timeouts": {}},
                  {"application-id": application, "am-container-spec": {"environment": {"A": "1"}}}]:
        expect(f"{wrong}", through("POST", "/apps", wrong)[0], 400)
    expect("an unknown final status", through("GET", "/apps?finalStatus=zz")[0], 200, 400)
    expect("an application of another cluster", through("GET", "/apps/application_1_0001")[0], 404)


application = everything_arrives()
pages_read_the_same(application)
moves_and_ends(application)
what_goes_wrong_is_told()
print("what was sent arrived")
