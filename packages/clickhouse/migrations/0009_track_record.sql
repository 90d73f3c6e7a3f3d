-- What scores of some time ago came to, as it was known at `as_of` (µs since 1970), appended every night. One row per journey and night; of several of one `as_of`
-- the one with the smallest `evaluated_at` counts. `version` is that of the definition. `stages`, `bands` and `suggestions` are JSON. What is older than 800
-- days goes.
-- shard by cityHash64(journey)
CREATE TABLE IF NOT EXISTS health_track_records
(
    journey LowCardinality(String),
    as_of Int64,
    evaluated_at Int64,
    version UInt32,
    stages String CODEC(ZSTD),
    bands String CODEC(ZSTD),
    suggestions String CODEC(ZSTD)
)
ENGINE = ReplacingMergeTree
ORDER BY (journey, as_of, evaluated_at)
TTL toDateTime(intDiv(as_of, 1000000), 'UTC') + INTERVAL 800 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
