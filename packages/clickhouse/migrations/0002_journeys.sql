-- What follows from the events for every unit (customer or account) and journey, and the journal of definitions.

-- One row is everything about one unit under one derivation (of one version of a journey), so that a
-- recomputation replaces it as a whole. Visits, touches, responses and path are in the order of the unit's timeline. Times are
-- microseconds since 1970; stages count from 1 in the order of the definition, 0 is none; `visit` counts from 1 into
-- `visits`, 0 is an event outside of every visit. `rank` grows with the set of events that was looked at: the richer row wins.
-- shard by unit_key
CREATE TABLE IF NOT EXISTS unit_journeys
(
    derivation UInt32,
    unit_key UInt64,
    rank UInt128 CODEC(ZSTD),
    unit String CODEC(ZSTD),
    anonymous String CODEC(ZSTD),
    visit_cycle Array(UInt32) CODEC(ZSTD),
    visit_stage Array(UInt8),
    visit_entered Array(Int64) CODEC(ZSTD),
    visit_ended Array(Int64) CODEC(ZSTD),
    visit_outcome Array(Enum8('open' = 0, 'advanced' = 1, 'returned' = 2, 'lost' = 3, 'silent' = 4, 'completed' = 5)),
    visit_next Array(UInt8),
    visit_reason Array(LowCardinality(String)),
    visit_active Array(Int64) CODEC(ZSTD),
    visit_segments Array(Array(LowCardinality(String))),
    touch_visit Array(UInt32) CODEC(ZSTD),
    touch_touchpoint Array(LowCardinality(String)),
    touch_first Array(Int64) CODEC(ZSTD),
    touch_last Array(Int64) CODEC(ZSTD),
    touch_count Array(UInt32) CODEC(ZSTD),
    touch_is_last Array(UInt8),
    response_at Array(Int64) CODEC(ZSTD),
    response_visit Array(UInt32) CODEC(ZSTD),
    response_customer Array(UInt64) CODEC(ZSTD),
    response_touchpoint Array(LowCardinality(String)),
    response_after Array(LowCardinality(String)),
    response_nps Array(Int8),
    response_sentiment Array(Float64) CODEC(ZSTD),
    response_asked Array(UInt8),
    path_at Array(Int64) CODEC(ZSTD),
    path_visit Array(UInt32) CODEC(ZSTD),
    path_touchpoint Array(LowCardinality(String))
)
ENGINE = ReplacingMergeTree(rank)
PARTITION BY derivation
ORDER BY (derivation, unit_key)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Traits of a customer: what was set first and what holds now, with the bounds of the timeline.
-- shard by customer_key
CREATE TABLE IF NOT EXISTS customers
(
    customer_key UInt64,
    rank UInt128 CODEC(ZSTD),
    customer String CODEC(ZSTD),
    anonymous String CODEC(ZSTD),
    account String CODEC(ZSTD),
    first_at Int64,
    last_at Int64,
    events UInt64 CODEC(T64, ZSTD),
    first_traits Map(LowCardinality(String), String) CODEC(ZSTD),
    last_traits Map(LowCardinality(String), String) CODEC(ZSTD)
)
ENGINE = ReplacingMergeTree(rank)
ORDER BY customer_key
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Which customers ever sent an event that carries the account. It only grows.
-- shard by account_key
CREATE TABLE IF NOT EXISTS account_members
(
    account_key UInt64,
    customer_key UInt64
)
ENGINE = ReplacingMergeTree
ORDER BY (account_key, customer_key)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Units that a round of the projector is about to derive. A round's partition is dropped when it is done.
-- shard by unit_key
CREATE TABLE IF NOT EXISTS dirty_units
(
    round String,
    unit_key UInt64 DEFAULT cityHash64(if(customer != '', customer, concat('\0', anonymous))),
    customer String,
    anonymous String
)
ENGINE = MergeTree
PARTITION BY round
ORDER BY unit_key;

-- Journey definitions as they were applied. The source is the YAML text of the one journey.
-- shard by log_offset
CREATE TABLE IF NOT EXISTS journey_definitions
(
    journey String,
    version UInt32,
    source String CODEC(ZSTD),
    applied_at DateTime64(6, 'UTC'),
    applied_by String,
    log LowCardinality(String),
    log_partition UInt32,
    log_offset UInt64
)
ENGINE = ReplacingMergeTree
ORDER BY (journey, version, log, log_partition, log_offset)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Derivations of journey versions. Of several rows of a derivation the one with the greatest `step` holds; of several active
-- derivations of a journey the one with the greatest number. `hash` is that of the definition's source.
-- shard by derivation
CREATE TABLE IF NOT EXISTS derivations
(
    derivation UInt32,
    journey String,
    version UInt32,
    hash UInt64,
    state Enum8('building' = 1, 'active' = 2, 'retired' = 3),
    step UInt64,
    changed_at DateTime64(6, 'UTC'),
    units_done UInt64,
    units_total UInt64
)
ENGINE = ReplacingMergeTree(step)
ORDER BY derivation
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Improvements that somebody recorded. A later record of the same id replaces the earlier one.
-- shard by log_offset
CREATE TABLE IF NOT EXISTS improvements
(
    id String,
    journey String,
    stage String,
    title String,
    at DateTime64(6, 'UTC'),
    segment_name String,
    segment_values Array(String),
    owner String,
    hypothesis String CODEC(ZSTD),
    due Nullable(DateTime64(6, 'UTC')),
    recorded_at DateTime64(6, 'UTC'),
    recorded_by String,
    log LowCardinality(String),
    log_partition UInt32,
    log_offset UInt64
)
ENGINE = ReplacingMergeTree
ORDER BY (id, log, log_partition, log_offset)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
