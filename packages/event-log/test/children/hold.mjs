// Opens the log of a folder, says so, and holds it until it is killed. Arguments: module of the embedded adapter, folder.
import { writeSync } from 'node:fs';

const [, , embedded, path] = process.argv;
const { openEmbeddedLog } = await import(embedded);
try {
  const log = await openEmbeddedLog({ path, partitions: 2 });
  await log.generation('events');
  writeSync(1, `held by ${process.pid}\n`);
  setInterval(() => {}, 1000);
} catch (error) {
  writeSync(1, `refused ${error.code} ${error.message}\n`);
}
