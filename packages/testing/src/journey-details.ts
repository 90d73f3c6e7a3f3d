import type { Placed } from './journey-walk.ts';

/** A touchpoint within a visit. */
export interface Touch {
  readonly visit: number;
  readonly touchpoint: string;
  readonly firstUs: number;
  readonly lastUs: number;
  readonly count: number;
  /** 1 for the touchpoint of the visit's last touch. */
  readonly isLast: 0 | 1;
}

/** What a customer said, or was asked. */
export interface Response {
  readonly atUs: number;
  readonly visit: number;
  /** The customer's name; for one known by an anonymous id only, that id after a NUL character. */
  readonly customer: string;
  readonly touchpoint: string;
  /** The touchpoint of the unit's latest earlier event that isn't named `nps.…`; '' for none. */
  readonly after: string;
  /** 0…10, −1 for none. */
  readonly nps: number;
  /** −1…1, 2 for none. */
  readonly sentiment: number;
  readonly asked: 0 | 1;
}

export interface PathStep {
  readonly atUs: number;
  readonly visit: number;
  readonly touchpoint: string;
}

/** The touches in order. */
export function pathOf(placed: readonly Placed[]): PathStep[] {
  return placed
    .filter(({ isTouch }) => isTouch)
    .map(({ moment, visit }) => ({ atUs: moment.occurredAtUs, visit, touchpoint: moment.touchpoint }));
}

/** The path by visit and touchpoint, in the order of the first touch. */
export function touchesOf(path: readonly PathStep[]): Touch[] {
  const groups = new Map<string, PathStep[]>();
  for (const step of path) {
    const key = JSON.stringify([step.visit, step.touchpoint]);
    groups.set(key, [...(groups.get(key) ?? []), step]);
  }
  return [...groups.values()].flatMap((steps) => {
    const [first, last] = [steps[0], steps.at(-1)];
    if (first === undefined || last === undefined) return [];
    const { visit, touchpoint } = first;
    const isLast = path.findLast((step) => step.visit === visit) === last;
    return [{ visit, touchpoint, firstUs: first.atUs, lastUs: last.atUs, count: steps.length, isLast: isLast ? 1 : 0 }];
  });
}

/** Every event that carries or asks for an opinion, also those outside of visits. */
export function responsesOf(placed: readonly Placed[]): Response[] {
  return placed.flatMap(({ moment, visit }, index) => {
    const asked = moment.touchpoint === 'nps.asked';
    if (moment.nps === null && moment.sentiment === null && !asked) return [];
    const before = placed.slice(0, index).findLast((other) => !other.moment.touchpoint.startsWith('nps.'));
    return [
      {
        atUs: moment.occurredAtUs,
        visit,
        customer: moment.customer,
        touchpoint: moment.touchpoint,
        after: before?.moment.touchpoint ?? '',
        nps: moment.nps ?? -1,
        sentiment: moment.sentiment ?? 2,
        asked: asked ? 1 : 0,
      },
    ];
  });
}
