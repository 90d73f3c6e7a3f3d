import type { StandaloneConfig } from '../config.ts';
import { isOnKafka, openLog, topicNames } from '../open-stores.ts';
import { type Io, printJson } from './io.ts';
import { commandLogger } from './stores-command.ts';
import { UsageError } from './usage-error.ts';

/** `michinori topics`: makes what is missing on Kafka; a topic that differs from its settings is an error that says how to mend it. */
export async function topicsCommand(io: Io, config: StandaloneConfig, flags: { json: boolean }): Promise<number> {
  if (!isOnKafka(config))
    throw new UsageError('There is no Kafka in the configuration: name brokers with log.kafka.brokers.');
  const log = await openLog(config, commandLogger(io, config));
  await log.close();
  const topics = topicNames.map((name) => `${config.log.kafka.topicPrefix}${name}`);
  if (flags.json) printJson(io, { topics });
  else io.out(`The topics are there: ${topics.join(', ')}.\n`);
  return 0;
}
