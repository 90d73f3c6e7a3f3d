import { readFileSync } from 'node:fs';
import {
  decodeDefinition,
  decodeEnvelope,
  decodeErrorCodes,
  eventFields,
  limits,
  parseNativeRequest,
  rejectionCodes,
  requestErrorStatus,
} from '@michinori/events';
import { describe, expect, test } from 'vitest';
import { acceptedEvent, bytes, context } from './helpers.ts';

const page = (name: string): string => readFileSync(new URL(`../docs/${name}.md`, import.meta.url), 'utf8');
const blocks = (name: string, language: string): string[] =>
  [...page(name).matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map((match) => match[1] ?? '');

function codesOf(heading: string): string[] {
  const section =
    page('errors')
      .split('\n## ')
      .find((part) => part.startsWith(heading)) ?? '';
  return [...section.matchAll(/^\| `(\w+)` +\|/gm)].map((match) => match[1] ?? '');
}

describe('docs/errors.md', () => {
  test('documents every code and no other', () => {
    expect(codesOf('One event')).toEqual([...rejectionCodes]);
    expect(codesOf('The request')).toEqual(Object.keys(requestErrorStatus));
    expect(codesOf('A record')).toEqual([...decodeErrorCodes]);
  });

  test('gives the right status', () => {
    const statuses = [...page('errors').matchAll(/^\| `(\w+)` +\| (\d+) +\|/gm)].map((match) => [
      match[1],
      Number(match[2]),
    ]);
    expect(Object.fromEntries(statuses)).toEqual(requestErrorStatus);
  });

  test('states the limits as they are', () => {
    expect(limits).toMatchObject({
      depthMax: 20,
      propertiesMax: 1_000,
      requestEventsMax: 5_000,
      eventBytesMax: 2 ** 20,
      requestBytesMax: 2 ** 22,
      rawBytesMax: 2 ** 16,
      envelopeBytesMax: 3 * 2 ** 20,
    });
  });
});

describe('docs/events.md', () => {
  test('every example is accepted', () => {
    const examples = [
      ...blocks('events', 'json').map((text) => [text, 'application/json']),
      ...blocks('events', 'ndjson').map((text) => [text, 'application/x-ndjson']),
    ];
    expect(examples.length).toBe(6);
    for (const [text = '', contentType = ''] of examples) {
      const request = parseNativeRequest(bytes(text), { ...context, contentType });
      expect(request.outcome === 'parsed' && request.verdicts.every((verdict) => verdict.accepted), text).toBe(true);
    }
  });

  test('the two ways to write nested properties are the same', () => {
    const [, nested = '', dotted = ''] = blocks('events', 'json');
    expect(acceptedEvent(nested)).toEqual(acceptedEvent(dotted));
  });

  test('names every field', () => {
    for (const name of eventFields) expect(page('events')).toContain(`\`${name}\``);
  });
});

test('docs/envelope.md: the examples are records', () => {
  expect(blocks('envelope', 'json').map((text) => decodeEnvelope(bytes(text)).kind)).toEqual(['event', 'rejected']);
  const definitions = blocks('envelope', 'ndjson').flatMap((text) => text.trim().split('\n'));
  expect(definitions.map((text) => decodeDefinition(bytes(text)).kind)).toEqual([
    ...['journey', 'improvement', 'rebuild', 'alert-rule'],
  ]);
});
