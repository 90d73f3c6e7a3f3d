-- The facts that come straight from the log.
-- "shard by" names the sharding key that a cluster uses; without a cluster it is only a comment.
-- Every table fsyncs its inserts, because log records may be trimmed once their rows stand here.

-- shard by customer_key
CREATE TABLE IF NOT EXISTS events
(
    customer_key UInt64 DEFAULT cityHash64(if(customer != '', customer, concat('\0', anonymous))),
    occurred_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD),
    event_id String CODEC(ZSTD),
    content_hash UInt64 CODEC(NONE),
    sequence Int64 CODEC(T64, ZSTD),
    customer String CODEC(ZSTD),
    anonymous String CODEC(ZSTD),
    account String CODEC(ZSTD),
    account_key UInt64 DEFAULT if(account = '', 0, cityHash64(account)) CODEC(ZSTD),
    touchpoint LowCardinality(String),
    channel LowCardinality(String),
    team LowCardinality(String),
    direction LowCardinality(String),
    topic LowCardinality(String),
    sentiment Nullable(Float64),
    nps Nullable(UInt8),
    amount Nullable(Decimal(38, 9)) CODEC(ZSTD),
    currency LowCardinality(String),
    properties Map(LowCardinality(String), String) CODEC(ZSTD),
    traits Map(LowCardinality(String), String) CODEC(ZSTD),
    received_at DateTime64(6, 'UTC') CODEC(DoubleDelta, ZSTD),
    dialect LowCardinality(String),
    log LowCardinality(String),
    log_partition UInt32 CODEC(T64, ZSTD),
    log_offset UInt64 CODEC(DoubleDelta, ZSTD),
    copy_rank UInt64 DEFAULT bitNot(toUInt64(toUnixTimestamp64Micro(received_at))) CODEC(DoubleDelta, ZSTD),
    INDEX log_offset_range log_offset TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(copy_rank)
PARTITION BY toYear(occurred_at)
ORDER BY (customer_key, occurred_at, event_id, content_hash)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Copies of an event id that lost against an earlier receipt with other content. Readers leave these hashes out.
-- customer_key is that of the loser, so that the row stands on the shard of the event that it hides.
-- shard by customer_key
CREATE TABLE IF NOT EXISTS superseded_events
(
    content_hash UInt64 CODEC(NONE),
    event_id String CODEC(ZSTD),
    customer_key UInt64,
    reason LowCardinality(String),
    winner_hash UInt64 CODEC(NONE),
    log LowCardinality(String),
    log_partition UInt32 CODEC(T64, ZSTD),
    log_offset UInt64 CODEC(DoubleDelta, ZSTD)
)
ENGINE = ReplacingMergeTree
ORDER BY (content_hash, event_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Which contents each event id was received with; the sink finds earlier copies here. id_hash = the
-- first 64 bits of SHA-256(event_id).
-- shard by id_hash
CREATE TABLE IF NOT EXISTS event_ids
(
    id_hash UInt64,
    content_hash UInt64 CODEC(NONE),
    received_at DateTime64(6, 'UTC') CODEC(DoubleDelta, ZSTD),
    customer_key UInt64 CODEC(ZSTD),
    log LowCardinality(String),
    log_partition UInt32 CODEC(T64, ZSTD),
    log_offset UInt64 CODEC(DoubleDelta, ZSTD),
    INDEX log_offset_range log_offset TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree
ORDER BY (id_hash, content_hash, received_at, log, log_partition, log_offset)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 1024;

-- Log records that did not become an event, with the reason.
-- shard by log_offset
CREATE TABLE IF NOT EXISTS dead_letters
(
    log LowCardinality(String),
    log_partition UInt32,
    log_offset UInt64,
    received_at DateTime64(6, 'UTC'),
    dialect LowCardinality(String),
    source LowCardinality(String),
    code LowCardinality(String),
    path String,
    message String CODEC(ZSTD),
    event_id String,
    raw String CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree
ORDER BY (log, log_partition, log_offset)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
