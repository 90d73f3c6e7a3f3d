import { defineQuery } from '@michinori/clickhouse';
import { z } from 'zod';

/** Which of some derivations have been compared with the signals, unit by unit. */
export const announcedDerivations = defineQuery({
  name: 'announced_derivations',
  sql: `
    SELECT DISTINCT derivation
    FROM announced_derivations
    WHERE derivation IN (SELECT arrayJoin({derivations:Array(UInt32)}))
    ORDER BY derivation`,
  params: z.object({ derivations: z.array(z.int()) }),
  row: z.object({ derivation: z.number() }),
});
