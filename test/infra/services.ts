import { alerterProcessSettings, loadAlerterConfig } from '@michinori/alerter';
import { ingestProcessSettings, loadIngestConfig } from '@michinori/ingest';
import { loadProcessorConfig, processorProcessSettings } from '@michinori/processor';
import { loadQueryApiConfig, queryApiProcessSettings } from '@michinori/query-api';
import { type ConfigSources, environmentName, listSettings } from '@michinori/runtime';
import { loadStandaloneConfig, standaloneSettings } from '@michinori/standalone';

/** How a service reads its configuration. */
export interface ServiceSettings {
  /** Every variable that it knows; secrets also as `…_FILE`. */
  variables: ReadonlySet<string>;
  load(sources: ConfigSources): { config: unknown };
  /** The port of its own section. */
  port(config: unknown): number;
}

function settingsOf(
  schema: Parameters<typeof listSettings>[0],
  load: ServiceSettings['load'],
  section: string | null,
): ServiceSettings {
  const variables = new Set(
    listSettings(schema).flatMap(({ path, isSecret }) => {
      const name = environmentName(path);
      return isSecret ? [name, `${name}_FILE`] : [name];
    }),
  );
  const port = (config: unknown): number => {
    const own = section === null ? config : (config as Record<string, unknown>)[section];
    return (own as { port: number }).port;
  };
  return { variables, load, port };
}

/** Every service by the name of its folder and image. */
export const services: Readonly<Record<string, ServiceSettings>> = {
  ingest: settingsOf(ingestProcessSettings, loadIngestConfig, 'ingest'),
  processor: settingsOf(processorProcessSettings, loadProcessorConfig, 'processor'),
  'query-api': settingsOf(queryApiProcessSettings, loadQueryApiConfig, 'queryApi'),
  alerter: settingsOf(alerterProcessSettings, loadAlerterConfig, 'alerter'),
  standalone: settingsOf(standaloneSettings, loadStandaloneConfig, null),
};

/** The variables of ours in an environment that the service doesn't know. */
export function unknownVariables(service: string, environment: Readonly<Record<string, unknown>>): string[] {
  const known = services[service]?.variables ?? new Set();
  return Object.keys(environment).filter((name) => name.startsWith('MICHINORI_') && !known.has(name));
}
