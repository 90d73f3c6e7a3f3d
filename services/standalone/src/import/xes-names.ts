/**
 * What the standard attributes of XES are for an event, unless the mapping or an attribute with the name of a field says
 * otherwise: column → field. `null`: says nothing by itself.
 *
 * A trace with `anonymous` set is named by an anonymous id; exports of Michinori have such traces.
 */
export function xesNames(columns: readonly string[]): ReadonlyMap<string, string | null> {
  const isAnonymous = columns.includes('case:anonymous');
  return new Map([
    ['case:concept:name', isAnonymous ? 'anonymous' : 'customer'],
    ['case:anonymous', null],
    ['concept:name', 'touchpoint'],
    ['time:timestamp', 'occurredAt'],
    ['org:group', 'team'],
  ]);
}
