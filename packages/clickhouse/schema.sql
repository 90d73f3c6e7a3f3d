-- Generated from the migrations. Do not edit: a test compares.

CREATE TABLE dead_letters
(
    `log` LowCardinality(String),
    `log_partition` UInt32,
    `log_offset` UInt64,
    `received_at` DateTime64(6, 'UTC'),
    `dialect` LowCardinality(String),
    `source` LowCardinality(String),
    `code` LowCardinality(String),
    `path` String,
    `message` String CODEC(ZSTD(1)),
    `event_id` String,
    `raw` String CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree
ORDER BY (log, log_partition, log_offset)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE event_ids
(
    `id_hash` UInt64,
    `content_hash` UInt64 CODEC(NONE),
    `received_at` DateTime64(6, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    `customer_key` UInt64 CODEC(ZSTD(1)),
    `log` LowCardinality(String),
    `log_partition` UInt32 CODEC(T64, ZSTD(1)),
    `log_offset` UInt64 CODEC(DoubleDelta, ZSTD(1)),
    INDEX log_offset_range log_offset TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree
ORDER BY (id_hash, content_hash, received_at, log, log_partition, log_offset)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 1024;

CREATE TABLE events
(
    `customer_key` UInt64 DEFAULT cityHash64(if(customer != '', customer, concat('\0', anonymous))),
    `occurred_at` DateTime64(6, 'UTC') CODEC(Delta(8), ZSTD(1)),
    `event_id` String CODEC(ZSTD(1)),
    `content_hash` UInt64 CODEC(NONE),
    `sequence` Int64 CODEC(T64, ZSTD(1)),
    `customer` String CODEC(ZSTD(1)),
    `anonymous` String CODEC(ZSTD(1)),
    `account` String CODEC(ZSTD(1)),
    `account_key` UInt64 DEFAULT if(account = '', 0, cityHash64(account)) CODEC(ZSTD(1)),
    `touchpoint` LowCardinality(String),
    `channel` LowCardinality(String),
    `team` LowCardinality(String),
    `direction` LowCardinality(String),
    `topic` LowCardinality(String),
    `sentiment` Nullable(Float64),
    `nps` Nullable(UInt8),
    `amount` Nullable(Decimal(38, 9)) CODEC(ZSTD(1)),
    `currency` LowCardinality(String),
    `properties` Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    `traits` Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    `received_at` DateTime64(6, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    `dialect` LowCardinality(String),
    `log` LowCardinality(String),
    `log_partition` UInt32 CODEC(T64, ZSTD(1)),
    `log_offset` UInt64 CODEC(DoubleDelta, ZSTD(1)),
    `copy_rank` UInt64 DEFAULT bitNot(toUInt64(toUnixTimestamp64Micro(received_at))) CODEC(DoubleDelta, ZSTD(1)),
    INDEX log_offset_range log_offset TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(copy_rank)
PARTITION BY toYear(occurred_at)
ORDER BY (customer_key, occurred_at, event_id, content_hash)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE superseded_events
(
    `content_hash` UInt64 CODEC(NONE),
    `event_id` String CODEC(ZSTD(1)),
    `customer_key` UInt64,
    `reason` LowCardinality(String),
    `winner_hash` UInt64 CODEC(NONE),
    `log` LowCardinality(String),
    `log_partition` UInt32 CODEC(T64, ZSTD(1)),
    `log_offset` UInt64 CODEC(DoubleDelta, ZSTD(1))
)
ENGINE = ReplacingMergeTree
ORDER BY (content_hash, event_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;
