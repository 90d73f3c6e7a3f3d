/** One thing that was looked at. `mend` says what to do; it stands with everything that isn't ok. */
export interface Finding {
  check: string;
  state: 'ok' | 'warning' | 'error';
  detail: string;
  mend?: string;
}

/** A finding as two lines for a person. */
export function describeFinding({ check, state, detail, mend }: Finding): string {
  const mark = { ok: '✓', warning: '!', error: '✗' }[state];
  return `${mark} ${check.padEnd(13)} ${detail}\n${mend === undefined ? '' : `  → ${mend}\n`}`;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
