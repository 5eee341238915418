#!/usr/bin/env python3
"""record.py ADDRESS FOLDER: asks a ResourceManager what the console reads and writes each exchange as JSON.

Start it with up.sh and give it applications with submit.sh. What belongs to the machine is replaced: its host
names by "localhost", its folders by "/state".
"""
import json
import os
import pathlib
import re
import socket
import sys
import urllib.error
import urllib.request

READS = {
    "root": "",
    "info": "/info",
    "metrics": "/metrics",
    "apps": "/apps?user.name=admin",
    "apps-deselected": "/apps?user.name=admin&deSelects=resourceRequests,resourceInfo,timeouts",
    "apps-hidden": "/apps?user.name=carol",
    "apps-none": "/apps?states=NEW_SAVING",
    "apps-bad-state": "/apps?states=zz",
    "apps-limit-0": "/apps?limit=0",
    "apps-unknown-queue": "/apps?queue=nope",
}


def scrub(text: str) -> str:
    for name in sorted({socket.gethostname(), socket.getfqdn()}, key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(name)}\b", "localhost", text)
    return text.replace(os.environ["STATE"], "/state") if os.environ.get("STATE") else text


def ask(url: str) -> tuple[int, str, str]:
    request = urllib.request.Request(url, headers={"Accept": "application/json"})
    try:
        reply = urllib.request.urlopen(request, timeout=30)
    except urllib.error.HTTPError as error:
        reply = error
    return reply.status, reply.headers.get("Content-Type", ""), reply.read().decode()


def main(address: str, folder: pathlib.Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, path in READS.items():
        path = "/ws/v1/cluster" + path
        status, content_type, body = ask(address.rstrip("/") + path)
        exchange = {"request": path, "status": status, "content_type": content_type, "body": scrub(body)}
        (folder / f"{name}.json").write_text(json.dumps(exchange, ensure_ascii=False, indent=1) + "\n")
        print(status, len(body), name)


if __name__ == "__main__":
    main(sys.argv[1], pathlib.Path(sys.argv[2]))
