import { dashboards } from './boards/all.ts';
import { makeDashboard } from './dashboard.ts';
import { languages } from './text.ts';

/** A generated file: its path below `dashboards/`, its text. */
export interface GeneratedFile {
  path: string;
  text: string;
}

export interface FileOptions {
  /** Address of the board, for links; without a slash at the end. */
  boardUrl: string;
}

/** Every generated file. Pure: the same sources, the same bytes. */
export function generatedFiles({ boardUrl }: FileOptions): GeneratedFile[] {
  return languages.flatMap((language) =>
    dashboards.map((dashboard) => ({
      path: `json/${language}/${dashboard.name}.json`,
      text: `${JSON.stringify(makeDashboard(dashboard, { language, boardUrl }), null, 2)}\n`,
    })),
  );
}
