import type { ClickHouse } from '@michinori/clickhouse';
import {
  activeDerivation,
  insertDeliveries,
  insertUnitJourneys,
  referenceUnitJourneys,
  storyEvent,
  storyHour,
  storyJourney,
  storyStage,
  temporaryClickHouse,
} from '@michinori/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiOver } from './world.ts';

let clickhouse: ClickHouse;
const closings: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closings) await close();
});

const journey = storyJourney({
  id: 'buying',
  version: 4,
  segments: ['plan', 'region'],
  stages: [storyStage('interest', ['A']), storyStage('purchase', ['B'], { terminal: true })],
});
const said = (direction: 'inbound' | 'outbound', team: string | null) => ({ direction, team, topic: '=renewal' });

// c0 … c31 go A, M; half of them then buy. c0 writes, and hears from two teams.
const customers = Array.from({ length: 32 }, (_, i) => `c${i}`);
const events = [
  ...customers.flatMap((customer, i) => [
    storyEvent('A', i / 10, { customer, traits: new Map([['plan', i < 8 ? 'pro' : '=free']]) }),
    storyEvent('M', 10 + i / 10, { customer, sentiment: i < 4 ? 0.5 : -0.5 }),
    ...(i < 16 ? [] : [storyEvent('B', 20, { customer })]),
  ]),
  storyEvent('ticket', 11.5, { customer: 'c0', account: 'acme', ...said('inbound', null) }),
  storyEvent('mail', 12, { customer: 'c0', anonymous: 'a-1', ...said('outbound', 'support') }),
  storyEvent('call', 13, { customer: 'c0', nps: 9, channel: 'phone', ...said('outbound', 'sales') }),
  storyEvent('page', 14, { customer: null, anonymous: 'a-2' }),
];

beforeAll(async () => {
  clickhouse = await temporaryClickHouse({ onTestFinished: (close) => closings.push(close) });
  await insertDeliveries(clickhouse, [events]);
  await insertUnitJourneys(clickhouse, 1, referenceUnitJourneys(journey, events));
  await activeDerivation(clickhouse, journey, 1);
});

const range = 'from=2025-12-31T00:00:00Z&to=2026-01-02T00:00:00Z&asOf=2026-01-03T00:00:00Z';
const inject = (url: string) => apiOver(clickhouse).app.inject(`/v1/${url}`);
const get = async (path: string) => (await inject(`journeys/buying/${path}`)).json();
const csvOf = async (path: string) => (await inject(`journeys/buying/${path}`)).body.split('\r\n');
const isoOf = (hours: number) => new Date(storyHour(hours) / 1000).toISOString().replace('Z', '000Z');

describe('paths', () => {
  it('are transitions, variants or loops', async () => {
    const { rows, meta } = await get(`paths?${range}&stage=interest&limit=2`);
    expect(rows).toEqual([
      expect.objectContaining({ from: null, to: 'A', secondsP50: 0 }),
      {
        segment: null,
        stage: 'interest',
        from: 'A',
        to: 'M',
        outcome: null,
        transitions: 32,
        customers: 32,
        n: 32,
        share: 1,
        lo: expect.closeTo(0.8928, 4),
        hi: 1,
        secondsP50: 36_000,
      },
    ]);
    expect(meta).toMatchObject({ truncated: true, journeyVersion: 4 });
    const variants = await csvOf(`paths?${range}&detail=variants&by=plan&format=csv`);
    expect(variants[0]).toBe(
      'segment,stage,variant,touchpoints,visits,customers,share,advanced,lost,returned,open,advancedRate,lo,hi,state,matureShare',
    );
    expect(variants[1]).toMatch(/^'=free,(interest|purchase),/);
    const loops = await csvOf(`paths?${range}&detail=loops&format=csv`);
    expect(loops).toEqual(['segment,stage,touchpoint,visits,returningVisits,returningShare,lo,hi,returns,via', '']);
  });

  it('name the nearest stage and parameter', async () => {
    const { errors } = await get(`paths?${range}&stage=intrest`);
    expect(errors).toEqual([{ pointer: '/stage', message: expect.stringContaining('Did you mean "interest"?') }]);
    expect((await get('paths?detale=loops')).errors[0].message).toContain('Did you mean "detail"?');
    expect((await get('paths?limit=5001')).errors[0].pointer).toBe('/limit');
  });
});

describe('contacts', () => {
  it('are counted, listed, or measured by their answers', async () => {
    const { rows } = await get(`contacts?${range}&by=plan`);
    expect(rows).toEqual([
      {
        topic: '=renewal',
        firstTeam: 'support',
        secondTeam: 'sales',
        segment: 'pro',
        bucket: null,
        contacts: 1,
        customers: 1,
        outbound: 2,
        share: 0.5,
        lo: expect.any(Number),
        hi: expect.any(Number),
        state: 'insufficient',
        secondsBetweenP50: 3600,
      },
    ]);
    expect((await get(`contacts?${range}&within=59m`)).rows).toEqual([]);
    expect(await csvOf(`contacts?${range}&detail=list&format=csv`)).toEqual([
      'customer,anonymous,segment,topic,firstTeam,firstAt,secondTeam,secondAt,secondsBetween',
      `c0,,,'=renewal,support,${isoOf(12)},sales,${isoOf(13)},3600`,
      '',
    ]);
    const answers = await get(`contacts?${range}&detail=response&enquiry=tick*&interval=day`);
    expect(answers.rows).toHaveLength(4);
    expect(answers.rows[2]).toMatchObject({ team: null, bucket: isoOf(0), enquiries: 1, answered: 1, k: 1, share: 1 });
    expect(answers.rows[3]).toMatchObject({ team: 'support', secondsP50: 1800, naiveSecondsP90: 1800 });
  });

  it('say which parameter belongs to which detail', async () => {
    expect((await get(`contacts?${range}&enquiry=x`)).errors[0].pointer).toBe('/enquiry');
    expect((await get(`contacts?${range}&within=7x`)).errors[0].pointer).toBe('/within');
  });
});

describe('customers', () => {
  it('are those behind a number, page by page', async () => {
    const first = await get(`customers?${range}&stage=interest&outcome=open&limit=15`);
    expect(first.rows).toHaveLength(15);
    expect(first.rows[0]).toEqual({
      customer: 'c0',
      account: null,
      anonymous: null,
      stage: 'interest',
      cycle: 1,
      visit: 1,
      enteredAt: isoOf(0),
      endedAt: null,
      outcome: 'open',
      next: null,
      reason: null,
      lastActivityAt: isoOf(13),
      seconds: 48 * 3600,
      segment: 'plan:pro region:',
    });
    expect(first.meta).toMatchObject({ asOf: '2026-01-03T00:00:00.000000Z', truncated: true });
    const second = await get(`customers?stage=interest&outcome=open&limit=15&cursor=${first.meta.cursor}`);
    expect([second.rows.length, second.meta.cursor, second.meta.asOf]).toEqual([1, null, first.meta.asOf]);
    const untouched = await get(`customers?${range}&stage=interest&touchpoint=mail&touched=false&limit=100`);
    expect(untouched.rows).toHaveLength(31);
    const csv = await csvOf(`customers?${range}&stage=purchase&segment=plan:%3Dfree&limit=1&format=csv`);
    expect(csv).toEqual([
      'customer,account,anonymous,stage,cycle,visit,enteredAt,endedAt,outcome,next,reason,lastActivityAt,seconds,segment',
      expect.stringMatching(/^c\d+,,,purchase,1,2,.*,completed,,,.*,0,plan:=free region:$/),
      '',
    ]);
  });

  it('are golden in good spirits after a milestone', async () => {
    const { rows, meta } = await get(`customers?${range}&golden=true&milestone=M&within=2d`);
    expect(rows.map(({ customer }: { customer: string }) => customer)).toEqual(['c3', 'c2', 'c1', 'c0']);
    expect(rows[0]).toMatchObject({ sentiment: 0.5, stageMean: -0.375, milestoneAt: isoOf(10.3) });
    expect(meta.cursor).toBeNull();
  });

  it.each([
    ['golden=true', '/milestone'],
    ['golden=true&milestone=M&cursor=x', '/cursor'],
    ['milestone=M', '/milestone'],
    ['within=1d', '/within'],
    ['touched=true', '/touched'],
    ['outcome=gone', '/outcome'],
    ['cursor=e30', '/cursor'],
  ])('%s is refused', async (query, pointer) => {
    expect(await get(`customers?${query}`)).toMatchObject({ status: 400, errors: [{ pointer }] });
  });
});

describe('GET /v1/customers/{customer}', () => {
  it('is the timeline, with who it is and where', async () => {
    const { rows, meta } = (await inject('customers/c0?journey=buying&limit=2&asOf=2026-01-03T00:00:00Z')).json();
    expect(rows).toEqual([
      {
        at: isoOf(13),
        touchpoint: 'call',
        channel: 'phone',
        team: 'sales',
        direction: 'outbound',
        topic: '=renewal',
        account: 'acme',
        sentiment: null,
        nps: 9,
        amount: null,
        currency: null,
        stage: 'interest',
        id: expect.any(String),
      },
      expect.objectContaining({ touchpoint: 'mail', nps: null, account: 'acme' }),
    ]);
    expect(meta).toMatchObject({
      customer: 'c0',
      anonymousIds: ['a-1'],
      account: 'acme',
      firstSeen: isoOf(0),
      lastSeen: isoOf(13),
      events: 5,
      traits: { plan: 'pro' },
      firstTraits: { plan: 'pro' },
      truncated: true,
    });
    expect(meta.journeys).toEqual([
      {
        journey: 'buying',
        version: 4,
        stage: 'interest',
        state: 'open',
        since: isoOf(0),
        cycle: 1,
        visits: 1,
        nextStep: null,
        health: null,
        outlook: expect.objectContaining({ segment: 'plan:pro', spentSeconds: 172_800, lastTouchpoint: 'call' }),
      },
    ]);
    const [{ outlook }] = meta.journeys;
    expect(outlook.advanced + outlook.lost + outlook.staying).toBeCloseTo(1, 9);
    expect(outlook.nextTouchpoints[0]).toMatchObject({ touchpoint: 'M', count: 0 });
    const more = (await inject(`customers/c0?limit=3&cursor=${meta.cursor}`)).json();
    expect(more.rows.map(({ touchpoint }: { touchpoint: string }) => touchpoint)).toEqual(['ticket', 'M', 'A']);
    expect([more.meta.cursor, more.rows[0].stage]).toEqual([null, null]);
  });

  it('is the visits in all journeys, or an anonymous visitor', async () => {
    const csv = (await inject('customers/c20?detail=visits&format=csv')).body.split('\r\n');
    expect(csv[0]).toBe(
      'journey,version,account,stage,cycle,visit,enteredAt,endedAt,outcome,next,reason,lastActivityAt,seconds,segment',
    );
    expect(csv.slice(1).map((line) => line.split(',')[3])).toEqual(['purchase', 'interest', undefined]);
    const visitor = (await inject('customers/a-2?anonymous=true')).json();
    expect([visitor.rows.length, visitor.meta.customer, visitor.meta.anonymousIds]).toEqual([1, null, ['a-2']]);
  });

  it('refuses whom it does not know', async () => {
    expect((await inject('customers/a-2')).json()).toMatchObject({ status: 404, code: 'unknown_customer' });
    expect((await inject('customers/c0?asOf=2025-01-01T00:00:00Z')).json()).toMatchObject({ code: 'unknown_customer' });
    expect((await inject('customers/c0?journey=bying')).json()).toMatchObject({ code: 'unknown_journey' });
    expect((await inject('customers/c0?cursor=e30')).json().errors[0].pointer).toBe('/cursor');
    const long = '道'.repeat(256);
    expect((await inject(`customers/${encodeURIComponent(long)}`)).json().code).toBe('unknown_customer');
  });
});

describe('GET /v1/segments', () => {
  it('lists what can be asked for', async () => {
    const { rows, meta } = (await inject('segments?journey=buying')).json();
    expect(rows[0]).toEqual({
      journey: 'buying',
      segment: 'plan',
      value: '=free',
      visits: 40,
      customers: 24,
      last: isoOf(20),
    });
    expect(rows).toHaveLength(3);
    expect(meta.truncated).toBe(false);
    const csv = (await inject('segments?limit=1&format=csv')).body.split('\r\n');
    expect(csv).toEqual(['journey,segment,value,visits,customers,last', `buying,plan,'=free,40,24,${isoOf(20)}`, '']);
    expect((await inject('segments?journey=bying')).json().code).toBe('unknown_journey');
  });
});
