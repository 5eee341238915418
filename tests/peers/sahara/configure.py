#!/usr/bin/env python3
"""configure.py PROJECT SAHARA PORT: prints Howdah's connections to a Sahara, one for each way to a token that is fetched,
the first with an address of its own at PORT, and writes their secrets beside PROJECT, which is the `project.json` of up.sh.
"""
import json
import pathlib
import sys

file, sahara, port = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
told = json.loads(file.read_text())
credential = told["application_credential"]
(file.parent / "password").write_text(told["password"])
(file.parent / "credential").write_text(credential["secret"])
ways = {
    "password": f'kind = "keystone-password", user = "{told["user"]}", password = {{ file = "password" }}',
    "application": f'kind = "keystone-application-credential", id = "{credential["id"]}", secret = {{ file = "credential" }}',
}
for name, way in ways.items():
    print(f'[connections.{name}]\nsystem = "savanna"\nurl = "{sahara}"\ntenant = "{told["project"]}"')
    if name == "password":
        print(f'listen = {{ address = "127.0.0.1:{port}" }}')
    print(f'credentials = {{ url = "{told["auth_url"]}", {way} }}\n')
