"""seed.py PORT projects|images: tells Keystone of the services, of the project `data` with its user and of a project of
others, or Glance of three images. What others need to know of it stands in `project.json`.
"""
import io
import json
import pathlib
import sys

from keystoneauth1 import session
from keystoneauth1.identity import v3

SAHARA = int(sys.argv[1])
KEYSTONE, GLANCE, NOVA, NEUTRON, HEAT = range(SAHARA + 1, SAHARA + 6)
AUTH_URL = f"http://127.0.0.1:{KEYSTONE}/v3"
TOLD = pathlib.Path("project.json")
ENDPOINTS = {
    "data-processing": ("sahara", f"http://127.0.0.1:{SAHARA}/v1.1/%(tenant_id)s"),
    "image": ("glance", f"http://127.0.0.1:{GLANCE}"),
    "compute": ("nova", f"http://127.0.0.1:{NOVA}/v2.1"),
    "network": ("neutron", f"http://127.0.0.1:{NEUTRON}"),
    "orchestration": ("heat", f"http://127.0.0.1:{HEAT}/v1/%(tenant_id)s"),
}
# The plain one has no tags; each of the others gets those that its plugin wants.
IMAGES = ["hadoop-fake", "ubuntu-plain", "hadoop-vanilla"]


def signed_in(user: str, project: str):
    auth = v3.Password(auth_url=AUTH_URL, username=user, password=f"{user}-password", project_name=project,
                       user_domain_name="Default", project_domain_name="Default")
    return session.Session(auth=auth)


def projects() -> None:
    from keystoneclient.v3 import client

    keystone = client.Client(session=signed_in("admin", "admin"))
    roles = {role.name: role for role in keystone.roles.list()}
    for name in ("member", "reader", "admin", "service", "heat_stack_owner"):
        if name not in roles:
            roles[name] = keystone.roles.create(name)
    made = {name: keystone.projects.create(name, "default") for name in ("service", "data", "others")}

    def grant(name: str, project: str, *given: str):
        found = next((user for user in keystone.users.list() if user.name == name), None)
        user = found or keystone.users.create(name, domain="default", password=f"{name}-password")
        for role in given:
            keystone.roles.grant(roles[role], user=user, project=made[project])
        return user

    grant("sahara", "service", "admin", "service")
    grant("glance", "service", "admin", "service")
    grant("admin", "data", "admin")
    grant("stranger", "others", "member")
    minji = grant("minji", "data", "member", "reader")
    for kind, (name, url) in ENDPOINTS.items():
        service = keystone.services.create(name, kind)
        for interface in ("public", "internal", "admin"):
            keystone.endpoints.create(service, url, interface=interface, region="RegionOne")
    own = client.Client(session=signed_in("minji", "data"))
    credential = own.application_credentials.create("howdah", user=minji.id)
    TOLD.write_text(json.dumps({
        "auth_url": AUTH_URL, "user": "minji", "password": "minji-password", "project": made["data"].id,
        "other_project": made["others"].id,
        "services": {kind: ENDPOINTS[kind][1] for kind in ("compute", "network", "image")},
        "application_credential": {"id": credential.id, "secret": credential.secret},
    }))


def images() -> None:
    from glanceclient import client

    glance = client.Client("2", session=signed_in("admin", "data"))
    told = json.loads(TOLD.read_text())
    told["images"] = {}
    for name in IMAGES:
        image = glance.images.create(name=name, container_format="bare", disk_format="raw", visibility="public")
        glance.images.upload(image.id, io.BytesIO(b"an image"))
        told["images"][name] = image.id
    TOLD.write_text(json.dumps(told))


{"projects": projects, "images": images}[sys.argv[2]]()
