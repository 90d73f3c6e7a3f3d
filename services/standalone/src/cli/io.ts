/** What a command may touch of the outside; made in main.ts, faked in tests. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** Resolves when what was given to `out` has been taken, or nobody will take it. Without it, it is taken at once. */
  drained?(): Promise<void>;
  /** Columns of the terminal; 100 where there is none. */
  columns: number;
  /** Standard error is a terminal: progress bars make sense. */
  isInteractive: boolean;
  env: Readonly<Record<string, string | undefined>>;
  /** Called when the person presses ^C or the process is told to end. */
  onStop(listener: () => void): void;
  nowUs(): number;
  wait(ms: number): Promise<void>;
}

/** Writes a value as JSON, for `--json`. */
export function printJson(io: Io, value: unknown): void {
  io.out(`${JSON.stringify(value, null, 2)}\n`);
}
