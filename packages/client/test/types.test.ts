import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  type Answer,
  type Client,
  type createClient,
  type customers,
  type deadLetters,
  type FlatRow,
  type FunnelQueryBody,
  funnels,
  type JourneyCycleTimeRow,
  type JourneyNpsRow,
  type JourneyStagesQuery,
  journeys,
  type PagedMeta,
  type ProblemError,
  type Question,
  type touchpoints,
} from '../src/index.ts';

type RowOf<Asked> = Asked extends Question<infer Row, unknown> ? Row : never;
type MetaOf<Asked> = Asked extends Question<unknown, infer Meta> ? Meta : never;

const funnel = {
  steps: [{ touchpoint: 'sign up' }],
  window: { value: 7, unit: 'day' },
  from: '2026-01-01T00:00:00Z',
  to: '2026-02-01T00:00:00Z',
} as const;

describe('what is asked', () => {
  it('has the names and values that the API knows', () => {
    expectTypeOf<typeof funnel>().toExtend<FunnelQueryBody>();
    expectTypeOf<Omit<typeof funnel, 'window'>>().not.toExtend<FunnelQueryBody>();
    expectTypeOf<typeof funnel & { order: 'strikt' }>().not.toExtend<FunnelQueryBody>();
    expectTypeOf<
      Omit<typeof funnel, 'window'> & { window: { value: 7; unit: 'days' } }
    >().not.toExtend<FunnelQueryBody>();
    expectTypeOf<typeof funnel & { breakdown: { by: 'plan' } }>().not.toExtend<FunnelQueryBody>();
    expectTypeOf<typeof funnel & { breakdown: { by: 'trait:plan' } }>().toExtend<FunnelQueryBody>();
    expectTypeOf<typeof funnel & { breakdown: { by: 'team'; attribution: 'step:2' } }>().toExtend<FunnelQueryBody>();
    expectTypeOf<
      typeof funnel & { breakdown: { by: 'team'; attribution: 'step:b' } }
    >().not.toExtend<FunnelQueryBody>();
    expectTypeOf<{ segment: ['plan:pro', 'region:emea'] }>().toExtend<JourneyStagesQuery>();
    expectTypeOf<{ segment: 'pro' }>().not.toExtend<JourneyStagesQuery>();
    expectTypeOf<{ interval: 'fortnight' }>().not.toExtend<JourneyStagesQuery>();
    expectTypeOf<{ limit: '5' }>().not.toExtend<NonNullable<Parameters<typeof deadLetters.list>[0]>>();
    expectTypeOf<{ anonymous: 'yes' }>().not.toExtend<NonNullable<Parameters<typeof customers.get>[1]>>();
  });

  it('takes the ids of the path, and says where a query or body belongs', () => {
    expectTypeOf(journeys.stages).parameters.toEqualTypeOf<[journey: string, query?: JourneyStagesQuery | undefined]>();
    expectTypeOf(journeys.rebuild).parameters.toEqualTypeOf<[journey: string]>();
    expectTypeOf(funnels.query).parameters.toEqualTypeOf<[body: FunnelQueryBody]>();
    expectTypeOf<string>().toExtend<Parameters<typeof journeys.apply>[0]>();
    expectTypeOf(journeys).not.toHaveProperty('stage');
    expectTypeOf(funnels).not.toHaveProperty('list');
  });
});

describe('what is answered', () => {
  it('has the columns of the question', () => {
    type FunnelRow = RowOf<ReturnType<typeof funnels.query>>;
    expectTypeOf<FunnelRow['customers']>().toEqualTypeOf<number>();
    expectTypeOf<FunnelRow['rate']>().toEqualTypeOf<number | null>();
    expectTypeOf<FunnelRow['state']>().toEqualTypeOf<'ok' | 'insufficient' | 'immature'>();
    expectTypeOf<FunnelRow>().not.toHaveProperty('conversion');
    expectTypeOf<RowOf<ReturnType<typeof touchpoints.list>>>().not.toHaveProperty('rate');
    type CustomerRow = RowOf<ReturnType<typeof funnels.customers>>;
    expectTypeOf<CustomerRow['open']>().toEqualTypeOf<boolean>();
    expectTypeOf<CustomerRow['step1At']>().toEqualTypeOf<string | number | boolean | null>();
    expectTypeOf<MetaOf<ReturnType<typeof customers.get>>['traits']>().toEqualTypeOf<Record<string, string>>();
  });

  it('has other columns with another detail', () => {
    expectTypeOf(journeys.nps('j')).toExtend<Question<JourneyNpsRow, unknown>>();
    expectTypeOf(journeys.nps('j', { detail: 'score' })).toExtend<Question<JourneyNpsRow, unknown>>();
    expectTypeOf<RowOf<ReturnType<typeof journeys.nps>>>().not.toEqualTypeOf<JourneyNpsRow>();
    const movement = journeys.nps('j', { detail: 'movement' });
    expectTypeOf<RowOf<typeof movement>>().toEqualTypeOf<FlatRow>();
    const summary = journeys.cycleTime('j', { fromStage: 'a' });
    expectTypeOf<RowOf<typeof summary>>().toEqualTypeOf<JourneyCycleTimeRow>();
    const compared = journeys.emotion('j', { compareAt: '2026-01-01T00:00:00Z' });
    expectTypeOf<RowOf<typeof compared>>().toEqualTypeOf<FlatRow>();
    const detail = 'score' as 'score' | 'movement';
    const either = journeys.nps('j', { detail });
    expectTypeOf<RowOf<typeof either>>().toEqualTypeOf<JourneyNpsRow | FlatRow>();
  });

  it('comes in pages only where there is a cursor', () => {
    expectTypeOf<MetaOf<ReturnType<typeof journeys.customers>>>().toExtend<PagedMeta>();
    expectTypeOf<MetaOf<ReturnType<typeof deadLetters.list>>>().toExtend<PagedMeta>();
    expectTypeOf<MetaOf<ReturnType<typeof funnels.customers>>>().toExtend<PagedMeta>();
    expectTypeOf<MetaOf<ReturnType<typeof funnels.query>>>().not.toExtend<PagedMeta>();
    type Pageable = Parameters<Client['all']>[0];
    expectTypeOf(journeys.customers('j')).toExtend<Pageable>();
    expectTypeOf(funnels.query(funnel)).not.toExtend<Pageable>();
  });

  it('is what ask, stream and csv give', () => {
    type Asked = ReturnType<typeof client.ask<number, { asOf: string }>>;
    const client = {} as ReturnType<typeof createClient>;
    expectTypeOf<Awaited<Asked>>().toEqualTypeOf<Answer<number, { asOf: string }>>();
    type Streamed = Awaited<ReturnType<typeof client.stream<number, { asOf: string }>>>;
    expectTypeOf<Streamed['meta']>().toEqualTypeOf<{ asOf?: string }>();
    expectTypeOf<ProblemError['errors'][number]>().toEqualTypeOf<{ pointer: string; message: string }>();
    expect(client).toEqual({});
  });
});
