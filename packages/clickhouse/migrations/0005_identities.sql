-- Who is who: what events say about customers and anonymous ids. packages/queries/docs/identity.md says what it means.
-- A key is that of `events.customer_key`: the hash of a customer's id, or of NUL and an anonymous id.

-- Which other ids a customer's events ever named, superseded events too. It only grows.
-- shard by customer_key
CREATE TABLE IF NOT EXISTS identity_links
(
    customer_key UInt64,
    member_key UInt64,
    is_anonymous UInt8
)
ENGINE = ReplacingMergeTree
ORDER BY (customer_key, member_key)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- What the events of one customer say about one other id, as a whole: an id that is claimed (`claim`: events carry both; `alias`: named
-- as previous), with the changes in canonical order. A claim has one change at most, its first; an alias is done and undone in turns; a
-- row without changes says nothing any more. Times are microseconds since 1970. `rank` grows with the set of events that was looked at.
-- shard by member_key
CREATE TABLE IF NOT EXISTS identity_claims
(
    is_anonymous UInt8,
    member_key UInt64,
    customer_key UInt64,
    because Enum8('claim' = 1, 'alias' = 2),
    rank UInt128 CODEC(ZSTD),
    member String CODEC(ZSTD),
    customer String CODEC(ZSTD),
    events UInt64 CODEC(T64, ZSTD),
    change_at Array(Int64) CODEC(ZSTD),
    change_sequence Array(Int64) CODEC(ZSTD),
    change_event Array(String) CODEC(ZSTD),
    change_undone Array(UInt8)
)
ENGINE = ReplacingMergeTree(rank)
ORDER BY (is_anonymous, member_key, customer_key, because)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Whom an anonymous id was ever taken to belong to, written before anything is derived from it. It only grows.
-- shard by member_key
CREATE TABLE IF NOT EXISTS identity_owners
(
    member_key UInt64,
    customer_key UInt64
)
ENGINE = ReplacingMergeTree
ORDER BY (member_key, customer_key)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Whom an anonymous id belongs to by all that is claimed of it: `customer_key` 0 for nobody. `changed_at` (microseconds since 1970): from when on that is so. As
-- of an earlier instant `identity_claims` tell. `evidence` grows with the claims that were looked at.
-- shard by member_key
CREATE TABLE IF NOT EXISTS identity_members
(
    member_key UInt64,
    customer_key UInt64,
    customer String CODEC(ZSTD),
    changed_at Int64,
    evidence UInt128 CODEC(ZSTD)
)
ENGINE = ReplacingMergeTree(evidence)
ORDER BY member_key
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Who is who in a round or a range that is about to be derived: every key that events say something about, and the person
-- that it belongs to. `is_unit` marks keys whose rows are derived, with the rank of the row. A round's partition is dropped when it is done.
-- shard by key
CREATE TABLE IF NOT EXISTS people
(
    round String,
    key UInt64,
    person_key UInt64,
    is_unit UInt8,
    rank UInt128,
    customer String,
    anonymous String
)
ENGINE = MergeTree
PARTITION BY round
ORDER BY key;
