import { createClient, journeys } from '@michinori/client';

const { MICHINORI_URL: url = 'http://127.0.0.1:8080', MICHINORI_KEY: key } = process.env;
const client = createClient({ url, key });

const { meta, body } = await client.csv(journeys.transitions('customer-success', { by: 'plan' }));
process.stderr.write(`as of ${meta.asOf}, in ${meta.timezone}\n`);
for await (const chunk of body) process.stdout.write(chunk);
