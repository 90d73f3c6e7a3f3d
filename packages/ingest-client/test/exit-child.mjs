// A program that tracks events and ends in one of several ways: node exit-child.mjs URL HOW
import { createIngestClient, flushOnExit } from '../dist/index.js';

const [url, how] = process.argv.slice(2);
const client = createIngestClient({
  url,
  flushMs: how === 'end' ? 100 : 60_000,
  onError: ({ code }) => process.stdout.write(code),
});
for (const id of ['a', 'b', 'c']) client.track({ id, customer: 'c', touchpoint: 'page.read' });
if (how !== 'end') flushOnExit(client, process);
if (how === 'own-handler') process.on('SIGTERM', () => void client.close().then(() => process.exit(7)));
if (how !== 'end') setInterval(() => {}, 60_000);
process.stdout.write('tracked');
