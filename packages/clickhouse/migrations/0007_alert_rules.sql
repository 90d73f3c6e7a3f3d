-- Rules of alerts, what became of each evaluation, and which alerter it is that evaluates. Versions and instants are microseconds since 1970.

-- One row per change of a rule; the highest `version` holds. `source` is the YAML text of the one rule, empty where the change took it away.
-- shard by cityHash64(alert)
CREATE TABLE IF NOT EXISTS alert_rules
(
    alert String,
    version Int64,
    source String CODEC(ZSTD),
    is_deleted UInt8,
    origin Enum8('file' = 1, 'api' = 2),
    changed_at DateTime64(6, 'UTC'),
    changed_by String
)
ENGINE = ReplacingMergeTree
ORDER BY (alert, version)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- One row per evaluation of a rule: what is remembered of it afterwards, what happened, and what is to be told, JSON. `source` is the rule as
-- it was evaluated.
-- shard by cityHash64(alert)
CREATE TABLE IF NOT EXISTS alert_evaluations
(
    alert String,
    evaluated_at Int64,
    journey LowCardinality(String),
    source String CODEC(ZSTD),
    state String CODEC(ZSTD),
    transitions String CODEC(ZSTD),
    notices String CODEC(ZSTD),
    rows String CODEC(ZSTD)
)
ENGINE = ReplacingMergeTree
ORDER BY (alert, evaluated_at)
TTL toDateTime(intDiv(evaluated_at, 1000000), 'UTC') + INTERVAL 400 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Evaluations of which the outbox has everything that was to be told.
-- shard by cityHash64(alert)
CREATE TABLE IF NOT EXISTS alert_told
(
    alert String,
    evaluated_at Int64
)
ENGINE = ReplacingMergeTree
ORDER BY (alert, evaluated_at)
TTL toDateTime(intDiv(evaluated_at, 1000000), 'UTC') + INTERVAL 400 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Signs of life of the alerters, by the clock of the server: who wants to lead, who leads, who does no more.
-- shard by cityHash64(lease)
CREATE TABLE IF NOT EXISTS alert_leases
(
    lease LowCardinality(String),
    holder String,
    at DateTime64(6, 'UTC') DEFAULT now64(6),
    kind Enum8('claim' = 1, 'lead' = 2, 'end' = 3)
)
ENGINE = MergeTree
ORDER BY (lease, at)
TTL toDateTime(at) + INTERVAL 1 DAY;
