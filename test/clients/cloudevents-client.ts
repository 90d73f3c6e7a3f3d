import { CloudEvent, emitterFor, HTTP, type Message, Mode } from 'cloudevents';
import { type Client, given, postPatiently } from './client.ts';
import type { Step } from './session.ts';

const types = { identify: 'identity.identified', group: 'identity.grouped', alias: 'identity.alias' };

function cloudEvent({
  kind,
  id,
  at,
  customer,
  anonymous,
  account,
  name = '',
  previous,
  properties,
  traits,
  own,
}: Step) {
  const { amount, nps, sentiment, ...extensions } = own ?? {};
  const data = { ...(kind === 'alias' ? { previous } : properties), michinori: given({ amount, nps, sentiment }) };
  return new CloudEvent<unknown>({
    ...{ id, source: '/session', time: at },
    type: kind === 'track' ? name : kind === 'page' ? `page.${name}` : types[kind],
    ...given({ customer, anonymous, account, ...extensions }),
    data: given({ ...data, traits }),
  });
}

/** cloudevents, with a transport that looks at the status: its own httpTransport doesn't. Events go one by one, in order. */
export function cloudEventsClient(mode: Mode.BINARY | Mode.STRUCTURED): Client {
  return {
    name: `cloudevents (${mode})`,
    dialect: 'cloudevents',
    open({ url, key }) {
      const errors: string[] = [];
      let sending: Promise<unknown> = Promise.resolve();
      const transport = ({ headers, body }: Message) =>
        postPatiently(`${url}/v1/cloudevents`, {
          headers: { ...(headers as Record<string, string>), authorization: `Bearer ${key}` },
          body: String(body),
        });
      const emit = emitterFor(transport, { binding: HTTP, mode });
      return {
        errors,
        send(step) {
          sending = sending.then(() => emit(cloudEvent(step))).catch((error: Error) => errors.push(error.message));
        },
        settle: async () => void (await sending),
      };
    },
  };
}

/** The batched mode, for which the library has no emitter. */
export const cloudEventsBatchClient: Client = {
  name: 'cloudevents (batch)',
  dialect: 'cloudevents',
  open({ url, key }) {
    const errors: string[] = [];
    let events: CloudEvent<unknown>[] = [];
    return {
      errors,
      send: (step) => void events.push(cloudEvent(step)),
      async settle() {
        const body = JSON.stringify(events);
        events = [];
        const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/cloudevents-batch+json' };
        await postPatiently(`${url}/v1/cloudevents`, { headers, body }).catch((e: Error) => errors.push(e.message));
      },
    };
  },
};

export const cloudEventsModes = [Mode.BINARY, Mode.STRUCTURED] as const;
