-- Generated from the migrations. Do not edit: a test compares.

CREATE TABLE account_members
(
    `account_key` UInt64,
    `customer_key` UInt64
)
ENGINE = ReplacingMergeTree
ORDER BY (account_key, customer_key)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE alert_deliveries
(
    `notification` String CODEC(ZSTD(1)),
    `channel` LowCardinality(String),
    `sequence` Int64,
    `revision` UInt32,
    `state` Enum8('waiting' = 1, 'standing' = 2, 'delivered' = 3, 'refused' = 4, 'replaced' = 5),
    `attempts` UInt32,
    `due_at` Int64,
    `reason` LowCardinality(String),
    `detail` String CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(revision)
ORDER BY (notification, channel)
TTL toDateTime(intDiv(sequence, 1000000), 'UTC') + toIntervalDay(400)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE alert_evaluations
(
    `alert` String,
    `evaluated_at` Int64,
    `journey` LowCardinality(String),
    `source` String CODEC(ZSTD(1)),
    `state` String CODEC(ZSTD(1)),
    `transitions` String CODEC(ZSTD(1)),
    `notices` String CODEC(ZSTD(1)),
    `rows` String CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree
ORDER BY (alert, evaluated_at)
TTL toDateTime(intDiv(evaluated_at, 1000000), 'UTC') + toIntervalDay(400)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE alert_leases
(
    `lease` LowCardinality(String),
    `holder` String,
    `at` DateTime64(6, 'UTC') DEFAULT now64(6),
    `kind` Enum8('claim' = 1, 'lead' = 2, 'end' = 3)
)
ENGINE = MergeTree
ORDER BY (lease, at)
TTL toDateTime(at) + toIntervalDay(1)
SETTINGS index_granularity = 8192;

CREATE TABLE alert_notifications
(
    `id` String CODEC(ZSTD(1)),
    `alert` LowCardinality(String),
    `journey` LowCardinality(String),
    `stage` LowCardinality(String),
    `segment_by` LowCardinality(String),
    `segment_value` String CODEC(ZSTD(1)),
    `kind` LowCardinality(String),
    `state` Enum8('firing' = 1, 'resolved' = 2),
    `severity` LowCardinality(String),
    `started_at` DateTime64(6, 'UTC'),
    `resolved_at` Nullable(DateTime64(6, 'UTC')),
    `sequence` Int64,
    `body` String CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree
ORDER BY id
TTL toDateTime(intDiv(sequence, 1000000), 'UTC') + toIntervalDay(400)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE alert_rules
(
    `alert` String,
    `version` Int64,
    `source` String CODEC(ZSTD(1)),
    `is_deleted` UInt8,
    `origin` Enum8('file' = 1, 'api' = 2),
    `changed_at` DateTime64(6, 'UTC'),
    `changed_by` String
)
ENGINE = ReplacingMergeTree
ORDER BY (alert, version)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE alert_told
(
    `alert` String,
    `evaluated_at` Int64
)
ENGINE = ReplacingMergeTree
ORDER BY (alert, evaluated_at)
TTL toDateTime(intDiv(evaluated_at, 1000000), 'UTC') + toIntervalDay(400)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE announced_derivations
(
    `derivation` UInt32
)
ENGINE = ReplacingMergeTree
ORDER BY derivation
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE announced_signals
(
    `journey` LowCardinality(String),
    `unit_key` UInt64,
    `id` String CODEC(ZSTD(1)),
    `step` UInt32,
    `version` UInt32,
    `kind` Enum8('customer' = 1, 'account' = 2),
    `unit` String CODEC(ZSTD(1)),
    `anonymous` String CODEC(ZSTD(1)),
    `cycle` UInt32,
    `visit` UInt32,
    `stage_from` LowCardinality(String),
    `stage_to` LowCardinality(String),
    `outcome` LowCardinality(String),
    `reason` String CODEC(ZSTD(1)),
    `at` Int64 CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(step)
PARTITION BY intDiv(at, 604800000000)
ORDER BY (journey, unit_key, id)
TTL toDateTime(intDiv(at, 1000000), 'UTC') + toIntervalDay(35)
SETTINGS ttl_only_drop_parts = 1, fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE customers
(
    `customer_key` UInt64,
    `rank` UInt128 CODEC(ZSTD(1)),
    `customer` String CODEC(ZSTD(1)),
    `anonymous` String CODEC(ZSTD(1)),
    `account` String CODEC(ZSTD(1)),
    `first_at` Int64,
    `last_at` Int64,
    `events` UInt64 CODEC(T64, ZSTD(1)),
    `first_traits` Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    `last_traits` Map(LowCardinality(String), String) CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(rank)
ORDER BY customer_key
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

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

CREATE TABLE derivations
(
    `derivation` UInt32,
    `journey` String,
    `version` UInt32,
    `hash` UInt64,
    `state` Enum8('building' = 1, 'active' = 2, 'retired' = 3),
    `step` UInt64,
    `changed_at` DateTime64(6, 'UTC'),
    `units_done` UInt64,
    `units_total` UInt64
)
ENGINE = ReplacingMergeTree(step)
ORDER BY derivation
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE dirty_units
(
    `round` String,
    `unit_key` UInt64 DEFAULT cityHash64(if(customer != '', customer, concat('\0', anonymous))),
    `customer` String,
    `anonymous` String
)
ENGINE = MergeTree
PARTITION BY round
ORDER BY unit_key
SETTINGS index_granularity = 8192;

CREATE TABLE event_ids
(
    `id_hash` UInt64,
    `content_hash` UInt64 CODEC(NONE),
    `received_at` DateTime64(6, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    `customer_key` UInt64 DEFAULT if(customer = '', 0, cityHash64(customer)) CODEC(ZSTD(1)),
    `log` LowCardinality(String),
    `log_partition` UInt32 CODEC(T64, ZSTD(1)),
    `log_offset` UInt64 CODEC(DoubleDelta, ZSTD(1)),
    `customer` String EPHEMERAL '',
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

CREATE TABLE health_evaluations
(
    `journey` LowCardinality(String),
    `as_of` Int64,
    `evaluated_at` Int64,
    `version` UInt32,
    `rules_hash` UInt64,
    `units` UInt64,
    `changes` UInt64,
    `is_backfilled` UInt8
)
ENGINE = ReplacingMergeTree
ORDER BY (journey, as_of, evaluated_at)
TTL toDateTime(intDiv(as_of, 1000000), 'UTC') + toIntervalDay(800)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE health_scores
(
    `journey` LowCardinality(String),
    `as_of` Int64 CODEC(Delta(8), ZSTD(1)),
    `evaluated_at` Int64 CODEC(Delta(8), ZSTD(1)),
    `unit_key` UInt64,
    `kind` Enum8('customer' = 1, 'account' = 2),
    `unit` String CODEC(ZSTD(1)),
    `anonymous` String CODEC(ZSTD(1)),
    `stage` LowCardinality(String),
    `entered_at` Int64 CODEC(ZSTD(1)),
    `cycle_at` Int64 CODEC(ZSTD(1)),
    `segments` Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    `score` UInt8,
    `ledger` String CODEC(ZSTD(1)),
    `golden` String CODEC(ZSTD(1)),
    `is_backfilled` UInt8
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(toDateTime(intDiv(as_of, 1000000), 'UTC'))
ORDER BY (journey, as_of, evaluated_at, unit_key)
TTL toDateTime(intDiv(as_of, 1000000), 'UTC') + toIntervalDay(800)
SETTINGS ttl_only_drop_parts = 1, fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE health_signals
(
    `journey` LowCardinality(String),
    `as_of` Int64,
    `evaluated_at` Int64,
    `unit_key` UInt64,
    `signal` Enum8('churn' = 1, 'expansion' = 2, 'golden_time' = 3),
    `id` String CODEC(ZSTD(1)),
    `change` Enum8('raised' = 1, 'cleared' = 2),
    `raised_at` Int64,
    `why` Enum8('score' = 1, 'left' = 2),
    `kind` Enum8('customer' = 1, 'account' = 2),
    `unit` String CODEC(ZSTD(1)),
    `anonymous` String CODEC(ZSTD(1)),
    `stage` LowCardinality(String),
    `score` Nullable(UInt8),
    `score_before` Nullable(UInt8),
    `moved` String CODEC(ZSTD(1)),
    `is_backfilled` UInt8
)
ENGINE = ReplacingMergeTree
ORDER BY (journey, as_of, evaluated_at, unit_key, signal)
TTL toDateTime(intDiv(as_of, 1000000), 'UTC') + toIntervalDay(800)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE health_tasks
(
    `journey` LowCardinality(String),
    `as_of` Int64,
    `evaluated_at` Int64,
    `unit_key` UInt64,
    `id` String CODEC(ZSTD(1)),
    `signal_id` String CODEC(ZSTD(1)),
    `owner` String,
    `due_at` Int64,
    `text` Map(LowCardinality(String), String) CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree
ORDER BY (journey, as_of, evaluated_at, unit_key, id)
TTL toDateTime(intDiv(as_of, 1000000), 'UTC') + toIntervalDay(800)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE health_told
(
    `journey` LowCardinality(String),
    `as_of` Int64
)
ENGINE = ReplacingMergeTree
ORDER BY (journey, as_of)
TTL toDateTime(intDiv(as_of, 1000000), 'UTC') + toIntervalDay(800)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE health_track_records
(
    `journey` LowCardinality(String),
    `as_of` Int64,
    `evaluated_at` Int64,
    `version` UInt32,
    `stages` String CODEC(ZSTD(1)),
    `bands` String CODEC(ZSTD(1)),
    `suggestions` String CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree
ORDER BY (journey, as_of, evaluated_at)
TTL toDateTime(intDiv(as_of, 1000000), 'UTC') + toIntervalDay(800)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE identity_claims
(
    `is_anonymous` UInt8,
    `member_key` UInt64,
    `customer_key` UInt64,
    `because` Enum8('claim' = 1, 'alias' = 2),
    `rank` UInt128 CODEC(ZSTD(1)),
    `member` String CODEC(ZSTD(1)),
    `customer` String CODEC(ZSTD(1)),
    `events` UInt64 CODEC(T64, ZSTD(1)),
    `change_at` Array(Int64) CODEC(ZSTD(1)),
    `change_sequence` Array(Int64) CODEC(ZSTD(1)),
    `change_event` Array(String) CODEC(ZSTD(1)),
    `change_undone` Array(UInt8)
)
ENGINE = ReplacingMergeTree(rank)
ORDER BY (is_anonymous, member_key, customer_key, because)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE identity_links
(
    `customer_key` UInt64,
    `member_key` UInt64,
    `is_anonymous` UInt8
)
ENGINE = ReplacingMergeTree
ORDER BY (customer_key, member_key)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE identity_members
(
    `member_key` UInt64,
    `customer_key` UInt64,
    `customer` String CODEC(ZSTD(1)),
    `changed_at` Int64,
    `evidence` UInt128 CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(evidence)
ORDER BY member_key
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE identity_owners
(
    `member_key` UInt64,
    `customer_key` UInt64
)
ENGINE = ReplacingMergeTree
ORDER BY (member_key, customer_key)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE improvements
(
    `id` String,
    `journey` String,
    `stage` String,
    `title` String,
    `at` DateTime64(6, 'UTC'),
    `segment_name` String,
    `segment_values` Array(String),
    `owner` String,
    `hypothesis` String CODEC(ZSTD(1)),
    `due` Nullable(DateTime64(6, 'UTC')),
    `recorded_at` DateTime64(6, 'UTC'),
    `recorded_by` String,
    `log` LowCardinality(String),
    `log_partition` UInt32,
    `log_offset` UInt64
)
ENGINE = ReplacingMergeTree
ORDER BY (id, log, log_partition, log_offset)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE journey_definitions
(
    `journey` String,
    `version` UInt32,
    `source` String CODEC(ZSTD(1)),
    `applied_at` DateTime64(6, 'UTC'),
    `applied_by` String,
    `log` LowCardinality(String),
    `log_partition` UInt32,
    `log_offset` UInt64
)
ENGINE = ReplacingMergeTree
ORDER BY (journey, version, log, log_partition, log_offset)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE people
(
    `round` String,
    `key` UInt64,
    `person_key` UInt64,
    `is_unit` UInt8,
    `rank` UInt128,
    `customer` String,
    `anonymous` String
)
ENGINE = MergeTree
PARTITION BY round
ORDER BY key
SETTINGS index_granularity = 8192;

CREATE TABLE rule_definitions
(
    `alert` String,
    `source` String CODEC(ZSTD(1)),
    `is_deleted` UInt8,
    `changed_at` DateTime64(6, 'UTC'),
    `changed_by` String,
    `log` LowCardinality(String),
    `log_partition` UInt32,
    `log_offset` UInt64
)
ENGINE = ReplacingMergeTree
ORDER BY (alert, log, log_partition, log_offset)
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

CREATE TABLE unit_journeys
(
    `derivation` UInt32,
    `unit_key` UInt64,
    `rank` UInt128 CODEC(ZSTD(1)),
    `unit` String CODEC(ZSTD(1)),
    `anonymous` String CODEC(ZSTD(1)),
    `visit_cycle` Array(UInt32) CODEC(ZSTD(1)),
    `visit_stage` Array(UInt8),
    `visit_entered` Array(Int64) CODEC(ZSTD(1)),
    `visit_ended` Array(Int64) CODEC(ZSTD(1)),
    `visit_outcome` Array(Enum8('open' = 0, 'advanced' = 1, 'returned' = 2, 'lost' = 3, 'silent' = 4, 'completed' = 5)),
    `visit_next` Array(UInt8),
    `visit_reason` Array(LowCardinality(String)),
    `visit_active` Array(Int64) CODEC(ZSTD(1)),
    `visit_segments` Array(Array(LowCardinality(String))),
    `touch_visit` Array(UInt32) CODEC(ZSTD(1)),
    `touch_touchpoint` Array(LowCardinality(String)),
    `touch_first` Array(Int64) CODEC(ZSTD(1)),
    `touch_last` Array(Int64) CODEC(ZSTD(1)),
    `touch_count` Array(UInt32) CODEC(ZSTD(1)),
    `touch_is_last` Array(UInt8),
    `response_at` Array(Int64) CODEC(ZSTD(1)),
    `response_visit` Array(UInt32) CODEC(ZSTD(1)),
    `response_customer` Array(UInt64) CODEC(ZSTD(1)),
    `response_touchpoint` Array(LowCardinality(String)),
    `response_after` Array(LowCardinality(String)),
    `response_nps` Array(Int8),
    `response_sentiment` Array(Float64) CODEC(ZSTD(1)),
    `response_asked` Array(UInt8),
    `path_at` Array(Int64) CODEC(ZSTD(1)),
    `path_visit` Array(UInt32) CODEC(ZSTD(1)),
    `path_touchpoint` Array(LowCardinality(String))
)
ENGINE = ReplacingMergeTree(rank)
PARTITION BY derivation
ORDER BY (derivation, unit_key)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;
