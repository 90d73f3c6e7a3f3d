import { join } from 'node:path';
import type { TouchpointEvent } from '@michinori/events';
import { readMapping, runImport } from '@michinori/standalone';

/** The event log of the BPI Challenge 2012, where the data folder is there. */
export const loanFile = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'data', 'bpic2012.csv.gz');

/** As the head of `infra/journeys/loan-application.yaml` says. */
const map = [
  'customer=case_id',
  'touchpoint=concept_name',
  'occurredAt=time_timestamp',
  'team=org_resource',
  'trait.amount=AMOUNT_REQ',
];

/** The file as the importer understands it: judged, with the ids that it gives, all received at one moment. */
export async function importLoans(stateFolder: string, receivedAtUs: number): Promise<TouchpointEvent[]> {
  const events: TouchpointEvent[] = [];
  const { outcome, accepted, rejected } = await runImport({
    path: loanFile,
    mapping: readMapping({ map, set: [] }),
    target: {
      place: 'a list',
      send: async (batch) => {
        events.push(...batch);
        return [];
      },
    },
    stateFolder,
    again: false,
    nowUs: () => receivedAtUs,
  });
  if (outcome !== 'finished' || accepted !== 262_200 || rejected !== 0)
    throw new Error(`${outcome}: ${accepted} accepted, ${rejected} rejected`);
  return events;
}
