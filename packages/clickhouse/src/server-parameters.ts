import { TupleParam } from '@clickhouse/client';
import type { Parameters, ParameterValue } from './parameters.ts';

/** Parameters as values of the HTTP client, which does the quoting and sends long ones in the body. */
export function parameterValues(parameters: Parameters): Record<string, unknown> {
  return Object.fromEntries([...parameters].map(([name, value]) => [name, clientValue(value)]));
}

function clientValue(value: ParameterValue): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if ('digits' in value) return /^-?\d+$/.test(value.digits) ? BigInt(value.digits) : Number(value.digits);
  if ('entries' in value) return new Map(value.entries.map(([k, v]) => [clientValue(k), clientValue(v)]));
  const items = value.items.map(clientValue);
  return value.tuple ? new TupleParam(items) : items;
}
