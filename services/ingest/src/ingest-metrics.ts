import { durationBucketsSeconds, type Metrics } from '@michinori/runtime';
import type { Admission } from './admission.ts';
import type { ProblemCode } from './problems.ts';

export type RequestOutcome = 'accepted' | 'rejected' | ProblemCode;

export interface Observation {
  dialect: string;
  outcome: RequestOutcome;
  seconds: number;
  accepted: number;
  rejected: number;
  /** Events that were good but could not be stored. */
  unstored: number;
  wireBytes: number | null;
  bodyBytes: number | null;
}

const bodyBucketsBytes = [256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304];

/** What ingest says of itself. `observe` is called once per request. */
export function createIngestMetrics(metrics: Metrics, admission: Admission) {
  const events = metrics.counter({
    name: 'michinori_ingest_events_total',
    help: 'Events by what became of them: accepted (durable), rejected (dead letter, durable), unstored (answered 5xx).',
    labels: ['dialect', 'outcome'],
  });
  const requests = metrics.counter({
    name: 'michinori_ingest_requests_total',
    help: 'Requests: accepted (2xx), rejected (422), or the code of the problem that they were answered with.',
    labels: ['dialect', 'outcome'],
  });
  const duration = metrics.histogram({
    name: 'michinori_ingest_request_duration_seconds',
    help: 'From the headers to the answer.',
    labels: ['dialect'],
    buckets: durationBucketsSeconds,
  });
  const bodySize = metrics.histogram({
    name: 'michinori_ingest_body_size_bytes',
    help: 'Size of bodies, as received (wire) and after inflation (inflated).',
    labels: ['dialect', 'form'],
    buckets: bodyBucketsBytes,
  });
  metrics.gauge({
    name: 'michinori_ingest_inflight_requests',
    help: 'Requests that are being read, checked or stored.',
    collect: (gauge) => gauge.set(admission.inflightRequests()),
  });
  metrics.gauge({
    name: 'michinori_ingest_inflight_bytes',
    help: 'Bytes of the bodies of these requests.',
    collect: (gauge) => gauge.set(admission.inflightBytes()),
  });

  return {
    observe({ dialect, outcome, seconds, accepted, rejected, unstored, wireBytes, bodyBytes }: Observation): void {
      requests.inc({ dialect, outcome });
      duration.observe({ dialect }, seconds);
      if (accepted > 0) events.inc({ dialect, outcome: 'accepted' }, accepted);
      if (rejected > 0) events.inc({ dialect, outcome: 'rejected' }, rejected);
      if (unstored > 0) events.inc({ dialect, outcome: 'unstored' }, unstored);
      if (wireBytes !== null) bodySize.observe({ dialect, form: 'wire' }, wireBytes);
      if (bodyBytes !== null) bodySize.observe({ dialect, form: 'inflated' }, bodyBytes);
    },
  };
}

export type IngestMetrics = ReturnType<typeof createIngestMetrics>;
