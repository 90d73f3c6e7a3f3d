import type { Scalar, TouchpointEvent } from './event.ts';
import type { RejectedEvent } from './verdict.ts';

/** The version that is written. A change of the format raises it and adds an upcaster from the version before. */
export const ENVELOPE_VERSION = 1;

/** `dialect`: the wire form that brought the event, e.g. `native`, `segment`, `cloudevents`, `import`. */
export interface EventMeta {
  readonly dialect: string;
}

export interface RejectedMeta extends EventMeta {
  readonly receivedAtUs: number;
}

/**
 * An accepted event as a log record: UTF-8 JSON, see docs/envelope.md. The bytes are a function of the event alone, and
 * `decodeEnvelope` gives the identical event back.
 */
export function encodeEnvelope(event: TouchpointEvent, meta: EventMeta): Uint8Array {
  const text = JSON.stringify;
  const amount =
    event.amount === null ? 'null' : `{"value":${text(event.amount.value)},"currency":${text(event.amount.currency)}}`;
  return Buffer.from(
    `{"v":${ENVELOPE_VERSION},"kind":"event","dialect":${text(meta.dialect)},"event":{"id":${text(event.id)}` +
      `,"customer":${text(event.customer)},"anonymous":${text(event.anonymous)},"account":${text(event.account)}` +
      `,"touchpoint":${text(event.touchpoint)},"channel":${text(event.channel)},"team":${text(event.team)}` +
      `,"direction":${text(event.direction)},"topic":${text(event.topic)},"occurredAtUs":${event.occurredAtUs}` +
      `,"receivedAtUs":${event.receivedAtUs},"sequence":${event.sequence},"sentiment":${event.sentiment}` +
      `,"nps":${event.nps},"amount":${amount},"properties":${flatText(event.properties)}` +
      `,"traits":${flatText(event.traits)}}}`,
    'utf8',
  );
}

/** A refused event as a record of the dead-letter topic, see docs/envelope.md. */
export function encodeRejected(rejected: RejectedEvent, meta: RejectedMeta): Uint8Array {
  const { index, id, code, path, message } = rejected.rejection;
  return Buffer.from(
    JSON.stringify({
      v: ENVELOPE_VERSION,
      kind: 'rejected',
      dialect: meta.dialect,
      receivedAtUs: meta.receivedAtUs,
      rejection: { index, id, code, path, message },
      raw: rejected.raw,
    }),
    'utf8',
  );
}

/** By hand, because an object would bring integer-like names to the front and stumble over `__proto__`. */
function flatText(flat: ReadonlyMap<string, Scalar>): string {
  let text = '{';
  for (const [name, value] of flat) {
    text += `${text.length > 1 ? ',' : ''}${JSON.stringify(name)}:${JSON.stringify(value)}`;
  }
  return `${text}}`;
}
