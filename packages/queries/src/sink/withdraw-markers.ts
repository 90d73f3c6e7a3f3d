import { defineStatement } from '@michinori/clickhouse';

/**
 * Takes the marks of contents away that turned out to be the ones that count. Contents: Array(UInt64). Waits until no
 * reader sees the marks.
 */
export const withdrawMarkers = defineStatement({
  name: 'sink_withdraw_markers',
  sql: `
    DELETE FROM superseded_events
    WHERE content_hash IN (SELECT arrayJoin({contentHashes:Array(UInt64)}))
    SETTINGS lightweight_deletes_sync = 2`,
});
