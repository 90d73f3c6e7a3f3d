import { until } from '../until.ts';

/** The stages of the journey `touches`: the traffic's touchpoints, half and half. */
export const journeyStages = ['low', 'high'] as const;

/** The traffic's touchpoints are `touch.0` … `touch.7`. */
export function stageOfTouchpoint(touchpoint: string): (typeof journeyStages)[number] {
  return Number(touchpoint.split('.')[1]) < 4 ? 'low' : 'high';
}

function definition(version: number): string {
  const rules = (from: number) => [0, 1, 2, 3].map((index) => `{ touchpoint: touch.${from + index} }`).join(', ');
  return `journey: touches
version: ${version}
stages:
  - { id: low, enter: [${rules(0)}] }
  - { id: high, enter: [${rules(4)}] }
`;
}

/** Applies a version of the journey; repeats it, as a client does, while the query API can't take it. */
export async function applyJourney(url: string, version: number): Promise<void> {
  await until(`version ${version} of the journey is taken`, async () => {
    const response = await fetch(`${url}/v1/journeys`, {
      method: 'POST',
      headers: { 'content-type': 'text/yaml' },
      body: definition(version),
    }).catch(() => null);
    if (response === null || response.status >= 500) return undefined;
    if (response.status === 200 || response.status === 202) return true;
    throw new Error(`${response.status} ${await response.text()}`);
  });
}

/** Waits until the answers come from a version, or until `givesUp` says that this won't be. */
export async function untilJourneyAnswers(
  url: string,
  version: number,
  givesUp: () => boolean = () => false,
): Promise<void> {
  await until(`the journey answers in version ${version}`, async () => {
    if (givesUp()) return true;
    const response = await fetch(`${url}/v1/journeys`);
    if (response.status !== 200) return undefined;
    const { rows } = (await response.json()) as { rows: { activeVersion: number | null }[] };
    return rows.some(({ activeVersion }) => activeVersion === version) ? true : undefined;
  });
}
