const redacted = '[redacted]';
const depthMax = 6;
const itemsMax = 50;

const secretNames =
  /^(authorization|proxy-?authorization|cookie|set-?cookie|x-?api-?key|api-?keys?|keys?|secrets?|password|passphrase|token|access_?token|write_?key|traits|properties|raw|body)$/i;
const keyText = /\bmk_([0-9a-z]{1,16})_[0-9A-Za-z]+/g;
const bearerText = /\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi;

/** Removes API keys and authorization values from free text; a key keeps its public prefix. */
export function redactText(text: string): string {
  return text.replace(keyText, 'mk_$1_[redacted]').replace(bearerText, '$1 [redacted]');
}

function redactAt(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return describeError(value, depth);
  if (value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= depthMax) return '[deeper]';
  if (Array.isArray(value)) return value.slice(0, itemsMax).map((item) => redactAt(item, depth + 1));
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  const copy: [string, unknown][] = entries
    .slice(0, itemsMax)
    .map(([name, item]) => [String(name), secretNames.test(String(name)) ? redacted : redactAt(item, depth + 1)]);
  return Object.fromEntries(copy);
}

function describeError(error: Error, depth: number): Record<string, unknown> {
  const facts = error as Error & { code?: unknown; canRetry?: unknown };
  return {
    type: error.name,
    message: redactText(error.message),
    ...(facts.code === undefined ? {} : { code: facts.code }),
    ...(facts.canRetry === undefined ? {} : { canRetry: facts.canRetry }),
    stack: redactText(error.stack ?? ''),
    ...(error.cause === undefined || depth >= depthMax ? {} : { cause: redactAt(error.cause, depth + 1) }),
  };
}

/**
 * A copy of `fields` fit for a log: secrets, traits, properties and bodies replaced by name at every depth, API keys
 * removed from every string, errors reduced to their facts. Bounded: 6 levels, 50 members each.
 */
export function redactFields(fields: Record<string, unknown>): Record<string, unknown> {
  return redactAt(fields, 0) as Record<string, unknown>;
}
