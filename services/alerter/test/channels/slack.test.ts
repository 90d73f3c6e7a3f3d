import { describe, expect, it } from 'vitest';
import { createAddressPolicy } from '../../src/channels/http/address-policy.ts';
import { createPost } from '../../src/channels/http/post.ts';
import { createSlackChannel } from '../../src/channels/slack-channel.ts';
import { slackPayload } from '../../src/channels/slack-payload.ts';
import { clipSlack, escapeSlack, slackLink } from '../../src/channels/slack-text.ts';
import { virtualClock } from './clock.ts';
import { episode, notification } from './notifications.ts';
import { answers, receiver } from './receiver.ts';

const never = new AbortController().signal;
const post = createPost({ policy: createAddressPolicy(['127.0.0.1']), connectMsMax: 60_000, wholeMsMax: 60_000 });

const channelTo = (url: URL) =>
  createSlackChannel({
    ...{ name: 'slack', url, locale: 'en', post, clock: virtualClock(), userAgent: 'Michinori/test' },
    accepts: () => true,
  });

interface Block {
  type: string;
  text?: { type: string; text: string };
  fields?: { type: string; text: string }[];
  elements?: { type: string; text: string }[];
}
const payloadOf = (...given: Parameters<typeof slackPayload>): { text: string; blocks: Block[] } =>
  JSON.parse(slackPayload(...given));

describe('a message to Slack', () => {
  it('says what, where, how much, how sure, and where to look', () => {
    expect(payloadOf(notification(), 'en')).toMatchInlineSnapshot(`
      {
        "blocks": [
          {
            "text": {
              "emoji": false,
              "text": "Firing: Drop-off of trial is up",
              "type": "plain_text",
            },
            "type": "header",
          },
          {
            "text": {
              "text": "42 of 120 did not go on within 7 days.",
              "type": "mrkdwn",
            },
            "type": "section",
          },
          {
            "fields": [
              {
                "text": "*Journey*
      buying",
                "type": "mrkdwn",
              },
              {
                "text": "*Stage*
      trial",
                "type": "mrkdwn",
              },
              {
                "text": "*Segment*
      plan:pro",
                "type": "mrkdwn",
              },
              {
                "text": "*Drop-off*
      35.0 % (42 / 120), 27.0 % – 44.0 %",
                "type": "mrkdwn",
              },
              {
                "text": "*Usual*
      20.0 %",
                "type": "mrkdwn",
              },
              {
                "text": "*Times the usual*
      1.75 ×",
                "type": "mrkdwn",
              },
              {
                "text": "*q-value*
      0.0031",
                "type": "mrkdwn",
              },
            ],
            "type": "section",
          },
          {
            "text": {
              "text": "<https://board.example.com/journeys/buying?stage=trial&amp;by=plan|Board>  ·  <https://board.example.com/customers?stage=trial|Customers>",
              "type": "mrkdwn",
            },
            "type": "section",
          },
          {
            "elements": [
              {
                "text": "page  ·  d3702f8babf21af6559cab725dda9c73",
                "type": "mrkdwn",
              },
            ],
            "type": "context",
          },
        ],
        "text": "Firing: Drop-off of trial is up
      42 of 120 did not go on within 7 days.
      <https://board.example.com/journeys/buying?stage=trial&amp;by=plan|Board>  ·  <https://board.example.com/customers?stage=trial|Customers>",
      }
    `);
  });

  it('is written in the language of the channel, else in English', () => {
    expect(payloadOf(notification(), 'ja').text).toContain('発生: トライアルの離脱が増加');
    expect(payloadOf(episode()[1], 'ja-JP').text).toContain('解消: Drop-off of trial is up');
    expect(payloadOf(episode()[1], 'fr').text).toContain('Resolved: Drop-off of trial is up');
    expect(payloadOf(notification({ title: { de: 'nur deutsch' } }), 'fr').text).toContain('nur deutsch');
  });

  it('can not be made to mention, link or mark anything', () => {
    const evil = '<!channel> <https://evil.example|click> & "x" |';
    const { text, blocks } = payloadOf(
      notification({
        ...{ stage: evil, journey: evil, severity: evil, segment: { by: evil, value: evil } },
        ...{ title: { en: evil }, text: { en: evil } },
      }),
      'en',
    );
    const texts = [
      text,
      ...blocks.flatMap(({ text: own, fields = [], elements = [] }) =>
        [...(own ? [own] : []), ...fields, ...elements].map((each) => each.text),
      ),
    ];
    expect(texts.join('\n')).toContain('&lt;!channel&gt;');
    for (const each of texts)
      expect(each.replaceAll(/<https:\/\/board\.example\.com\/[^<>|]*\|[^<>|]*>/g, '')).not.toMatch(/[<>]/);
  });

  it('stays within the limits of Slack', () => {
    const long = '&<>離脱'.repeat(3000);
    const given = {
      title: { en: long },
      text: { en: long },
      stage: long,
      journey: long,
      segment: { by: 'p', value: long },
    };
    const { blocks } = payloadOf(notification(given), 'en');
    for (const { type, text, fields } of blocks) {
      expect(text?.text.length ?? 0).toBeLessThanOrEqual(type === 'header' ? 150 : 3000);
      expect(fields?.length ?? 0).toBeLessThanOrEqual(10);
      for (const field of fields ?? []) expect(field.text.length).toBeLessThanOrEqual(2000);
    }
  });

  it('names the touchpoint, and links to nowhere without addresses', () => {
    const { text, blocks } = payloadOf(notification({ touchpoint: 'mail.sent', boardUrl: '', customersUrl: '' }), 'ja');
    expect(blocks.map(({ type }) => type)).toEqual(['header', 'section', 'section', 'context']);
    expect(blocks[2]?.fields?.map((field) => field.text)).toContain('*タッチポイント*\nmail.sent');
    expect(text).not.toContain('|');
  });

  it('leaves out what there is not', () => {
    const nothing = { k: null, n: null, rate: null, usualRate: null, lo: null, hi: null, lift: null, q: null };
    const { blocks } = payloadOf(notification({ ...nothing, segment: null, text: { en: '' } }), 'en');
    expect(blocks.map(({ type }) => type)).toEqual(['header', 'section', 'section', 'context']);
    expect(blocks[1]?.fields?.map(({ text }) => text)).toEqual([
      '*Journey*\nbuying',
      '*Stage*\ntrial',
      '*Segment*\neverybody',
    ]);
  });
});

describe('texts for Slack', () => {
  it('are escaped once', () => {
    expect(escapeSlack('a & b < c > &amp;')).toBe('a &amp; b &lt; c &gt; &amp;amp;');
  });

  it('are never cut inside of an escape or a character', () => {
    expect(clipSlack('ab&cd', 100)).toBe('ab&amp;cd');
    expect(clipSlack('ab&cd', 9)).toBe('ab&amp;cd');
    expect(clipSlack('ab&cde', 9)).toBe('ab&amp;c…');
    expect(clipSlack('ab&cde', 7)).toBe('ab…');
    expect(clipSlack('😀😀😀', 4)).toBe('😀…');
  });

  it('links keep to their address', () => {
    expect(slackLink('https://x.example/?a=1&b=<|>', 'a|b<c')).toBe(
      '<https://x.example/?a=1&amp;b=%3C%7C%3E|a¦b&lt;c>',
    );
  });
});

describe('a channel to Slack', () => {
  it('delivers JSON', async () => {
    const server = await receiver(answers(200, {}, 'ok'));
    expect(await channelTo(server.url).deliver(notification(), 1, never)).toEqual({ outcome: 'delivered' });
    expect(server.requests[0]?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual(payloadOf(notification(), 'en'));
  });

  it('is quiet for as long as it is asked to', async () => {
    const server = await receiver(answers(429, { 'retry-after': '90' }));
    expect(await channelTo(server.url).deliver(notification(), 1, never)).toMatchObject({
      ...{ outcome: 'retry', reason: 'rate_limited', afterMs: 90_000, isPause: true },
    });
  });

  it.each([
    [400, 'refused', 'payload_refused'],
    [403, 'refused', 'payload_refused'],
    [404, 'refused', 'receiver_gone'],
    [410, 'refused', 'receiver_gone'],
    [301, 'refused', 'redirected'],
    [500, 'retry', 'status_unexpected'],
  ])('%d is %s as %s', async (status, outcome, reason) => {
    const server = await receiver(answers(status, {}, 'no_service'));
    expect(await channelTo(server.url).deliver(notification(), 1, never)).toMatchObject({
      ...{ outcome, reason, detail: `${status} "no_service"` },
    });
  });
});
