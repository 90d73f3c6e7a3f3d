import { partitionKey, type TouchpointEvent } from '@michinori/events';

/**
 * A customer whose events have changed, as one text: the customer, NUL and the anonymous id, or two NULs and the key (of
 * somebody known by the key alone). Ids hold no NUL.
 */
export type DirtyUnit = string;

const nul = '\0';

export function unitOfEvent(event: TouchpointEvent): DirtyUnit {
  return partitionKey(event);
}

/** `customerKey`: 64 bits as decimal text. */
export function unitOfKey(customerKey: string): DirtyUnit {
  return `${nul}${nul}${customerKey}`;
}

/** The unit that a row of `dirty_units` stands for. */
export function unitOfRow(row: { customerKey: string; customer: string; anonymous: string }): DirtyUnit {
  if (row.customer !== '') return row.customer;
  return row.anonymous === '' ? unitOfKey(row.customerKey) : `${nul}${row.anonymous}`;
}

/** The rows of a round in `dirty_units`: those whose key the table works out, and those that have nothing but their key. */
export function dirtyRows(round: string, units: Iterable<DirtyUnit>) {
  const byName: [round: string, customer: string, anonymous: string][] = [];
  const byKey: [round: string, unitKey: string][] = [];
  for (const unit of units) {
    if (!unit.startsWith(nul)) byName.push([round, unit, '']);
    else if (unit.startsWith(nul, 1)) byKey.push([round, unit.slice(2)]);
    else byName.push([round, '', unit.slice(1)]);
  }
  return { byName, byKey };
}
