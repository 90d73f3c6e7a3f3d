/** Every bound of a journey definition. Text lengths are UTF-16 units. */
export const journeyLimits = {
  /** The text that is read at once, all documents together. */
  sourceLengthMax: 262_144,
  /** Maps and lists inside each other; the document itself is level 1. A definition needs eight. */
  depthMax: 20,
  idLengthMax: 64,
  versionMax: 4_294_967_295,
  stagesMax: 30,
  /** Enter and exit rules of all stages together. */
  rulesMax: 200,
  segmentsMax: 10,
  personasMax: 20,
  conditionsMax: 20,
  conditionValuesMax: 1_000,
  touchpointsMax: 100,
  goalsMax: 10,
  /** Health rules of all stages, and again of each stage. */
  healthRulesMax: 50,
  healthPointsMax: 100,
  healthActionsMax: 20,
  languagesMax: 50,
  titleLengthMax: 200,
  touchpointLengthMax: 256,
  nameLengthMax: 256,
  valueLengthMax: 4_096,
  regexLengthMax: 512,
  countMax: 10_000,
  /** Ten years of 365.25 days. */
  durationUsMax: 315_576_000_000_000,
} as const;
