-- What the topic of signals says, so that the difference between that and the journeys can be told.

-- One row per fact (a transition of a unit between stages) and step. `step` is twice the revision of the signal, plus one once
-- the log has it; the highest holds. An odd revision says that the fact is true, an even one that it isn't any more. `unit_key`
-- is that of `unit_journeys`; `at` is microseconds since 1970. What is older than thirty days is not looked at any more.
-- shard by unit_key
CREATE TABLE IF NOT EXISTS announced_signals
(
    journey LowCardinality(String),
    unit_key UInt64,
    id String CODEC(ZSTD),
    step UInt32,
    version UInt32,
    kind Enum8('customer' = 1, 'account' = 2),
    unit String CODEC(ZSTD),
    anonymous String CODEC(ZSTD),
    cycle UInt32,
    visit UInt32,
    stage_from LowCardinality(String),
    stage_to LowCardinality(String),
    outcome LowCardinality(String),
    reason String CODEC(ZSTD),
    at Int64 CODEC(ZSTD)
)
ENGINE = ReplacingMergeTree(step)
PARTITION BY intDiv(at, 604800000000)
ORDER BY (journey, unit_key, id)
TTL toDateTime(intDiv(at, 1000000), 'UTC') + INTERVAL 35 DAY
SETTINGS ttl_only_drop_parts = 1, fsync_after_insert = 1, fsync_part_directory = 1;

-- Derivations whose units have been compared with the signals since they became active.
-- shard by derivation
CREATE TABLE IF NOT EXISTS announced_derivations
(
    derivation UInt32
)
ENGINE = ReplacingMergeTree
ORDER BY derivation
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
