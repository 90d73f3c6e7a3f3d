/** Whom a row of health is about: one of the three isn't null. */
export interface UnitColumns {
  customer: string | null;
  account: string | null;
  anonymous: string | null;
}

export interface Unit {
  kind: 'customer' | 'account' | 'anonymous';
  id: string;
}

const kinds = ['customer', 'account', 'anonymous'] as const;

export function unitOf(row: UnitColumns): Unit {
  const kind = kinds.find((one) => row[one] !== null) ?? 'anonymous';
  return { kind, id: row[kind] ?? '' };
}

/** `customer:acme-42`, as it stands in an address. */
export const writeUnit = ({ kind, id }: Unit): string => `${kind}:${id}`;

/** Reads what `writeUnit` wrote; a bare id is a customer's, nothing is nobody. */
export function readUnit(text: string | null): Unit | null {
  if (text === null || text === '') return null;
  const at = text.indexOf(':');
  const kind = kinds.find((one) => one === text.slice(0, at));
  return kind === undefined ? { kind: 'customer', id: text } : { kind, id: text.slice(at + 1) };
}
