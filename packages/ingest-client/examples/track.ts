import { createIngestClient, flushOnExit } from '@michinori/ingest-client';

const { MICHINORI_URL: url = 'http://127.0.0.1:8080', MICHINORI_KEY: key } = process.env;
const client = createIngestClient({
  url,
  key,
  onError({ code, message, path, events }) {
    process.stderr.write(`${events.length} not stored: ${code} ${path ?? ''} ${message}\n`);
  },
});
flushOnExit(client, process);

client.track({
  customer: 'acme-42',
  touchpoint: 'app.first_login',
  channel: 'app',
  properties: { page: '/setup' },
  traits: { plan: 'pro' },
});
client.track({ customer: 'acme-42', touchpoint: 'survey.answered', nps: 11 });

await client.close();
