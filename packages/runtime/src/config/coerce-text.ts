import type { SettingKind } from './setting.ts';

export type Coerced = { ok: true; value: unknown } | { ok: false; message: string };

const yes = new Set(['true', 'yes', 'on', '1']);
const no = new Set(['false', 'no', 'off', '0']);

function fromJson(text: string): Coerced {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, message: 'must be JSON' };
  }
}

/** A text from a flag or the environment as the value that a setting of this kind needs. Lists: commas, or JSON. */
export function coerceText(text: string, kind: SettingKind): Coerced {
  const trimmed = text.trim();
  if (kind === 'string') return { ok: true, value: text };
  if (kind === 'number') {
    const isNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed);
    return isNumber ? { ok: true, value: Number(trimmed) } : { ok: false, message: 'must be a number' };
  }
  if (kind === 'boolean') {
    const word = trimmed.toLowerCase();
    if (yes.has(word)) return { ok: true, value: true };
    return no.has(word) ? { ok: true, value: false } : { ok: false, message: 'must be true or false' };
  }
  if (kind === 'list' && !trimmed.startsWith('[')) {
    const items = trimmed.split(',').map((item) => item.trim());
    return { ok: true, value: trimmed === '' ? [] : items };
  }
  return fromJson(trimmed);
}
