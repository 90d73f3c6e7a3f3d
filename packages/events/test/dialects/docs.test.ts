import { readFileSync } from 'node:fs';
import { ownFields, parseNativeRequest, segmentCalls } from '@michinori/events';
import { describe, expect, test } from 'vitest';
import { accountGroups } from '../../src/dialects/posthog-event.ts';
import { bytes } from '../helpers.ts';
import { accepted, cloudEvents, context, posthog, segment } from './helpers.ts';

const page = (name: string): string => readFileSync(new URL(`../../docs/dialects/${name}.md`, import.meta.url), 'utf8');

describe.each([
  ['segment', segment],
  ['posthog', posthog],
  ['cloudevents', cloudEvents],
] as const)('docs/dialects/%s.md', (name, parse) => {
  test('the example is the event that it says', () => {
    const [sent = '', event = ''] = [...page(name).matchAll(/```json\n(.*?)```/gs)].map((match) => match[1]);
    const native = parseNativeRequest(bytes(event), { ...context, contentType: 'application/json' });
    expect(accepted(parse(sent))).toEqual(
      native.outcome === 'parsed' ? native.verdicts.map((verdict) => verdict.accepted && verdict.event) : native,
    );
  });

  test('names every field of ours', () => {
    for (const field of ownFields) expect(page(name)).toContain(`\`${field}\``);
  });
});

test('every call and every group type is named', () => {
  for (const call of segmentCalls) expect(page('segment')).toContain(`\`${call}\``);
  for (const type of accountGroups) expect(page('posthog')).toContain(`\`${type}\``);
});
