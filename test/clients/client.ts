import { setTimeout as wait } from 'node:timers/promises';
import type { Step, Values } from './session.ts';

/** Where a client sends to, and with what. */
export interface Target {
  readonly url: string;
  readonly key: string;
}

/** A vendor's library as an application uses it. */
export interface OpenClient {
  send(step: Step): void;
  /** Resolves when everything that was sent is delivered or given up. */
  settle(): Promise<void>;
  /** What the library told the application, in its own words. */
  readonly errors: readonly string[];
}

export interface Client {
  readonly name: string;
  /** As which dialect its events are kept. */
  readonly dialect: string;
  open(target: Target): OpenClient;
}

/** The members whose value isn't undefined. */
export function given(members: Values): Values {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** Thrown when the server's answer is final and not a success. */
export class Refused extends Error {}

/** Posts with repetitions on 429, 5xx and lost connections, as an application without a vendor's library has to. */
export async function postPatiently(
  url: string,
  init: { headers: Record<string, string>; body: string },
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(url, { method: 'POST', redirect: 'error', ...init });
    const text = await response.text();
    if (response.ok) return;
    const isPassing = response.status === 429 || response.status >= 500;
    if (!isPassing || attempt === 20) throw new Refused(`${response.status} ${text}`);
    await wait(attempt * 20);
  }
}
