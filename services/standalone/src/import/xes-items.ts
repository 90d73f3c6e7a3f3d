import { type JsonValue, limits } from '@michinori/events';
import { SaxesParser } from 'saxes';
import type { Place, SourceItem, UnreadableCode } from './source-item.ts';
import { attributeKinds, entriesOf, itemOf, type OpenAttribute, openAttribute } from './xes-value.ts';

/** Text of an XES log in, an item per event out. */
export interface XesReader {
  /** @throws Error with line and column where the text is no XML, or no XES */
  push(text: string): SourceItem[];
  /** @throws Error when the log is cut off */
  end(): SourceItem[];
}

interface Element {
  attributes: Map<string, JsonValue>;
  length: number;
  fault: { code: UnreadableCode; message: string } | undefined;
  line: number;
}

const elementLengthMax = 4 * 1024 * 1024;
const silenceMax = 64 * 1024 * 1024;
const late = 'the trace has attributes behind its events; they are passed over';

/**
 * Reads an event log in XES (IEEE 1849). Every event is a row: its attributes under their keys, those of its trace under
 * `case:` and the key; attributes of attributes with dots; lists as arrays. Declarations and attributes of the log say
 * nothing about events and are passed over. Only one event and the attributes of its trace are held.
 */
export function createXesReader(): XesReader {
  const parser = new SaxesParser();
  const path: string[] = [];
  const open: OpenAttribute[] = [];
  let items: SourceItem[] = [];
  let passedOver = 0;
  let silence = 0;
  let number = 0;
  let traceNumber = 0;
  let eventNumber = 0;
  let lateAt: number | undefined;
  let trace: Element | undefined;
  let event: Element | undefined;

  const begin = (): Element => ({ attributes: new Map(), length: 0, fault: undefined, line: parser.line });
  const blame = (code: UnreadableCode, message: string): void => {
    const element = event ?? trace;
    if (element !== undefined) element.fault ??= { code, message };
  };

  const store = (key: string, value: JsonValue): void => {
    const element = event ?? trace;
    if (element === undefined) return;
    if (event === undefined && eventNumber > 0) {
      lateAt ??= parser.line;
      return;
    }
    element.length += key.length + (typeof value === 'string' ? value.length : 8);
    const name = event === undefined ? `case:${key}` : key;
    if (element.length > elementLengthMax) blame('line_too_long', 'an event may have 4 MiB');
    else if (element.attributes.has(name)) blame('conflicting_names', `two attributes have the key "${key}"`);
    else element.attributes.set(name, value);
  };

  const finishEvent = ({ attributes, fault: own, line }: Element): void => {
    number += 1;
    const place: Place = trace === undefined ? { line } : { trace: traceNumber, event: eventNumber, line };
    const row = new Map([...(trace?.attributes ?? []), ...attributes]);
    const raw = rawOf(row);
    const fault = own ?? trace?.fault;
    if (fault === undefined) items.push({ kind: 'record', line: number, place, row, raw });
    else items.push({ kind: 'unreadable', line: number, place, ...fault, raw });
  };

  const finishTrace = (): void => {
    if (lateAt !== undefined) {
      number += 1;
      const place = { trace: traceNumber, line: lateAt };
      items.push({ kind: 'unreadable', line: number, place, code: 'unreadable_row', message: late, raw: '' });
    }
    lateAt = undefined;
  };

  const openElement = (name: string, { key, value }: Record<string, string>): void => {
    const isInEvent = event !== undefined;
    if (name === 'trace' && path.length === 2) {
      traceNumber += 1;
      eventNumber = 0;
      trace = begin();
    } else if (name === 'event' && !isInEvent && open.length === 0 && path.length === (trace === undefined ? 2 : 3)) {
      eventNumber += 1;
      event = begin();
    } else if (attributeKinds.has(name) && (isInEvent || trace !== undefined)) {
      if (key === undefined) blame('unreadable_row', `an attribute of the kind ${name} has no key`);
      if (open.length >= limits.depthMax)
        blame('unreadable_row', `attributes stand in more than ${limits.depthMax} others`);
      if (key === undefined || open.length >= limits.depthMax) passedOver = 1;
      else open.push(openAttribute(name, key, value));
    } else if (name !== 'values' || open.length === 0) passedOver = 1;
  };

  const closeElement = (name: string | undefined): void => {
    if (name === 'event' && event !== undefined) {
      finishEvent(event);
      event = undefined;
    } else if (name === 'trace' && trace !== undefined) {
      finishTrace();
      trace = undefined;
    } else if (name !== undefined && attributeKinds.has(name)) closeAttribute(open.pop());
  };

  const closeAttribute = (attribute: OpenAttribute | undefined): void => {
    if (attribute === undefined) return;
    const parent = open.at(-1);
    if (parent === undefined) for (const [key, value] of entriesOf(attribute)) store(key, value);
    else if (parent.items !== undefined) parent.items.push(itemOf(attribute));
    else parent.members.push(...entriesOf(attribute));
  };

  parser.on('opentag', ({ name: qualified, attributes }) => {
    silence = 0;
    const name = localName(qualified);
    path.push(name);
    if (passedOver > 0) passedOver += 1;
    else if (path.length > 1) openElement(name, attributes);
    else if (name !== 'log')
      throw new Error(`${parser.line}: this is no XES, it begins with <${name}> instead of <log>`);
  });
  parser.on('closetag', () => {
    silence = 0;
    const name = path.pop();
    if (passedOver > 0) passedOver -= 1;
    else closeElement(name);
  });

  const take = (): SourceItem[] => {
    const taken = items;
    items = [];
    return taken;
  };

  return {
    push(text) {
      parser.write(text);
      silence += text.length;
      if (silence > silenceMax) throw new Error(`${parser.line}: no element ends within 64 MiB`);
      return take();
    },
    end() {
      parser.close();
      return take();
    },
  };
}

function rawOf(row: ReadonlyMap<string, JsonValue>): string {
  return JSON.stringify(Object.fromEntries(row), (_, value) =>
    value instanceof Map ? Object.fromEntries(value) : value,
  );
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
