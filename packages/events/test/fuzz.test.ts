import { limits, parseNativeRequest, rejectionCodes, requestErrorStatus } from '@michinori/events';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { requestText, scatteredBytes, wellFormed } from './arbitraries.ts';
import { bytes, context, receivedAtUs, runs } from './helpers.ts';
import { bothReadings, readNode, resolves } from './oracle.ts';

const codes: readonly string[] = rejectionCodes;

interface Tally {
  accepted: number;
  refused: number;
  malformed: number;
}

/** Holds the outcome for a body of one event or an array of events against the independent reading of it. */
function checkBody(text: string, tally: Tally): void {
  const request = parseNativeRequest(bytes(text), context);
  const body = readNode(text);
  if (request.outcome === 'malformed') {
    tally.malformed += 1;
    expect(request.status).toBe(requestErrorStatus[request.code]);
    expect(request.code === 'invalid_json' || request.code === 'empty_body').toBe(body === undefined);
    if (body !== undefined) expect(resolves(body, request.path)).toBe(true);
    return;
  }
  if (body === undefined) throw new Error('took something that JSON.parse refuses');
  const batch = body.kind === 'object' ? body.members.find(([name]) => name === 'events')?.[1] : body;
  const nodes = batch?.kind === 'array' ? batch.items : [body];
  const sentAt =
    body.kind === 'object' && batch !== undefined ? body.members.find(([name]) => name === 'sentAt')?.[1] : undefined;
  const sentAtUs =
    sentAt?.kind === 'other' && typeof sentAt.value === 'string' ? Date.parse(sentAt.value) * 1_000 : receivedAtUs;
  const shiftUs = Math.abs(receivedAtUs - sentAtUs) > 60_000_000 ? receivedAtUs - sentAtUs : 0;
  expect(request.verdicts.length).toBe(nodes.length);
  for (const [index, verdict] of request.verdicts.entries()) {
    const node = nodes[index];
    if (node === undefined) throw new Error('a verdict without an event');
    if (verdict.accepted) {
      tally.accepted += 1;
      const [ours, theirs] = bothReadings(verdict.event, node, { receivedAtUs, shiftUs });
      expect(ours).toEqual(theirs);
      expect(verdict.event.occurredAtUs).toBeGreaterThanOrEqual(limits.occurredAtUsMin);
      expect(verdict.event.occurredAtUs).toBeLessThanOrEqual(receivedAtUs + limits.aheadUsMax);
      expect(/\0|\p{Surrogate}/u.test(JSON.stringify([...Object.values(verdict.event)]))).toBe(false);
    } else {
      tally.refused += 1;
      const { rejection, raw } = verdict.rejected;
      expect(rejection.index).toBe(index);
      expect(codes).toContain(rejection.code);
      expect(resolves(node, rejection.path), `${rejection.path} in ${text}`).toBe(true);
      expect(text).toContain(raw);
      expect(/\p{Surrogate}/u.test(JSON.stringify(rejection.message) + rejection.path + (rejection.id ?? ''))).toBe(
        false,
      );
    }
  }
}

test('every event is accepted unchanged or refused with a code and a path into it', () => {
  const tally: Tally = { accepted: 0, refused: 0, malformed: 0 };
  fc.assert(
    fc.property(requestText, (text) => checkBody(text, tally)),
    runs(1_500),
  );
  expect(tally.accepted).toBeGreaterThan(100);
  expect(tally.refused).toBeGreaterThan(100);
  expect(tally.malformed).toBeGreaterThan(10);
});

test('mutated requests are accepted unchanged or refused', () => {
  const mutated = fc
    .tuple(
      requestText,
      fc.array(fc.tuple(fc.nat(), fc.nat(2), fc.constantFrom(...'{}[]",:\\0189eE.-+ntfu \u0000\ud83d')), {
        minLength: 1,
        maxLength: 3,
      }),
    )
    .map(([text, edits]) =>
      edits.reduce((current, [place, dropped, insert]) => {
        const at = place % (current.length + 1);
        return current.slice(0, at) + insert + current.slice(at + dropped);
      }, text),
    )
    .map(wellFormed);
  fc.assert(
    fc.property(mutated, (text) => checkBody(text, { accepted: 0, refused: 0, malformed: 0 })),
    runs(1_000),
  );
});

test('no bytes and no content type make it throw, and an index counts up from 0', () => {
  const types = fc.constantFrom(
    null,
    '',
    'application/json',
    'application/x-ndjson',
    'text/plain; charset=utf-8',
    'text/csv',
    ';;=',
  );
  fc.assert(
    fc.property(scatteredBytes, types, (body, contentType) => {
      const request = parseNativeRequest(body, { ...context, contentType });
      if (request.outcome === 'malformed') return;
      for (const [index, verdict] of request.verdicts.entries()) {
        if (!verdict.accepted) expect(verdict.rejected.rejection.index).toBe(index);
      }
    }),
    runs(1_000),
  );
});

test('NDJSON gives the verdicts of an array of the same events', () => {
  const lines = fc.array(
    requestText.filter((text) => readNode(text)?.kind === 'object' && !/[\n\r]/.test(text) && !/"events"/.test(text)),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(lines, (texts) => {
      const ndjson = parseNativeRequest(bytes(texts.join('\n')), { ...context, contentType: 'application/x-ndjson' });
      expect(ndjson).toEqual(parseNativeRequest(bytes(`[${texts.join(',')}]`), context));
    }),
    runs(300),
  );
});
