#!/usr/bin/env python3
"""configure.py PROJECT SAHARA PORT SANDBOX OTHER: prints Howdah's connections to a Sahara, one for each way to a token that
is fetched, the first with an address of its own at PORT and with the services beside, and writes their secrets beside PROJECT, which is the
`project.json` of up.sh. Then that to the sandbox's Savanna, as it stands in the file SANDBOX, at OTHER.
"""
import json
import pathlib
import sys
import tomllib

file, sahara, port, sandbox, other = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3], pathlib.Path(sys.argv[4]), sys.argv[5]
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
    if name == "password":
        services = ", ".join(f'{kind} = "{url}"' for kind, url in told["services"].items())
        print(f"services = {{ {services} }}")
    print(f'credentials = {{ url = "{told["auth_url"]}", {way} }}\n')
savanna = tomllib.loads(sandbox.read_text())["connections"]["savanna"]
way, password = savanna["credentials"], sandbox.parent / savanna["credentials"]["password"]["file"]
print(f'[connections.simulated]\nsystem = "savanna"\nurl = "{savanna["url"]}"\ntenant = "{savanna["tenant"]}"')
print(f'listen = {{ address = "127.0.0.1:{other}" }}')
print(f'credentials = {{ kind = "keystone-password", url = "{way["url"]}", user = "{way["user"]}", '
      f'password = {{ file = {json.dumps(str(password))} }} }}')
