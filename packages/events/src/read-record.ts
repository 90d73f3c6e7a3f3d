import type { DecodeErrorCode } from './codes.ts';
import { isJsonObject, type JsonObject } from './json-value.ts';
import { readJson } from './read-json.ts';
import { type Upcaster, upcast } from './upcast.ts';
import { decodeUtf8 } from './utf8.ts';

/** Bytes of the log that don't say anything here, with the reason. */
export interface Undecodable {
  readonly kind: 'undecodable';
  readonly code: DecodeErrorCode;
  readonly message: string;
}

/** A record of today's form, or why there is none. */
export type RecordReading = { readonly kind: 'record'; readonly record: JsonObject } | Undecodable;

export function undecodable(code: DecodeErrorCode, message: string): Undecodable {
  return { kind: 'undecodable', code, message };
}

/**
 * The frame of every record in the log, a JSON object with its version as `v`, brought up to `version` by the upcaster of each
 * version before it. Never throws; says nothing about the other fields.
 */
export function readRecord(
  bytes: Uint8Array,
  { version, upcasters }: { readonly version: number; readonly upcasters: ReadonlyMap<number, Upcaster> },
): RecordReading {
  const decoded = decodeUtf8(bytes);
  if (!decoded.ok) return undecodable('envelope_malformed', `not UTF-8 from byte ${decoded.byteOffset}`);
  const read = readJson(decoded.text);
  if (!read.ok) return undecodable('envelope_malformed', read.message);
  if (!isJsonObject(read.value)) return undecodable('envelope_malformed', 'a record is an object');
  const written = read.value.get('v');
  if (typeof written !== 'number') return undecodable('envelope_malformed', 'a record has a version "v"');
  const record = written > version ? null : upcast(read.value, written, upcasters, version);
  if (record !== null) return { kind: 'record', record };
  const message = `version ${written} is unknown here; this program reads versions up to ${version}`;
  return undecodable('envelope_version_unknown', message);
}
