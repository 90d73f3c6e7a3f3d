import type { JsonObject } from './json-value.ts';
import { limits } from './limits.ts';
import { readRecord, type Undecodable, undecodable } from './read-record.ts';
import { createRecordFields, type RecordFields } from './record-fields.ts';
import {
  type Signal,
  type SignalHead,
  type StageTransition,
  type TransitionOutcome,
  transitionOutcomes,
} from './signal.ts';
import { SIGNAL_VERSION } from './signal-envelope.ts';
import type { Upcaster } from './upcast.ts';
import type { Fault } from './verdict.ts';

export type DecodedSignal = Signal | Undecodable;

/** The upcaster from each old version of signals, by that version. */
export const signalUpcasters: ReadonlyMap<number, Upcaster> = new Map();

/**
 * A record of the topic of signals → what it says. Never throws: a record that was not written by this contract, or whose kind or
 * version a newer program brought, is `undecodable` with a reason.
 */
export function decodeSignal(bytes: Uint8Array): DecodedSignal {
  const reading = readRecord(bytes, { version: SIGNAL_VERSION, upcasters: signalUpcasters });
  if (reading.kind === 'undecodable') return reading;
  const { record } = reading;
  const faults: Fault[] = [];
  const signal = take(record, faults);
  const fault = faults[0];
  if (fault !== undefined) return undecodable('envelope_invalid', `${fault.message} (at "${fault.path}")`);
  return signal ?? undecodable('envelope_invalid', 'this kind of signal is unknown here (at "/kind")');
}

function take(record: JsonObject, faults: Fault[]): Signal | null {
  const fields = createRecordFields(record, '', faults);
  return record.get('kind') === 'stage-transition' ? takeStageTransition(record, fields, faults) : null;
}

function takeHead(record: JsonObject, fields: RecordFields, faults: Fault[]): SignalHead {
  const id = fields.text('id', limits.idLengthMax);
  const revision = fields.integer('revision', 1, limits.signalRevisionMax);
  const retracted = revision % 2 === 0;
  if (!/^[0-9a-f]{32}$/.test(id)) fault(faults, '/id', 'expected 32 hexadecimal digits');
  if (record.get('retracted') !== retracted)
    fault(faults, '/retracted', "an even revision retracts, an odd one doesn't");
  return { id, revision, retracted, announcedAtUs: fields.instant('announcedAtUs') };
}

function takeStageTransition(record: JsonObject, fields: RecordFields, faults: Fault[]): StageTransition {
  fields.requireNames([
    ...['v', 'kind', 'id', 'revision', 'retracted', 'announcedAtUs', 'journey', 'version', 'unit', 'customer'],
    ...['anonymous', 'account', 'cycle', 'visit', 'from', 'to', 'outcome', 'reason', 'atUs'],
  ]);
  const unit = record.get('unit') === 'account' ? 'account' : 'customer';
  if (record.get('unit') !== unit) fault(faults, '/unit', 'expected "customer" or "account"');
  const outcome = transitionOutcomes.find((name) => name === record.get('outcome')) ?? 'entered';
  if (record.get('outcome') !== outcome) fault(faults, '/outcome', `expected one of ${transitionOutcomes.join(', ')}`);
  const transition: StageTransition = {
    kind: 'stage-transition',
    ...takeHead(record, fields, faults),
    journey: fields.text('journey', limits.journeyLengthMax),
    version: fields.integer('version', 1, limits.journeyVersionMax),
    unit,
    customer: fields.textOrNull('customer', limits.customerLengthMax),
    anonymous: fields.textOrNull('anonymous', limits.customerLengthMax),
    account: fields.textOrNull('account', limits.accountLengthMax),
    cycle: fields.integer('cycle', 1, limits.journeyVersionMax),
    visit: fields.integer('visit', 1, limits.journeyVersionMax),
    from: fields.textOrNull('from', limits.journeyLengthMax),
    to: fields.textOrNull('to', limits.journeyLengthMax),
    outcome,
    reason: fields.textOrNull('reason', limits.propertyTextLengthMax),
    atUs: fields.instant('atUs'),
  };
  checkWhole(transition, faults);
  return transition;
}

const moves: readonly TransitionOutcome[] = ['advanced', 'returned'];

function checkWhole(
  { unit, customer, anonymous, account, from, to, outcome, reason }: StageTransition,
  faults: Fault[],
) {
  const named = [customer, anonymous, account].filter((name) => name !== null).length;
  if (named !== 1 || (unit === 'account') !== (account !== null))
    fault(faults, '', 'expected exactly the name of the unit');
  const hasFrom = outcome !== 'entered';
  const hasTo = outcome === 'entered' || moves.includes(outcome);
  if ((from !== null) !== hasFrom)
    fault(faults, '/from', `"${outcome}" ${hasFrom ? 'leaves' : "doesn't leave"} a stage`);
  if ((to !== null) !== hasTo) fault(faults, '/to', `"${outcome}" ${hasTo ? 'enters' : "doesn't enter"} a stage`);
  if (reason !== null && outcome !== 'lost') fault(faults, '/reason', 'only a loss has a reason');
}

function fault(faults: Fault[], path: string, message: string): void {
  faults.push({ code: 'unknown_value', path, message });
}
