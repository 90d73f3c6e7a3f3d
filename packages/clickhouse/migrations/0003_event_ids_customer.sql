-- Whose timeline a claim of an event id belongs to, so that everybody whom a conflict concerns can be derived anew. The sink
-- hands over the customer (or NUL and the anonymous id) in a column that is not stored. Rows from before have the key 0.
ALTER TABLE event_ids ADD COLUMN IF NOT EXISTS customer String EPHEMERAL '';

ALTER TABLE event_ids MODIFY COLUMN customer_key UInt64 DEFAULT if(customer = '', 0, cityHash64(customer));
