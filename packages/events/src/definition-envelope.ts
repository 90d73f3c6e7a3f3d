import type { Definition } from './definition.ts';

/** The version that is written. A change of the format raises it and adds an upcaster from the version before. */
export const DEFINITION_VERSION = 1;

/** A definition as a log record: UTF-8 JSON, see docs/envelope.md. `decodeDefinition` gives the identical definition back. */
export function encodeDefinition(definition: Definition): Uint8Array {
  return Buffer.from(JSON.stringify({ v: DEFINITION_VERSION, ...ordered(definition) }), 'utf8');
}

function ordered(definition: Definition): Definition {
  switch (definition.kind) {
    case 'journey': {
      const { kind, journey, version, source, appliedAtUs, appliedBy } = definition;
      return { kind, journey, version, source, appliedAtUs, appliedBy };
    }
    case 'improvement': {
      const { kind, id, journey, stage, title, atUs, owner, hypothesis, dueUs, recordedAtUs, recordedBy } = definition;
      const segment =
        definition.segment === null ? null : { name: definition.segment.name, values: definition.segment.values };
      return { kind, id, journey, stage, title, atUs, segment, owner, hypothesis, dueUs, recordedAtUs, recordedBy };
    }
    case 'rebuild': {
      const { kind, journey, requestedAtUs, requestedBy } = definition;
      return { kind, journey, requestedAtUs, requestedBy };
    }
    case 'alert-rule': {
      const { kind, alert, source, changedAtUs, changedBy } = definition;
      return { kind, alert, source, changedAtUs, changedBy };
    }
  }
}
