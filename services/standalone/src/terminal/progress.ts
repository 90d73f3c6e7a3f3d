import { Presets, SingleBar } from 'cli-progress';

/** Shows how far long work has come: a bar on a terminal; elsewhere a line now and then, or nothing. */
export interface Progress {
  update(done: number, words?: string): void;
  stop(): void;
}

export interface ProgressOptions {
  title: string;
  /** In the same unit as `done`; the bar shows the share and the time that is left. */
  total: number;
  isInteractive: boolean;
  /** Columns of the terminal, 100 by default. */
  columns?: number;
  /** Where the lines go when it is no terminal; without it nothing is shown there. */
  line?: (text: string) => void;
  nowMs?: () => number;
}

const lineIntervalMs = 3_000;

export function startProgress(options: ProgressOptions): Progress {
  return options.isInteractive ? startBar(options) : startLines(options);
}

function startBar({ title, total, columns = 100 }: ProgressOptions): Progress {
  const bar = new SingleBar(
    {
      format: `${title} {bar} {percentage} % · {eta_formatted} left · {words}`,
      barsize: Math.max(8, Math.min(40, columns - title.length - 42)),
      hideCursor: true,
      clearOnComplete: true,
      stream: process.stderr,
      etaBuffer: 50,
    },
    Presets.shades_classic,
  );
  bar.start(Math.max(1, total), 0, { words: '' });
  return {
    update: (done, words = '') => bar.update(Math.min(done, total), { words }),
    stop: () => bar.stop(),
  };
}

function startLines({ title, total, line, nowMs = () => performance.now() }: ProgressOptions): Progress {
  if (line === undefined) return { update: () => {}, stop: () => {} };
  let shownMs = nowMs();
  return {
    update(done, words = '') {
      if (nowMs() - shownMs < lineIntervalMs) return;
      shownMs = nowMs();
      const share = Math.floor((100 * Math.min(done, total)) / Math.max(1, total));
      line(`${title} ${share} %${words === '' ? '' : ` · ${words}`}\n`);
    },
    stop: () => {},
  };
}
