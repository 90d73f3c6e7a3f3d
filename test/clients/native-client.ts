import { type Client, given, postPatiently } from './client.ts';
import type { Step } from './session.ts';

const touchpoints = { identify: 'identity.identified', group: 'identity.grouped', alias: 'identity.alias' };

function nativeEvent({ kind, id, at, customer, anonymous, account, name, previous, properties, traits, own }: Step) {
  const touchpoint = kind === 'track' ? name : kind === 'page' ? `page.${name}` : touchpoints[kind];
  const all = kind === 'alias' ? { previous } : properties;
  return given({ id, occurredAt: at, customer, anonymous, account, touchpoint, properties: all, traits, ...own });
}

/** The native form, posted by hand: what the others are compared with. */
export const nativeClient: Client = {
  name: 'native',
  dialect: 'native',
  open({ url, key }) {
    const errors: string[] = [];
    let steps: Step[] = [];
    return {
      errors,
      send: (step) => void steps.push(step),
      async settle() {
        const body = JSON.stringify({ sentAt: new Date().toISOString(), events: steps.map(nativeEvent) });
        steps = [];
        const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
        await postPatiently(`${url}/v1/events`, { headers, body }).catch((error: Error) => errors.push(error.message));
      },
    };
  },
};
