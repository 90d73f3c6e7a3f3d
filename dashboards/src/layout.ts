import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Part } from './panels/panel.ts';
import type { Language } from './text.ts';

const columns = 24;

/**
 * Puts rows of panels below each other, with ids from 1 in reading order: nothing can overlap.
 * @throws Error when a row is wider than the dashboard: a mistake in its source
 */
export function layOut(rows: readonly (readonly Part[])[], language: Language): Panel[] {
  const panels: Panel[] = [];
  let y = 0;
  for (const row of rows) {
    let x = 0;
    for (const part of row) {
      const { width: w, height: h } = part;
      if (x + w > columns) throw new Error(`A row is wider than ${columns}: panel ${panels.length + 1}.`);
      panels.push(
        part
          .build(language)
          .id(panels.length + 1)
          .gridPos({ x, y, w, h })
          .build(),
      );
      x += w;
    }
    y += Math.max(...row.map(({ height }) => height));
  }
  return panels;
}
