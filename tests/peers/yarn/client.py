#!/usr/bin/env python3
"""client.py THEIRS OURS [SIMULATED]: the same calls of yarn-api-client to a ResourceManager, through Howdah to it, and
through Howdah to the sandbox's. What is answered otherwise stands below with its reason, and all of that must happen.

HOWDAH_PEERS_TOKEN is a token that may administer both of Howdah's connections, which listen at OURS and SIMULATED.
"""
import os
import re
import sys
import time
from collections.abc import Callable

from requests.auth import HTTPBasicAuth
from yarn_api_client import ResourceManager
from yarn_api_client.auth import SimpleAuth
from yarn_api_client.errors import APIError

THROUGH_HOWDAH = {
    "priority": "not of the reference: 404 of Howdah's own, as for every operation that it does not have",
    "timeouts": "not of the reference",
    "reservations": "not of the reference",
    "scheduler settings": "not of the reference",
    "a submission of what is not known": "the ResourceManager takes it and drops what it does not know; Howdah refuses it",
}
OF_THE_SANDBOX = {
    "priority": "not of the reference",
    "timeouts": "not of the reference",
    "reservations": "not of the reference",
    "scheduler settings": "not of the reference",
    "a submission of what is not known": "as above",
}
# Members that come and go: with a container, a label, with what was asked for or done before.
PASSING = re.compile(r"\b(amContainerLogs|amHostHttpAddress|trackingUrl|amRPCAddress|resourceRequests|nodeLabels|queues"
                     r"|resourceSecondsMap|preemptedResourceSecondsMap|users|launchTime|nodesBlacklistedBySystem|attributes)\b")


def shape(value, place=""):
    """Every member's place and kind."""
    if isinstance(value, dict):
        found = set().union(*(shape(member, f"{place}.{name}") for name, member in value.items())) if value else {place}
    elif isinstance(value, list):
        found = set().union(*(shape(item, f"{place}[]") for item in value)) if value else {place}
    else:
        # a float that is none is written as text
        number = isinstance(value, (int, float)) and not isinstance(value, bool) or value == "NaN"
        kind = "number" if number else type(value).__name__
        found = {f"{place}: {kind}"}
    return {one for one in found if not PASSING.search(one)}


def told(call: Callable):
    try:
        return "said", shape(call().data)
    except APIError as error:
        return "refused", int(re.search(r"status: (\d+)", str(error)).group(1))


def settle(client, application, states):
    for _ in range(240):
        if client.cluster_application_state(application).data["state"] in states:
            return
        time.sleep(0.25)
    sys.exit(f"{application} came to none of {states}")


def calls(address: str, auth, queue: str):
    """What each call was answered, by what it is called here."""
    client = ResourceManager(service_endpoints=[address], auth=auth)
    found = {}
    found["information"] = told(client.cluster_information)
    found["metrics"] = told(client.cluster_metrics)
    found["scheduler"] = told(client.cluster_scheduler)
    found["statistics"] = told(lambda: client.cluster_application_statistics(states=["ACCEPTED"]))
    found["statistics of two types"] = told(lambda: client.cluster_application_statistics(application_types=["a", "b"]))
    found["nodes"] = told(client.cluster_nodes)
    found["nodes that are not there"] = told(lambda: client.cluster_node("nowhere:1"))
    node = client.cluster_nodes().data["nodes"]["node"][0]["id"]
    found["node"] = told(lambda: client.cluster_node(node))
    found["a new id"] = told(client.cluster_new_application)

    application = client.cluster_new_application().data["application-id"]
    submission = {
        "application-id": application, "application-name": "by a client", "application-type": "TEST", "queue": queue,
        "am-container-spec": {"commands": {"command": "sleep 600"},
                              "environment": {"entry": [{"key": "A", "value": "1"}]}},
        "resource": {"memory": 128, "vCores": 1}, "max-app-attempts": 1, "application-tags": {"tag": ["t"]}}
    found["a submission"] = told(lambda: client.cluster_submit_application(submission))
    found["the same again"] = told(lambda: client.cluster_submit_application(submission))
    settle(client, application, {"ACCEPTED", "RUNNING"})
    found["application"] = told(lambda: client.cluster_application(application))
    found["attempts"] = told(lambda: client.cluster_application_attempts(application))
    found["state"] = told(lambda: client.cluster_application_state(application))
    found["queue"] = told(lambda: client.cluster_get_application_queue(application))
    found["applications"] = told(lambda: client.cluster_applications(states=["ACCEPTED", "RUNNING"]))
    found["applications by everything"] = told(lambda: client.cluster_applications(
        states=["KILLED"], user="nobody", limit="1", started_time_begin=1, started_time_end=2,
        finished_time_begin=1, finished_time_end=2, application_types=["a"], application_tags=["b"]))
    found["a queue that is not there"] = told(lambda: client.cluster_applications(queue="nope"))
    found["a move to nowhere"] = told(lambda: client.cluster_change_application_queue(application, "nope"))
    found["a move"] = told(lambda: client.cluster_change_application_queue(application, queue))
    found["priority"] = told(lambda: client.cluster_get_application_priority(application))
    found["timeouts"] = told(lambda: client.cluster_application_timeouts(application))
    found["reservations"] = told(lambda: client.cluster_reservations(queue=queue))
    found["scheduler settings"] = told(client.cluster_scheduler_conf_mutation)
    found["a kill"] = told(lambda: client.cluster_application_kill(application))
    settle(client, application, {"KILLED"})
    found["a kill of the killed"] = told(lambda: client.cluster_application_kill(application))
    found["the killed"] = told(lambda: client.cluster_application(application))
    found["a move of the killed"] = told(lambda: client.cluster_change_application_queue(application, queue))
    found["an application of another cluster"] = told(lambda: client.cluster_application("application_1_0001"))
    found["a kill of such a one"] = told(lambda: client.cluster_application_kill("application_1_0001"))
    found["an id that is none"] = told(lambda: client.cluster_application("zzz"))

    unknown = submission | {"application-id": client.cluster_new_application().data["application-id"], "wish": 1}
    found["a submission of what is not known"] = told(lambda: client.cluster_submit_application(unknown))
    if found["a submission of what is not known"][0] == "said":
        client.cluster_application_kill(unknown["application-id"])
    too_much = submission | {"application-id": unknown["application-id"], "resource": {"memory": 999_999, "vCores": 1}}
    found["too much memory"] = told(lambda: client.cluster_submit_application(too_much))
    found["no id"] = told(lambda: client.cluster_submit_application({"application-name": "x"}))
    found["a delegation token"] = told(lambda: client.cluster_new_delegation_token("howdah"))
    return found


def differ(what: str, theirs, ours, known) -> list[str]:
    wrong = []
    for name, meant in theirs.items():
        if ours[name] == meant and name in known:
            wrong.append(f"{what}: {name} is no different any more")
        elif ours[name] != meant and name not in known:
            (left, right) = (meant[1], ours[name][1])
            if isinstance(left, set) and isinstance(right, set):
                left, right = sorted(left - right), sorted(right - left)
            wrong.append(f"{what}: {name} is told as {left} there and as {right} here")
    return wrong


def main(theirs: str, ours: str, simulated: str | None = None) -> None:
    auth = HTTPBasicAuth("any", os.environ["HOWDAH_PEERS_TOKEN"])
    real = calls(theirs, SimpleAuth("admin"), "root.default")
    wrong = differ("through Howdah", real, calls(ours, auth, "root.default"), THROUGH_HOWDAH)
    if simulated:
        wrong += differ("the sandbox", real, calls(simulated, auth, "root.default"), OF_THE_SANDBOX)
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"{len(real)} calls of yarn-api-client")


main(*sys.argv[1:])
