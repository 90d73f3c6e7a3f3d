import { alertingFiles } from './alerting/files.ts';
import { dashboards } from './boards/all.ts';
import { makeDashboard } from './dashboard.ts';
import { languages } from './text.ts';

/** A generated file: its path from the root of the repository, its text. */
export interface GeneratedFile {
  path: string;
  text: string;
}

export interface FileOptions {
  /** Address of the board, for links; without a slash at the end. */
  boardUrl: string;
}

/** The board of the compose file. */
export const defaultBoardUrl = 'http://localhost:8082';

/** Every generated file. Pure: the same sources, the same bytes. */
export function generatedFiles({ boardUrl }: FileOptions): GeneratedFile[] {
  const json = languages.flatMap((language) =>
    dashboards.map((dashboard) => ({
      path: `dashboards/json/${language}/${dashboard.name}.json`,
      text: `${JSON.stringify(makeDashboard(dashboard, { language, boardUrl }), null, 2)}\n`,
    })),
  );
  return [...json, ...alertingFiles()];
}
