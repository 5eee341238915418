-- Requests, what was seen of them, and sessions. Instants are milliseconds since the epoch; JSON is text; flags are 0
-- or 1. What is read often stands before what is large.

CREATE TABLE requests (
    -- Sorts by creation.
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    connection TEXT NOT NULL,
    operation TEXT NOT NULL,
    -- The first path parameter; empty where there is none.
    cluster TEXT NOT NULL,
    principal TEXT NOT NULL,
    created BIGINT NOT NULL,
    sent BIGINT,
    answered BIGINT,
    ended BIGINT,
    checked BIGINT,
    adopted BIGINT NOT NULL,
    service_id TEXT,
    status BIGINT,
    stage TEXT,
    -- Following: whether there is a way to, when to look next (only while it is followed), how often in a row the
    -- service did not know it, and who is looking until when.
    follow BIGINT NOT NULL,
    due BIGINT,
    misses BIGINT NOT NULL,
    owner TEXT,
    lease_until BIGINT,
    -- Null once it is forgotten.
    idempotency_key TEXT,
    fingerprint TEXT,
    words TEXT,
    -- The path parameters: by name as an object, and in their order as a list.
    target TEXT NOT NULL,
    segments TEXT NOT NULL,
    body TEXT,
    -- What the caller was given; without a body where that was too large to keep.
    answer_status BIGINT,
    answer_body TEXT
);

CREATE UNIQUE INDEX requests_key ON requests (principal, connection, operation, idempotency_key);
CREATE INDEX requests_connection ON requests (connection, id);
CREATE INDEX requests_state ON requests (connection, state, id);
CREATE INDEX requests_cluster ON requests (connection, cluster, id);
CREATE INDEX requests_cluster_state ON requests (connection, cluster, state, id);
CREATE INDEX requests_cluster_accepted ON requests (connection, cluster, id, state) WHERE service_id IS NOT NULL;
CREATE INDEX requests_service_id ON requests (connection, service_id) WHERE service_id IS NOT NULL;
CREATE INDEX requests_due ON requests (due) WHERE due IS NOT NULL;

CREATE TABLE events (
    request TEXT NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    state TEXT NOT NULL,
    stage TEXT,
    words TEXT,
    PRIMARY KEY (request, number)
);

CREATE TABLE sessions (
    -- Of the session's token; the token itself is nowhere.
    hash TEXT PRIMARY KEY,
    principal TEXT NOT NULL,
    -- The configured token that it was made with.
    token_id TEXT,
    created BIGINT NOT NULL,
    seen BIGINT NOT NULL,
    -- How long it lasts unused, in ms, and when it ends in any case.
    idle BIGINT NOT NULL,
    expires BIGINT NOT NULL
);

CREATE INDEX sessions_token ON sessions (token_id);

-- One row, which is locked to do one thing at a time and written to see whether that is possible.
CREATE TABLE latch (
    turned BIGINT NOT NULL
);

INSERT INTO latch (turned) VALUES (0);
