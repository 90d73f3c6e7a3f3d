import { ClickHouseError } from '@michinori/clickhouse';

/** Why ClickHouse took none of some rows: something in at least one of them. */
export interface RowRefusal {
  code: number;
  codeName: string;
  message: string;
}

// Too many parts is the table's trouble and not a row's: single rows would only make more parts.
const neverTheRow = new Set(['TOO_MANY_PARTS']);

const messageLengthMax = 1000;

/** The refusal that an insert's error stands for; null for every other failure, which has nothing to do with the data. */
export function rowRefusalOf(error: unknown): RowRefusal | null {
  if (!(error instanceof ClickHouseError) || error.kind !== 'data' || neverTheRow.has(error.codeName)) return null;
  return { code: error.code, codeName: error.codeName, message: error.message.slice(0, messageLengthMax) };
}
