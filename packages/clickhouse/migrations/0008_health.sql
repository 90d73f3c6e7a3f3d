-- Scores, signals and tasks of units (customers or accounts), appended as of the moment of their evaluation. Times are microseconds since 1970.
-- Rows of an evaluation count once `health_evaluations` has its row: those with its `as_of` and `evaluated_at`. `unit_key`, `unit` and `anonymous`
-- are those of `unit_journeys`. What is older than 800 days goes: the longest horizon, and two years to look back on.

-- One row per evaluation of a journey that was finished. Of several of one `as_of` the one with the smallest `evaluated_at` counts. `version` is that of
-- the definition, `rules_hash` of what it says of health. An evaluation that was made up after the fact (`is_backfilled`) told nobody.
-- shard by cityHash64(journey)
CREATE TABLE IF NOT EXISTS health_evaluations
(
    journey LowCardinality(String),
    as_of Int64,
    evaluated_at Int64,
    version UInt32,
    rules_hash UInt64,
    units UInt64,
    changes UInt64,
    is_backfilled UInt8
)
ENGINE = ReplacingMergeTree
ORDER BY (journey, as_of, evaluated_at)
TTL toDateTime(intDiv(as_of, 1000000), 'UTC') + INTERVAL 800 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- One row per unit with an open visit. `ledger` is JSON: the lines whose points add up to the score, with their evidence. `golden` is the evidence of
-- golden time, JSON, empty if it isn't. `segments` are the values at the begin of the visit, by name.
-- shard by unit_key
CREATE TABLE IF NOT EXISTS health_scores
(
    journey LowCardinality(String),
    as_of Int64 CODEC(Delta, ZSTD),
    evaluated_at Int64 CODEC(Delta, ZSTD),
    unit_key UInt64,
    kind Enum8('customer' = 1, 'account' = 2),
    unit String CODEC(ZSTD),
    anonymous String CODEC(ZSTD),
    stage LowCardinality(String),
    entered_at Int64 CODEC(ZSTD),
    cycle_at Int64 CODEC(ZSTD),
    segments Map(LowCardinality(String), String) CODEC(ZSTD),
    score UInt8,
    ledger String CODEC(ZSTD),
    golden String CODEC(ZSTD),
    is_backfilled UInt8
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(toDateTime(intDiv(as_of, 1000000), 'UTC'))
ORDER BY (journey, as_of, evaluated_at, unit_key)
TTL toDateTime(intDiv(as_of, 1000000), 'UTC') + INTERVAL 800 DAY
SETTINGS ttl_only_drop_parts = 1, fsync_after_insert = 1, fsync_part_directory = 1;

-- One row per signal that an evaluation raised or cleared. `raised_at` is since when it stands (of one that is cleared: stood); `score` is null of a unit that
-- left its last stage (`why` is left then). `moved` is JSON: the lines of the ledger that moved since the evaluation before, the largest change first.
-- shard by unit_key
CREATE TABLE IF NOT EXISTS health_signals
(
    journey LowCardinality(String),
    as_of Int64,
    evaluated_at Int64,
    unit_key UInt64,
    signal Enum8('churn' = 1, 'expansion' = 2, 'golden_time' = 3),
    id String CODEC(ZSTD),
    change Enum8('raised' = 1, 'cleared' = 2),
    raised_at Int64,
    why Enum8('score' = 1, 'left' = 2),
    kind Enum8('customer' = 1, 'account' = 2),
    unit String CODEC(ZSTD),
    anonymous String CODEC(ZSTD),
    stage LowCardinality(String),
    score Nullable(UInt8),
    score_before Nullable(UInt8),
    moved String CODEC(ZSTD),
    is_backfilled UInt8
)
ENGINE = ReplacingMergeTree
ORDER BY (journey, as_of, evaluated_at, unit_key, signal)
TTL toDateTime(intDiv(as_of, 1000000), 'UTC') + INTERVAL 800 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- What somebody is to do because a signal was raised. `text` is by language. `signal_id` is the id of that signal's row.
-- shard by unit_key
CREATE TABLE IF NOT EXISTS health_tasks
(
    journey LowCardinality(String),
    as_of Int64,
    evaluated_at Int64,
    unit_key UInt64,
    id String CODEC(ZSTD),
    signal_id String CODEC(ZSTD),
    owner String,
    due_at Int64,
    text Map(LowCardinality(String), String) CODEC(ZSTD)
)
ENGINE = ReplacingMergeTree
ORDER BY (journey, as_of, evaluated_at, unit_key, id)
TTL toDateTime(intDiv(as_of, 1000000), 'UTC') + INTERVAL 800 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Evaluations of which the channels' outbox has everything that was to be told.
-- shard by cityHash64(journey)
CREATE TABLE IF NOT EXISTS health_told
(
    journey LowCardinality(String),
    as_of Int64
)
ENGINE = ReplacingMergeTree
ORDER BY (journey, as_of)
TTL toDateTime(intDiv(as_of, 1000000), 'UTC') + INTERVAL 800 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
