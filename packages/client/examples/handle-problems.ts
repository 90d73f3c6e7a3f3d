import { createClient, journeys, ProblemError } from '@michinori/client';

const { MICHINORI_URL: url = 'http://127.0.0.1:8080', MICHINORI_KEY: key } = process.env;
const client = createClient({ url, key });

try {
  await client.ask(journeys.stages('customer-success', { by: 'plam' }), { signal: AbortSignal.timeout(10_000) });
} catch (error) {
  if (!(error instanceof ProblemError)) throw error;
  process.stdout.write(`${error.status} ${error.code}\n`);
  for (const { pointer, message } of error.errors) process.stdout.write(`${pointer} ${message}\n`);
}
