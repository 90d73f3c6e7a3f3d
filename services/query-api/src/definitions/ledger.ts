import type { EventLog } from '@michinori/event-log';
import {
  type AlertRuleDefinition,
  decodeDefinition,
  definitionsTopic,
  type ImprovementDefinition,
  type JourneyDefinition,
} from '@michinori/events';

/** What the log says about definitions, up to its last record. */
export interface Definitions {
  /** Of each journey its versions as they were applied; of a version that was applied twice the first counts. */
  readonly journeys: ReadonlyMap<string, ReadonlyMap<number, JourneyDefinition>>;
  /** Of each id the latest record. */
  readonly improvements: ReadonlyMap<string, ImprovementDefinition>;
  /** Of each alert the latest record, also one that took its rule away. */
  readonly rules: ReadonlyMap<string, AlertRuleDefinition>;
}

export interface Ledger {
  /** Reads what was appended since the last call, whoever appended it. */
  catchUp(): Promise<Definitions>;
}

const limits = { recordsMax: 1_000, bytesMax: 16 * 1024 * 1024 };

/**
 * Follows the topic of definitions from its beginning. The log is asked and not the tables, because the tables lag behind it: a
 * version that was applied a moment ago is taken.
 */
export function createLedger(log: EventLog): Ledger {
  const journeys = new Map<string, Map<number, JourneyDefinition>>();
  const improvements = new Map<string, ImprovementDefinition>();
  const rules = new Map<string, AlertRuleDefinition>();
  const read = new Map<number, number>();

  function note(value: Uint8Array): void {
    const definition = decodeDefinition(value);
    if (definition.kind === 'improvement') improvements.set(definition.id, definition);
    if (definition.kind === 'alert-rule') rules.set(definition.alert, definition);
    if (definition.kind !== 'journey') return;
    const versions = journeys.get(definition.journey) ?? new Map<number, JourneyDefinition>();
    if (!versions.has(definition.version)) versions.set(definition.version, definition);
    journeys.set(definition.journey, versions);
  }

  return {
    async catchUp() {
      for (const { partition, earliest, next } of await log.positions(definitionsTopic)) {
        let offset = Math.max(earliest, read.get(partition) ?? 0);
        while (offset < next) {
          const records = await log.read(definitionsTopic, partition, offset, limits);
          for (const { value } of records) note(value);
          offset += records.length;
          read.set(partition, offset);
          if (records.length === 0) break;
        }
      }
      return { journeys, improvements, rules };
    },
  };
}

/** The newest version of a journey, or undefined where there is none. */
export function newestOf({ journeys }: Pick<Definitions, 'journeys'>, journey: string): JourneyDefinition | undefined {
  const versions = journeys.get(journey);
  return versions?.get(Math.max(...versions.keys()));
}
