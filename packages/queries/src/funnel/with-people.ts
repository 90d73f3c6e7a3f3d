import type { ClickHouse, QueryOptions } from '@michinori/clickhouse';
import { readPeople } from '../identity/person-map.ts';
import type { Plan } from './plan.ts';

/** The plan with who is who as of its instant. */
export async function withPeople(clickhouse: ClickHouse, plan: Plan, options?: QueryOptions): Promise<Plan> {
  return { ...plan, people: await readPeople(clickhouse, plan.asOfUs, options) };
}
