export { openKafkaLog } from './open.ts';
export {
  type KafkaLogEntry,
  type KafkaLogOptions,
  type KafkaObservation,
  type KafkaSasl,
  type KafkaTls,
  kafkaOptions,
} from './options.ts';
