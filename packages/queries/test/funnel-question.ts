import type { ClickHouse } from '@michinori/clickhouse';
import {
  type FunnelCustomer,
  type FunnelRequest,
  funnelCustomersRequest,
  isoText,
  runFunnel,
  runFunnelCustomers,
  runTimeToConvert,
  timeToConvertRequest,
} from '@michinori/queries';
import {
  type CustomersQuestion,
  type FunnelAnswer,
  referenceCustomers,
  referenceFunnel,
  referenceTimeToConvert,
  type TimeToConvertQuestion,
} from '@michinori/testing';
import { difference, type PlacedCase } from './funnel-case.ts';

/** One of the three things that can be asked of a funnel. */
export type Question =
  | { readonly kind: 'rows' }
  | { readonly kind: 'time'; readonly about: TimeToConvertQuestion }
  | { readonly kind: 'customers'; readonly about: CustomersQuestion };

/** The rows of a case, and on some cases also the times between two steps or the customers behind one of the numbers. */
export function questionsOf({ request }: PlacedCase, answer: FunnelAnswer, index: number): Question[] {
  const questions: Question[] = [{ kind: 'rows' }];
  const steps = request.steps.length;
  if (index % 8 === 1 && steps > 1 && request.trend === null) {
    const fromStep = 1 + (index % (steps - 1));
    const segment = request.breakdown === null || index % 2 === 0 ? undefined : (answer.rows[0]?.segment ?? undefined);
    const about = {
      fromStep,
      toStep: steps,
      ...(index % 3 === 0 && { bins: 3 }),
      ...(segment !== undefined && { segment }),
    };
    questions.push({ kind: 'time', about });
  }
  const counted = answer.rows.filter(({ customers }) => customers > 0);
  const row = counted[index % Math.max(1, counted.length)];
  if (index % 8 > 5 && row !== undefined) {
    const outcome = row.dropped > 0 ? 'dropped' : row.open > 0 ? 'open' : 'converted';
    const { step, segment, bucket } = row;
    questions.push({ kind: 'customers', about: { step, outcome, segment, bucket } });
  }
  return questions;
}

// What is asked here is whether answers are right; on a busy machine they may take long.
const limits = { timeMsMax: 300_000 };

export async function askRows(clickhouse: ClickHouse, request: FunnelRequest, now: number): Promise<FunnelAnswer> {
  const { rows, meta } = await runFunnel(clickhouse, request, { now, limits });
  return { rows: [...rows], otherSegments: [...meta.otherSegments] };
}

async function askTime(clickhouse: ClickHouse, placed: PlacedCase, about: TimeToConvertQuestion) {
  const request = timeToConvertRequest.parse({ ...placed.request, ...about });
  const { rows, meta } = await runTimeToConvert(clickhouse, request, { now: placed.asOfUs, limits });
  return { rows, customers: meta.customers, mean: meta.mean, median: meta.median, p90: meta.p90 };
}

const byEntry = (a: { enteredAtUs: number; unit: string }, b: { enteredAtUs: number; unit: string }) =>
  a.enteredAtUs - b.enteredAtUs || (a.unit < b.unit ? -1 : 1);

async function askCustomers(clickhouse: ClickHouse, placed: PlacedCase, about: CustomersQuestion) {
  const { step, outcome, segment, bucket } = about;
  const found: FunnelCustomer[] = [];
  let cursor: string | null = null;
  do {
    const request = funnelCustomersRequest.parse({
      ...placed.request,
      step,
      outcome,
      limit: 2,
      cursor,
      ...(typeof segment === 'string' && { segment }),
      ...(typeof bucket === 'number' && { bucket: isoText(bucket) }),
    });
    const { rows, meta } = await runFunnelCustomers(clickhouse, request, { now: placed.asOfUs, limits });
    found.push(...rows);
    cursor = meta.cursor;
  } while (cursor !== null);
  const inOrder = found.every(({ enteredAtUs }, i) => enteredAtUs >= (found[i - 1]?.enteredAtUs ?? -Infinity));
  const customers = found.map(({ unit, anonymous, ...rest }) => ({ unit: unit ?? `\0${anonymous}`, ...rest }));
  return { inOrder, customers: customers.sort(byEntry) };
}

/** Where the SQL differs from the reference in one question, or null. A failing query is a difference. */
export async function askDifference(
  clickhouse: ClickHouse,
  placed: PlacedCase,
  question: Question,
): Promise<string | null> {
  try {
    return await compare(clickhouse, placed, question);
  } catch (error) {
    return `failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function compare(clickhouse: ClickHouse, placed: PlacedCase, question: Question): Promise<string | null> {
  const { copies, request, asOfUs } = placed;
  switch (question.kind) {
    case 'rows':
      return difference(await askRows(clickhouse, request, asOfUs), referenceFunnel(copies, request, asOfUs));
    case 'time':
      return difference(
        await askTime(clickhouse, placed, question.about),
        referenceTimeToConvert(copies, request, question.about, asOfUs),
      );
    case 'customers':
      return difference(await askCustomers(clickhouse, placed, question.about), {
        inOrder: true,
        customers: referenceCustomers(copies, request, question.about, asOfUs).sort(byEntry),
      });
  }
}
