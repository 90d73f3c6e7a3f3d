import { describe, expect, it } from 'vitest';
import { createAlertmanagerChannel } from '../../src/channels/alertmanager-channel.ts';
import { alertmanagerAlert } from '../../src/channels/alertmanager-payload.ts';
import { createAddressPolicy } from '../../src/channels/http/address-policy.ts';
import { createPost } from '../../src/channels/http/post.ts';
import { virtualClock } from './clock.ts';
import { episode, minuteUs, notification, startUs } from './notifications.ts';
import { answers, receiver } from './receiver.ts';

const never = new AbortController().signal;
const post = createPost({ policy: createAddressPolicy(['127.0.0.1']), connectMsMax: 60_000, wholeMsMax: 60_000 });

function channelTo(peers: URL[], failures: string[] = []) {
  return createAlertmanagerChannel({
    ...{ name: 'am', peers, locale: 'en', resendMs: 60_000, authorization: 'Bearer t', post, clock: virtualClock() },
    ...{ userAgent: 'Michinori/test', accepts: () => true },
    onPeerFailed: (peer, { reason }) => failures.push(`${peer.host} ${reason}`),
  });
}

describe('an alert of Alertmanager', () => {
  const wanted = { endsAtUs: startUs + 4 * minuteUs, locale: 'en' };

  it('names the series in its labels and the measurement in its annotations', () => {
    expect(alertmanagerAlert(notification(), wanted)).toEqual({
      labels: {
        ...{ alertname: 'trial-drop-off', service: 'michinori', severity: 'page', kind: 'drop_off' },
        ...{ journey: 'buying', stage: 'trial', segment: 'plan:pro' },
      },
      annotations: {
        summary: 'Drop-off of trial is up',
        description: '42 of 120 did not go on within 7 days.',
        board_url: 'https://board.example.com/journeys/buying?stage=trial&by=plan',
        customers_url: 'https://board.example.com/customers?stage=trial',
        customers_path: '/v1/journeys/buying/customers?stage=trial',
        ...{ k: '42', n: '120', rate: '0.35', lo: '0.27', hi: '0.44', usual_rate: '0.2', lift: '1.75', q: '0.0031' },
      },
      startsAt: '2026-11-20T09:00:00.000000Z',
      endsAt: '2026-11-20T09:04:00.000000Z',
      generatorURL: 'https://board.example.com/journeys/buying?stage=trial&by=plan',
    });
  });

  it('has the same labels from its beginning to its end, whatever is measured', () => {
    const [firing, resolved] = episode();
    const labels = [firing, { ...firing, rate: 0.5, text: { en: 'worse' } }, resolved].map(
      (each) => alertmanagerAlert(each, wanted).labels,
    );
    expect(labels).toEqual([labels[0], labels[0], labels[0]]);
  });

  it('ends when the episode did, and never before it began', () => {
    expect(alertmanagerAlert(episode()[1], wanted).endsAt).toBe('2026-11-20T10:30:00.000000Z');
    const short = notification({ state: 'resolved', resolvedAtUs: startUs - 1 });
    expect(alertmanagerAlert(short, wanted).endsAt).toBe('2026-11-20T09:00:00.000000Z');
  });

  it('has no empty label', () => {
    expect(alertmanagerAlert(notification({ segment: null }), wanted).labels).not.toHaveProperty('segment');
    const nowhere = alertmanagerAlert(notification({ touchpoint: 'mail.sent', boardUrl: '' }), wanted);
    expect(nowhere.labels).toMatchObject({ touchpoint: 'mail.sent' });
    expect(nowhere).not.toHaveProperty('generatorURL');
  });
});

describe('a channel to Alertmanagers', () => {
  it('tells all peers, and wants to tell again while it fires', async () => {
    const peers = await Promise.all([receiver(), receiver()]);
    const urls = [new URL(peers[0]?.url.origin ?? ''), new URL('/am/', peers[1]?.url)];
    const [firing, resolved] = episode();
    expect(await channelTo(urls).deliver(firing, 1, never)).toEqual({ outcome: 'delivered', againAfterMs: 60_000 });
    expect(await channelTo(urls).deliver(resolved, 1, never)).toEqual({ outcome: 'delivered' });
    expect(peers.map(({ requests }) => requests.map(({ path }) => path))).toEqual([
      ['/api/v2/alerts', '/api/v2/alerts'],
      ['/am/api/v2/alerts', '/am/api/v2/alerts'],
    ]);
    const [request] = peers[0]?.requests ?? [];
    expect(request?.headers.authorization).toBe('Bearer t');
    expect(JSON.parse(request?.body ?? '')).toEqual([
      alertmanagerAlert(firing, { endsAtUs: startUs + 4 * minuteUs, locale: 'en' }),
    ]);
  });

  it('is content with one peer, and reports the others', async () => {
    const [good, bad] = await Promise.all([receiver(), receiver(answers(500))]);
    const failures: string[] = [];
    const outcome = await channelTo([bad.url, good.url], failures).deliver(notification(), 1, never);
    expect(outcome).toMatchObject({ outcome: 'delivered' });
    expect(failures).toEqual([`${bad.url.host} status_unexpected`]);
  });

  it('tries again when no peer took it, and gives up only if all of them refused', async () => {
    const [broken, refusing] = await Promise.all([receiver(answers(500)), receiver(answers(400, {}, 'bad'))]);
    const failures: string[] = [];
    expect(await channelTo([refusing.url, broken.url], failures).deliver(notification(), 1, never)).toMatchObject({
      ...{ outcome: 'retry', reason: 'status_unexpected', afterMs: expect.closeTo(1100, -2.31) },
    });
    expect(await channelTo([refusing.url], failures).deliver(notification(), 1, never)).toMatchObject({
      ...{ outcome: 'refused', reason: 'payload_refused' },
    });
    expect(failures).toEqual([]);
  });

  it('never gives up on what fires, and after an hour on what is over', async () => {
    const server = await receiver(answers(503));
    const [firing, resolved] = episode();
    expect(await channelTo([server.url]).deliver(firing, 10_000, never)).toMatchObject({
      ...{ outcome: 'retry', afterMs: expect.closeTo(66_000, -4.1) },
    });
    let attempt = 1;
    let waitedMs = 0;
    for (;;) {
      const outcome = await channelTo([server.url]).deliver(resolved, attempt, never);
      if (outcome.outcome !== 'retry') {
        expect(outcome).toMatchObject({ outcome: 'refused', reason: 'attempts_exhausted' });
        break;
      }
      waitedMs += outcome.afterMs;
      attempt += 1;
    }
    expect(waitedMs).toBeGreaterThan(3_600_000);
    expect(waitedMs).toBeLessThan(2 * 3_600_000);
  });
});
