/** A stretch of one partition of one log: `[fromOffset, toOffset)`. `log` is `<topic>@<generation>`, as in the rows. */
export interface LogRange {
  log: string;
  partition: number;
  fromOffset: number;
  toOffset: number;
}

/** The name of a log as it stands in the rows: a topic that was made anew gets a new generation and so a new name. */
export function logName(topic: string, generation: string): string {
  return `${topic}@${generation}`;
}
