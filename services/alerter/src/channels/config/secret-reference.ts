import { z } from 'zod';

/** Where a secret is: `env NAME` or `file PATH`. The secret itself never stands in the file. */
export interface SecretReference {
  readonly from: 'env' | 'file';
  readonly name: string;
}

const form = /^(env|file) +(\S.*)$/;

/** Reads `env NAME` or `file PATH`. */
export const secretReference = z.string().transform((text, context): SecretReference => {
  const [, from, name] = form.exec(text.trim()) ?? [];
  const fault = faultOf(from, name);
  if (fault === null && (from === 'env' || from === 'file') && name !== undefined) return { from, name };
  context.issues.push({ code: 'custom', message: fault ?? '', input: '' });
  return z.NEVER;
});

function faultOf(from: string | undefined, name = ''): string | null {
  if (from === undefined) return 'must be "env NAME" or "file PATH": a secret itself has no place here';
  if (from === 'env' && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return 'must name an environment variable';
  if (from === 'env' && name.startsWith('MICHINORI_'))
    return 'variables that begin with MICHINORI_ are settings; take another name';
  return null;
}

/** What secrets are read from, handed in by a `main.ts`. */
export interface SecretSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  readFile(path: string): string;
}

export type ReadSecret =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly message: string };

/** The secret that a reference names, without white space around it. */
export function readSecret({ from, name }: SecretReference, { env, readFile }: SecretSources): ReadSecret {
  try {
    const value = (from === 'env' ? env[name] : readFile(name))?.trim() ?? '';
    if (value !== '') return { ok: true, value };
    return { ok: false, message: from === 'env' ? `the variable ${name} is not set` : `the file ${name} is empty` };
  } catch {
    return { ok: false, message: `the file ${name} can't be read` };
  }
}
