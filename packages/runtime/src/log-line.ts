const hidden = new Set(['level', 'time', 'service', 'msg', 'err', 'pid', 'hostname']);

function printable(value: unknown): string {
  const text = typeof value === 'string' && /^[^\s"=\p{C}]+$/u.test(value) ? value : JSON.stringify(value);
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * One JSON log line as one line for people: `12:30:01.250 INFO  ingest  listening url=http://…`, an error's stack
 * indented below it. Control characters are escaped, so a logged value can't forge a line or drive the terminal.
 */
export function formatLine(line: string): string {
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return line;
  }
  const { time, level, service, msg, err } = entry;
  const clock = String(time ?? '').slice(11, 23);
  const fields = Object.entries(entry)
    .filter(([name]) => !hidden.has(name))
    .map(([name, value]) => ` ${name}=${printable(value)}`)
    .join('');
  const message = printable(String(msg ?? '')).replace(/^"(.*)"$/s, (_, inside: string) =>
    inside.replaceAll('\\"', '"'),
  );
  const head = `${clock} ${String(level ?? '')
    .toUpperCase()
    .padEnd(5)} ${String(service ?? '')}  ${message}${fields}\n`;
  if (typeof err !== 'object' || err === null) return head;
  const facts = err as { stack?: unknown; message?: unknown };
  const stack = String(facts.stack ?? facts.message ?? '')
    .split('\n')
    .map((part) => `    ${printable(part).replace(/^"(.*)"$/s, '$1')}\n`)
    .join('');
  return head + stack;
}
