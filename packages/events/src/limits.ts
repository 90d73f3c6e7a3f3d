const KIB = 1024;
const MIB = 1024 * KIB;

/**
 * Every bound of the event contract in one place. Bytes are UTF-8 bytes of JSON text; text lengths are Unicode
 * characters (code points, as `maxLength` of JSON Schema counts them); times are microseconds. A limit may grow but
 * never shrink, because records in the log were accepted under the old one.
 */
export const limits = {
  /** JSON text of one event. */
  eventBytesMax: 1 * MIB,
  /** A request body after inflation. */
  requestBytesMax: 4 * MIB,
  requestEventsMax: 5_000,
  /** An encoded event record: arrays become quoted text and nested names repeat their prefix, so it can outgrow the event. */
  envelopeBytesMax: 3 * MIB,
  /** Properties and traits of an event together, counted after flattening. */
  propertiesMax: 1_000,
  /** Nested objects and arrays; the event itself is level 1, `properties` level 2. */
  depthMax: 20,
  idLengthMax: 256,
  customerLengthMax: 256,
  accountLengthMax: 256,
  touchpointLengthMax: 256,
  channelLengthMax: 64,
  teamLengthMax: 64,
  topicLengthMax: 256,
  timeLengthMax: 64,
  /** A flattened name: the dots count. */
  propertyNameLengthMax: 256,
  /** A property's text; for an array its JSON text. */
  propertyTextLengthMax: 65_536,
  amountIntegerDigitsMax: 29,
  amountFractionDigitsMax: 9,
  sentimentMin: -1,
  sentimentMax: 1,
  npsMin: 0,
  npsMax: 10,
  /** 1980-01-01T00:00:00Z. */
  occurredAtUsMin: 315_532_800_000_000,
  /** How far an event may lie ahead of its receipt. */
  aheadUsMax: 86_400_000_000,
  /** A client clock that differs by no more than this is not corrected: transit delay isn't skew. */
  skewToleranceUs: 60_000_000,
  /** What is kept of the text of a refused event. */
  rawBytesMax: 64 * KIB,
  /** Ids of journeys, stages and alerts. */
  journeyLengthMax: 128,
  journeyVersionMax: 4_294_967_295,
  /** The YAML text of one journey or one rule of alerts, in characters. */
  journeySourceLengthMax: 262_144,
  /** How often a fact can be announced and taken back. */
  signalRevisionMax: 2_147_483_647,
  titleLengthMax: 256,
  ownerLengthMax: 256,
  hypothesisLengthMax: 4_096,
  segmentValuesMax: 100,
  segmentValueLengthMax: 1_024,
  /** A longer pointer is cut back to the nearest ancestor that fits. */
  pathLengthMax: 1_024,
} as const;
