import {
  parseCloudEventsRequest,
  parsePosthogRequest,
  parseSegmentRequest,
  type SegmentCall,
  segmentCalls,
} from '@michinori/events';
import { answerWithVerdicts, type Dialect, nativeDialect } from './dialect.ts';

function segmentDialect(path: string, call: SegmentCall | null): Dialect {
  return {
    name: 'segment',
    path: `/v1/${path}`,
    hasKeyInBody: true,
    parse: (body, input) => parseSegmentRequest(body, { ...input, call }),
    // Their clients understand nothing else, and would repeat or drop what is in the dead letters already.
    answer: () => ({ status: 200, body: { success: true } }),
  };
}

/** What RudderStack's browser client sends when a page is left: a beacon has no headers, so the key stands in the address. */
const beaconDialect: Dialect = {
  ...segmentDialect('batch', null),
  path: '/beacon/v1/batch',
  parse(body, input) {
    const parsed = parseSegmentRequest(body, { ...input, call: null });
    const { writeKey } = input.query;
    return parsed.outcome === 'parsed' && typeof writeKey === 'string' ? { ...parsed, key: writeKey } : parsed;
  },
};

/** Segment and RudderStack: a path per call and one for batches, each also in the browsers' short form. */
const segmentDialects: readonly Dialect[] = [
  ...segmentCalls.flatMap((call) => [segmentDialect(call, call), segmentDialect(call.slice(0, 1), call)]),
  ...['batch', 'import', 'b'].map((path) => segmentDialect(path, null)),
  beaconDialect,
];

const posthogDialects: readonly Dialect[] = ['/batch', '/capture', '/e', '/i/v0/e'].map((path) => ({
  name: 'posthog',
  path,
  hasKeyInBody: true,
  hasSilentGzip: true,
  parse: (body, input) => {
    const sentAtMs = input.query._;
    return parsePosthogRequest(body, { ...input, sentAtMs: typeof sentAtMs === 'string' ? sentAtMs : null });
  },
  answer: () => ({ status: 200, body: { status: 1 } }),
}));

const cloudEventsDialect: Dialect = {
  name: 'cloudevents',
  path: '/v1/cloudevents',
  parse: parseCloudEventsRequest,
  answer: answerWithVerdicts,
};

/** Every wire form that ingest understands. Another one is another value here. */
export const dialects: readonly Dialect[] = [nativeDialect, ...segmentDialects, ...posthogDialects, cloudEventsDialect];
