/**
 * Values of parameters with which an answer has other rows than those that the document describes: the client types these as `FlatRow`.
 * `true` is any value. A test asks a server and holds this list against what it answers.
 */
export const otherRows: Readonly<Record<string, Readonly<Record<string, true | readonly string[]>>>> = {
  'GET /v1/journeys/{journey}/contacts': { detail: ['list', 'response'] },
  'GET /v1/journeys/{journey}/cycle-time': { detail: ['curve'] },
  'GET /v1/journeys/{journey}/emotion': { compareAt: true },
  'GET /v1/journeys/{journey}/health/track-record': { detail: ['bands'] },
  'GET /v1/journeys/{journey}/nps': { detail: ['movement'] },
  'GET /v1/journeys/{journey}/outlook/track-record': { detail: ['calibration'] },
  'GET /v1/journeys/{journey}/paths': { detail: ['variants', 'loops'] },
  'GET /v1/customers/{customer}': { detail: ['visits'] },
};
