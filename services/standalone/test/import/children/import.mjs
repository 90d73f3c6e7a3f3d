// Imports a file into an embedded log, with the compiled code of this package, and says after every batch how far it is.
// Arguments: file, folder of the log, folder of the state, rows per batch, number of the send to die in (0 = none), when.
import { openEmbeddedLog } from '@michinori/event-log/embedded';
import { readMapping } from '../../../dist/import/mapping.js';
import { runImport } from '../../../dist/import/run-import.js';
import { createLogTarget } from '../../../dist/import/target.js';

const [path, logFolder, stateFolder, batchRows, dieIn, when] = process.argv.slice(2);
const log = await openEmbeddedLog({ path: logFolder, partitions: 2 });
const inner = createLogTarget(log);
let sends = 0;
const die = () => process.kill(process.pid, 'SIGKILL');
const target = {
  place: inner.place,
  async send(events) {
    sends += 1;
    if (sends === Number(dieIn) && when === 'before') die();
    if (sends === Number(dieIn) && when === 'during') setImmediate(die);
    const refused = await inner.send(events);
    if (sends === Number(dieIn) && when === 'after') die();
    if (sends === Number(dieIn) && when === 'while noting') setImmediate(die);
    return refused;
  },
};
const result = await runImport({
  path,
  mapping: readMapping({ map: [], set: [] }),
  target,
  stateFolder,
  again: false,
  batchRows: Number(batchRows),
  nowUs: () => Date.UTC(2026, 0, 1) * 1_000,
});
await log.close();
process.stdout.write(JSON.stringify(result));
