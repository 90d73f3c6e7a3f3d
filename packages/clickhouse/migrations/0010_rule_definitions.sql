-- Rules of alerts that came through the log, as opposed to those of files (alert_rules). One row per record; the last one of an alert in its log
-- holds. `source` is the YAML text of the one rule, empty where the record took it away.
-- shard by log_offset
CREATE TABLE IF NOT EXISTS rule_definitions
(
    alert String,
    source String CODEC(ZSTD),
    is_deleted UInt8,
    changed_at DateTime64(6, 'UTC'),
    changed_by String,
    log LowCardinality(String),
    log_partition UInt32,
    log_offset UInt64
)
ENGINE = ReplacingMergeTree
ORDER BY (alert, log, log_partition, log_offset)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
