import { eventLogContract } from '../../testing/src/event-log-contract.ts';
import { openEmbeddedLog } from '../src/embedded/index.ts';
import { temporaryFolder } from './helpers.ts';

eventLogContract('embedded', async (context) => {
  const path = await temporaryFolder(context);
  const topic = 'events';
  const open = () => openEmbeddedLog({ path, partitions: 4 });
  let log = await open();
  context.onTestFinished(() => log.close());
  return {
    log,
    topic,
    partitions: 4,
    async reopen() {
      await log.close();
      log = await open();
      return log;
    },
    async discardBefore(partition, offset) {
      await log.discardBefore(topic, partition, offset);
    },
  };
});
