const leftBehindAfterSeconds = 6 * 3600;

/** A name that no round ever had: when it began (seconds), which processor, which of its rounds. */
export function roundName(nowUs: number, instance: string, count: number): string {
  return `${Math.floor(nowUs / 1_000_000)}-${instance}-${count}`;
}

/** Whether the rows of a round can't be of use any more: a killed projector left them. A round that lost its rows fails and begins anew. */
export function isLeftBehind(round: string, nowUs: number): boolean {
  const beganSeconds = Number(/^(\d+)-/.exec(round)?.[1] ?? Number.NaN);
  return beganSeconds + leftBehindAfterSeconds < nowUs / 1_000_000;
}
