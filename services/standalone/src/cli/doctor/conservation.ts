import { createProcessor } from '@michinori/processor';
import { createMetrics, createSilentLogger } from '@michinori/runtime';
import type { StandaloneConfig } from '../../config.ts';
import type { Stores } from '../../open-stores.ts';
import { version } from '../../version.ts';
import type { Finding } from './finding.ts';

/** Compares the verified part of the log with the tables, record by record; changes nothing. */
export async function checkConservation(config: StandaloneConfig, { log, clickhouse }: Stores): Promise<Finding> {
  const processor = createProcessor({
    log,
    clickhouse,
    metrics: createMetrics({ service: 'doctor', version, withProcessMetrics: false }),
    logger: createSilentLogger(),
    config: config.processor,
  });
  const { records, missingEvents: missing, extraRows: extra } = await processor.auditOnce({ repair: false });
  const detail = `${records.toLocaleString('en-US')} records of the log compared with the tables: ${missing} missing, ${extra} that the log doesn't know`;
  if (missing === 0 && extra === 0) return { check: 'conservation', state: 'ok', detail };
  const mend = 'start the process: its auditor writes missing rows again; see services/processor/docs/audit.md';
  return { check: 'conservation', state: 'error', detail, mend };
}
