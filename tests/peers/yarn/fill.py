#!/usr/bin/env python3
"""Fills a ResourceManager with applications over REST, for measurements with long lists.

    fill.py ADDRESS fill COUNT [ACTIVE]    submits COUNT applications and kills all but the last ACTIVE (300)
    fill.py ADDRESS churn COUNT TURNS      TURNS times, 5 s apart: kills COUNT that wait, submits COUNT more, and
                                           prints of each the ms since the epoch, what was done, and the id

Start the ResourceManager with NODE=false: nothing runs then, and the list changes only by what this does.
"""
import argparse
import http.client
import itertools
import json
import random
import threading
import time

ANYONE = ["root.default", "root.eng.adhoc"]
QUEUES = {"alice": [*ANYONE, "root.eng.etl"], "bob": [*ANYONE, "root.ops"], "carol": ANYONE, "dave": ANYONE}
NAMES = ["nightly load", "report for sales", "feature build", "로그 집계", "SELECT count(*) FROM clicks", "compaction"]
TYPES = ["SPARK", "MAPREDUCE", "TEZ", "FLINK", "YARN"]
THREADS = 4


class ResourceManager:
    """One connection that is kept open."""

    def __init__(self, address: str):
        self.connection = http.client.HTTPConnection(address.removeprefix("http://").rstrip("/"), timeout=60)

    def ask(self, method: str, path: str, user: str, body: dict | None = None) -> bytes:
        separator = "&" if "?" in path else "?"
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        text = None if body is None else json.dumps(body)
        self.connection.request(method, f"/ws/v1/cluster/apps{path}{separator}user.name={user}", text, headers)
        reply = self.connection.getresponse()
        bytes_ = reply.read()
        if reply.status >= 300:
            raise SystemExit(f"{method} {path}: {reply.status} {bytes_[:300]!r}")
        return bytes_

    def submit(self, number: int, rng: random.Random) -> tuple[str, str]:
        user = rng.choice(sorted(QUEUES))
        identifier = json.loads(self.ask("POST", "/new-application", user))["application-id"]
        self.ask("POST", "", user, {
            "application-id": identifier,
            "application-name": f"{rng.choice(NAMES)} {number}",
            "application-type": rng.choice(TYPES),
            "application-tags": {"tag": [f"team-{number % 7}"]},
            "queue": rng.choice(QUEUES[user]),
            "priority": number % 5,
            "max-app-attempts": 1,
            "am-container-spec": {"commands": {"command": "true"}},
            "resource": {"memory": 128, "vCores": 1},
        })
        return identifier, user

    def kill(self, identifier: str, user: str) -> None:
        self.ask("PUT", f"/{identifier}/state", user, {"state": "KILLED"})


def fill(address: str, count: int, active: int) -> None:
    numbers = itertools.count()
    lock = threading.Lock()

    def work(seed: int) -> None:
        manager, rng = ResourceManager(address), random.Random(seed)
        while True:
            with lock:
                number = next(numbers)
            if number >= count:
                return
            identifier, user = manager.submit(number, rng)
            if number < count - active:
                manager.kill(identifier, user)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def churn(address: str, count: int, turns: int) -> None:
    manager, rng = ResourceManager(address), random.Random(1)
    listed = json.loads(manager.ask("GET", f"?states=ACCEPTED&limit={count}&deSelects=resourceRequests", "admin"))
    waiting = [(application["id"], application["user"]) for application in (listed["apps"] or {}).get("app", [])]
    for _ in range(turns):
        due = time.monotonic() + 5
        for identifier, user in waiting:
            print(time.time_ns() // 1_000_000, "killed", identifier)
            manager.kill(identifier, user)
        waiting = []
        for number in range(count):
            begun = time.time_ns() // 1_000_000
            # The next turn kills these: a list that shows the newest first then shows both.
            waiting.append(manager.submit(number, rng))
            print(begun, "submitted", waiting[-1][0])
        time.sleep(max(0.0, due - time.monotonic()))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("address")
    arguments.add_argument("command", choices=["fill", "churn"])
    arguments.add_argument("count", type=int)
    arguments.add_argument("more", type=int, nargs="?", default=300, help="ACTIVE or TURNS")
    given = arguments.parse_args()
    {"fill": fill, "churn": churn}[given.command](given.address, given.count, given.more)
