-- What is told about alerts, and who has heard of it. `sequence` is microseconds since 1970; what is older than 400 days goes.

-- One row per transition of an alert, as it was told first. `body` is the whole of it, JSON.
-- shard by cityHash64(id)
CREATE TABLE IF NOT EXISTS alert_notifications
(
    id String CODEC(ZSTD),
    alert LowCardinality(String),
    journey LowCardinality(String),
    stage LowCardinality(String),
    segment_by LowCardinality(String),
    segment_value String CODEC(ZSTD),
    kind LowCardinality(String),
    state Enum8('firing' = 1, 'resolved' = 2),
    severity LowCardinality(String),
    started_at DateTime64(6, 'UTC'),
    resolved_at Nullable(DateTime64(6, 'UTC')),
    sequence Int64,
    body String CODEC(ZSTD)
)
ENGINE = ReplacingMergeTree
ORDER BY id
TTL toDateTime(intDiv(sequence, 1000000), 'UTC') + INTERVAL 400 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- One row per notification, channel and thing that was recorded about it; the highest `revision` holds. `due_at` is microseconds since 1970.
-- shard by cityHash64(notification)
CREATE TABLE IF NOT EXISTS alert_deliveries
(
    notification String CODEC(ZSTD),
    channel LowCardinality(String),
    sequence Int64,
    revision UInt32,
    state Enum8('waiting' = 1, 'standing' = 2, 'delivered' = 3, 'refused' = 4, 'replaced' = 5),
    attempts UInt32,
    due_at Int64,
    reason LowCardinality(String),
    detail String CODEC(ZSTD)
)
ENGINE = ReplacingMergeTree(revision)
ORDER BY (notification, channel)
TTL toDateTime(intDiv(sequence, 1000000), 'UTC') + INTERVAL 400 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
