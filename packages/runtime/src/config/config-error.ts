import { MichinoriError } from '../michinori-error.ts';

/** One thing that is wrong with the configuration, with the place where it was written. */
export interface ConfigProblem {
  /** `michinori.yaml:3:5`, `environment MICHINORI_PORT`, `flag --port` or `default`. */
  where: string;
  path: string;
  message: string;
}

/** Code `config_invalid`: everything that is wrong at once. Commands answer with exit code 78. */
export class ConfigError extends MichinoriError {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ where, path, message }) => `  ${where}: ${path === '' ? '' : `${path} `}${message}`);
    super('config_invalid', `The configuration is not valid:\n${lines.join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}
