import { createClient, journeys } from '@michinori/client';

const { MICHINORI_URL: url = 'http://127.0.0.1:8080', MICHINORI_KEY: key } = process.env;
const client = createClient({ url, key });

// A page of 50 is asked for whenever the loop needs one.
const lost = journeys.customers('customer-success', { stage: 'adoption', outcome: 'dropped', limit: 50 });
let count = 0;
for await (const { customer, endedAt, reason, segment } of client.all(lost)) {
  count++;
  if (count <= 3)
    process.stdout.write(`${customer}  ${endedAt?.slice(0, 10)}  ${reason ?? 'went silent'}  ${segment}\n`);
}
process.stdout.write(`${count} visits to adoption of the last 90 days ended without going on\n`);
