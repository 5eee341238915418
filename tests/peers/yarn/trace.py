#!/usr/bin/env python3
"""trace.py APPLICATIONS NODES: writes what Hadoop's load simulator is to run.

In each of four queues nine of ten applications end after seconds and one stays for minutes. The simulator submits
all of them at once, whatever it is told, and the scheduler starts them as it can: one after the other they run and
end, and those that stay go on ending when all others have.
"""
import json
import sys

QUEUES = ["root.default", "root.eng.etl", "root.eng.adhoc", "root.ops"]
USERS = ["alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi"]
SHORT, LONG = 12, 15 * 60
# The simulator's random numbers want a spread above zero.
LEAST = 0.001


def spread(name: str, average: float, deviation: float = LEAST) -> dict[str, float]:
    return {f"{name}_avg": average, f"{name}_stddev": deviation}


def jobs(name: str, user: str, weight: float, seconds: int) -> dict:
    milliseconds = 1000 * seconds
    return {
        "class_name": f"{name}-{user}", "user_name": user, "class_weight": weight, "chance_of_reservation": 0.0,
        **spread("mtasks", 1), **spread("rtasks", 0.01), **spread("dur", 2 * seconds, 1),
        **spread("mtime", milliseconds, milliseconds / 2), **spread("rtime", 1), **spread("deadline_factor", 10),
        **spread("map_max_memory", 256), **spread("map_max_vcores", 1),
        **spread("reduce_max_memory", 256), **spread("reduce_max_vcores", 1),
    }


applications, nodes = map(int, sys.argv[1:3])
json.dump({
    "description": "many that are short, some that stay", "rand_seed": 1,
    "num_jobs": applications, "num_nodes": nodes, "nodes_per_rack": 20,
    "workloads": [{
        "workload_name": queue.rsplit(".", 1)[-1], "queue_name": queue, "workload_weight": 1 / len(QUEUES),
        "job_classes": [jobs(*kind) for user in USERS for kind in (("short", user, 0.9, SHORT), ("long", user, 0.1, LONG))],
        "time_distribution": [{"time": 1, "weight": 1}],
    } for queue in QUEUES],
}, sys.stdout)
