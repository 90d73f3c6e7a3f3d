import { Presets, SingleBar } from 'cli-progress';

/** Shows how far long work has come: a bar on a terminal, nothing elsewhere. */
export interface Progress {
  update(done: number, words?: string): void;
  stop(): void;
}

/** @param total in the same unit as `done`; the bar shows the share and the time that is left */
export function startProgress(options: { title: string; total: number; isInteractive: boolean }): Progress {
  if (!options.isInteractive) return { update: () => {}, stop: () => {} };
  const bar = new SingleBar(
    {
      format: `${options.title} {bar} {percentage} % · {eta_formatted} left · {words}`,
      hideCursor: true,
      clearOnComplete: true,
      stream: process.stderr,
      etaBuffer: 50,
    },
    Presets.shades_classic,
  );
  bar.start(Math.max(1, options.total), 0, { words: '' });
  return {
    update: (done, words = '') => bar.update(Math.min(done, options.total), { words }),
    stop: () => bar.stop(),
  };
}
