import { parseNativeRequest, type RequestContext, type TouchpointEvent, type Verdict } from '@michinori/events';

/** 2026-11-21T10:00:00Z. */
export const receivedAtUs = Date.UTC(2026, 10, 21, 10) * 1_000;

export const context: RequestContext = { receivedAtUs, contentType: 'application/json', newId: () => 'generated' };

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Runs of a property: the default, or what MICHINORI_TEST_RUNS asks for. */
export const runs = (usual: number): { numRuns: number } => ({
  numRuns: Number(process.env.MICHINORI_TEST_RUNS ?? usual),
});

/** The verdict on a body that holds one event. */
export function verdictOn(body: string | Uint8Array, more: Partial<RequestContext> = {}): Verdict {
  const request = parseNativeRequest(typeof body === 'string' ? bytes(body) : body, { ...context, ...more });
  if (request.outcome === 'malformed') throw new Error(`malformed: ${request.code} ${request.message}`);
  const verdict = request.verdicts[0];
  if (verdict === undefined || request.verdicts.length !== 1) throw new Error('expected one event');
  return verdict;
}

export function acceptedEvent(body: string): TouchpointEvent {
  const verdict = verdictOn(body);
  if (!verdict.accepted) throw new Error(JSON.stringify(verdict.rejected.rejection));
  return verdict.event;
}

/** `code path` of a refused event, or `accepted`. */
export function outcomeOf(verdict: Verdict): string {
  if (verdict.accepted) return 'accepted';
  const { code, path } = verdict.rejected.rejection;
  return `${code} ${path}`.trim();
}

/** A valid event's JSON text with some members added as text. */
export const eventText = (members = ''): string =>
  `{"id":"e1","customer":"c1","touchpoint":"t"${members === '' ? '' : `,${members}`}}`;
