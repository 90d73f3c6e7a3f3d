const range = 'from=2025-01-01T00:00:00Z&to=2026-12-01T00:00:00Z';
const end = `${range}&asOf=2026-11-20T15:00:00Z`;
const past = 'from=2025-07-01T00:00:00Z&to=2026-01-01T00:00:00Z&asOf=2025-12-10T00:00:00Z';

/** Questions about a journey, every endpoint at least once: path and parameters. */
export const journeyQuestions: readonly string[] = [
  `map?${end}`,
  `map?${past}&detail=overview&by=plan`,
  `stages?${end}`,
  `stages?${end}&by=plan&interval=month&count=visits`,
  `stages?${past}&by=persona&segment=region:kanto&segment=region:kansai&segment=region:emea&segment=region:&timezone=Europe/Berlin&interval=week`,
  `losses?${end}`,
  `losses?${past}&by=plan&interval=month`,
  `outlook?${end}&by=plan`,
  `outlook?${past}`,
  `outlook/track-record?${end}`,
  `transitions?${end}&by=industry`,
  `touchpoints?${end}`,
  `touchpoints?${past}&by=plan`,
  `cycle-time?${end}`,
  `cycle-time?${end}&by=plan&compareAt=2025-10-31T15:00:00Z`,
  `nps?${end}&cohort=stage`,
  `nps?${end}&cohort=touchpoint`,
  `nps?${end}&cohort=entry&by=plan`,
  `nps?${end}&detail=movement&interval=month`,
  `emotion?${end}`,
  `emotion?${end}&compareAt=2025-10-31T15:00:00Z`,
  `paths?${end}`,
  `paths?${end}&detail=variants`,
  `paths?${end}&detail=loops`,
  `bottlenecks?${end}`,
  `improvements?${end}`,
  `contacts?${end}`,
  `contacts?${end}&detail=list`,
  `contacts?${end}&detail=response`,
  `customers?${end}&limit=1000`,
  `customers?${past}&outcome=open&limit=1000`,
];

/** The curve of a way that people of the test have gone, of each journey of the demo. */
export const curveQuestions: readonly string[] = [
  `customer-success/cycle-time?${past}&detail=curve`,
  `buying/cycle-time?${past}&detail=curve&fromStage=interest&toStage=consideration`,
];
