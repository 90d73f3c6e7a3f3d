import { eventLogContract } from '../../testing/src/event-log-contract.ts';
import { sharedKafka } from '../../testing/src/kafka.ts';
import { openKafkaLog } from '../src/kafka/index.ts';
import { deleteRecordsBefore, kafkaLogOptions, uniqueName } from './kafka-helpers.ts';

const kafka = sharedKafka();

eventLogContract('kafka', async (context) => {
  const server = kafka(context as never);
  const topic = uniqueName('events');
  const open = () => openKafkaLog(kafkaLogOptions(server));
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
    discardBefore: (partition, offset) => deleteRecordsBefore(server, `michinori.${topic}`, partition, offset),
  };
});
