import { defineQuery, defineStatement } from '@michinori/clickhouse';
import { z } from 'zod';

/** The highest number that a derivation has, in the list or in the rows; 0 if there is none. */
export const lastDerivation = defineQuery({
  name: 'builder_last_derivation',
  sql: `
    SELECT greatest((SELECT max(derivation) FROM derivations), (SELECT max(derivation) FROM unit_journeys)) AS derivation`,
  params: z.object({}),
  row: z.object({ derivation: z.number() }),
});

/** Which of some derivations have rows in `unit_journeys`. */
export const derivationsWithRows = defineQuery({
  name: 'builder_derivations_with_rows',
  sql: `
    SELECT DISTINCT derivation
    FROM unit_journeys
    WHERE derivation IN (SELECT arrayJoin({derivations:Array(UInt32)}))
    ORDER BY derivation`,
  params: z.object({ derivations: z.array(z.int()) }),
  row: z.object({ derivation: z.number() }),
});

/** Merges the rows of every customer into the one that was written last, of equal ranks. Not for a cluster. */
export const settleCustomers = defineStatement({
  name: 'builder_settle_customers',
  sql: 'OPTIMIZE TABLE customers FINAL',
});

/** Merges the rows of a derivation into one part, which answers then read without sorting out older rows. Not for a cluster. */
export const settleDerivation = defineStatement({
  name: 'builder_settle_derivation',
  sql: 'OPTIMIZE TABLE unit_journeys PARTITION {derivation:UInt32} FINAL',
});
