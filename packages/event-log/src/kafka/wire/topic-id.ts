/** KIP-516: what Kafka knows a topic by. Another one after the topic was deleted and created again. */
export type TopicId = string;

/** As Kafka's own tools show it: 22 characters of base64url. */
export function topicIdFrom(bytes: Buffer): TopicId {
  return bytes.toString('base64url');
}

export function topicIdBytes(id: TopicId): Buffer {
  return Buffer.from(id, 'base64url');
}
