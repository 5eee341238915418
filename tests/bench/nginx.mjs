// nginx, twice: as a service that answers at once, and as the proxy that Howdah is measured beside.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { start } from "./programs.mjs";

/** Where the service has what a ResourceManager has there. */
export const SMALL = "/ws/v1/cluster/metrics";
export const LARGE = "/ws/v1/cluster/apps";

/** What it answers to a small read. */
const METRICS = {
  clusterMetrics: {
    appsSubmitted: 10_000, appsCompleted: 9_678, appsPending: 12, appsRunning: 288, appsFailed: 10, appsKilled: 12,
    reservedMB: 0, availableMB: 1_234_568, allocatedMB: 765_432, pendingMB: 0, reservedVirtualCores: 0,
    availableVirtualCores: 1_200, allocatedVirtualCores: 800, pendingVirtualCores: 0, containersAllocated: 400,
    containersReserved: 0, containersPending: 0, totalMB: 2_000_000, totalVirtualCores: 2_000, totalNodes: 200,
    utilizedMBPercent: 38, utilizedVirtualCoresPercent: 40, rmSchedulerBusyPercent: 1, lostNodes: 0,
    unhealthyNodes: 1, decommissioningNodes: 0, decommissionedNodes: 0, rebootedNodes: 0, activeNodes: 199,
    shutdownNodes: 0, totalUsedResourcesAcrossPartition: { memory: 765_432, vCores: 800 },
    totalClusterResourcesAcrossPartition: { memory: 2_000_000, vCores: 2_000 },
  },
};

/** An application that has ended, as a ResourceManager lists it; one in twenty failed and says why at length. */
function application(number) {
  const id = `1700000000000_${`${number}`.padStart(5, "0")}`;
  const failed = number % 20 === 0;
  const node = `node-${number % 200}.example:8042`;
  const begun = 1_700_000_000_000 + number * 1_000;
  const why = `Application application_${id} failed 2 times due to AM Container for appattempt_${id}_000002 exited with`;
  return {
    id: `application_${id}`, user: "etl", name: `일일 매출 daily report for sales ${number}`, queue: "root.default",
    state: failed ? "FAILED" : "FINISHED", finalStatus: failed ? "FAILED" : "SUCCEEDED", progress: 100,
    trackingUI: "History", trackingUrl: `http://rm.example:8088/proxy/application_${id}/`,
    diagnostics: failed ? `${why}  exitCode: 1\nFailing this attempt.Diagnostics: "exit 1" from container-launch.\n` : "",
    clusterId: 1_700_000_000_000, applicationType: "SPARK", applicationTags: "", priority: 0, startedTime: begun,
    launchTime: begun + 100, finishedTime: begun + 60_000, elapsedTime: 60_000,
    amContainerLogs: `http://${node}/node/containerlogs/container_${id}_01_000001/etl`, amHostHttpAddress: node,
    allocatedMB: -1, allocatedVCores: -1, reservedMB: -1, reservedVCores: -1, runningContainers: -1,
    memorySeconds: 123_456, vcoreSeconds: 120, queueUsagePercentage: 0, clusterUsagePercentage: 0,
    resourceSecondsMap: { entry: { key: "memory-mb", value: "123456" } }, preemptedResourceMB: 0,
    preemptedResourceVCores: 0, numNonAMContainerPreempted: 0, numAMContainerPreempted: 0,
    logAggregationStatus: "SUCCEEDED", unmanagedApplication: false, amNodeLabelExpression: "",
  };
}

/** A list of so many bytes, and a last application that tells a secret. */
function list(bytes, secret) {
  const rows = [];
  for (let length = 0, number = 0; length < bytes; number++) {
    const row = JSON.stringify(application(number));
    rows.push(row);
    length += Buffer.byteLength(row) + 1;
  }
  rows.push(JSON.stringify({ ...application(rows.length), diagnostics: `called with ${secret}` }));
  return `{"apps":{"app":[${rows.join(",")}]}}`;
}

/** Starts the service; its list has so many bytes and tells a secret. */
export async function service(folder, cores, port, bytes, secret) {
  const files = await made(join(folder, "service"));
  await writeFile(join(files, "list.json"), list(bytes, secret));
  return nginx(files, cores, `
    access_log off;
    sendfile on;
    tcp_nopush on;
    server {
        listen 127.0.0.1:${port};
        location = ${SMALL} { return 200 '${JSON.stringify(METRICS)}'; }
        location = ${LARGE} { alias ${files}/list.json; }
    }`);
}

/** Starts a proxy before that, which adds a header and keeps its connections, as one does who hides a key behind it. */
export async function peer(folder, cores, port, to, secret) {
  const files = await made(join(folder, "peer"));
  return nginx(files, cores, `
    access_log ${files}/access.log;
    upstream service {
        server 127.0.0.1:${to};
        keepalive 64;
        keepalive_requests 100000000;
    }
    server {
        listen 127.0.0.1:${port};
        location / {
            proxy_pass http://service;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Credential-Secret ${secret};
            proxy_max_temp_file_size 0;
        }
    }`);
}

async function made(folder) {
  await mkdir(folder);
  return folder;
}

async function nginx(folder, cores, http) {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  await writeFile(join(folder, "nginx.conf"), `
daemon off;
${process.getuid() === 0 ? "user root;" : ""}
worker_processes ${cores.length};
pid ${folder}/nginx.pid;
error_log stderr notice;
events {
    worker_connections 1024;
}
http {
    default_type application/json;
    keepalive_requests 100000000;
    ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join("\n    ")}
${http}
}
`);
  return start("taskset", ["-c", cores.join(","), "nginx", "-e", "stderr", "-p", folder, "-c", join(folder, "nginx.conf")], /start worker process \d/);
}
