import type { XesAttribute, XesPart } from './export-row.ts';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

// What XML 1.0 has no way to write (production 2, Char): most control characters, halves of surrogate pairs, U+FFFE and U+FFFF.
const unwritable = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** Text as the value of an XML attribute; what XML can't hold is replaced by U+FFFD. */
export function escapeXml(text: string): string {
  return text.replace(unwritable, '\ufffd').replace(/[&<>"\t\n\r]/g, (character) => escapes[character] ?? character);
}

/** The text of an XES log (IEEE 1849-2016), made as its rows come: one trace for parts with the same id that follow one another. */
export interface XesText {
  head(name: string): string;
  part(part: XesPart): string;
  tail(): string;
  /** Traces that were begun. */
  traces(): number;
}

const extensions = [
  ['Concept', 'concept'],
  ['Time', 'time'],
  ['Lifecycle', 'lifecycle'],
  ['Organizational', 'org'],
] as const;

export function createXesText(): XesText {
  let current: string | undefined;
  let count = 0;
  return {
    traces: () => count,
    head: (name) => `<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">
${extensions.map(([title, prefix]) => `  <extension name="${title}" prefix="${prefix}" uri="http://www.xes-standard.org/${prefix}.xesext"/>\n`).join('')}  <global scope="trace">
    <string key="concept:name" value="unknown"/>
  </global>
  <global scope="event">
    <string key="concept:name" value="unknown"/>
    <date key="time:timestamp" value="1970-01-01T00:00:00.000000+00:00"/>
    <string key="lifecycle:transition" value="complete"/>
  </global>
  <classifier name="Activity" keys="concept:name"/>
  <classifier name="Activity and transition" keys="concept:name lifecycle:transition"/>
${line('  ', { kind: 'string', key: 'concept:name', value: name })}${line('  ', { kind: 'string', key: 'lifecycle:model', value: 'standard' })}`,
    part({ trace, events }) {
      let text = '';
      if (trace.id !== current) {
        text += current === undefined ? '  <trace>\n' : '  </trace>\n  <trace>\n';
        text += trace.attributes.map((attribute) => line('    ', attribute)).join('');
        current = trace.id;
        count += 1;
      }
      for (const attributes of events) {
        text += `    <event>\n${attributes.map((attribute) => line('      ', attribute)).join('')}    </event>\n`;
      }
      return text;
    },
    tail: () => (current === undefined ? '</log>\n' : '  </trace>\n</log>\n'),
  };
}

function line(indent: string, { kind, key, value }: XesAttribute): string {
  const text = kind === 'date' ? String(value).replace(/Z$/, '+00:00') : String(value);
  return `${indent}<${kind} key="${escapeXml(key)}" value="${escapeXml(text)}"/>\n`;
}
