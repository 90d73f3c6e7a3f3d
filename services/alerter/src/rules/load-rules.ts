import { type ParsedRule, parseAlertRules } from '@michinori/alerts';
import { ConfigError, type ConfigFile, type ConfigProblem, didYouMean } from '@michinori/runtime';

/** A rule and the file that it stands in. */
export interface FileRule extends ParsedRule {
  readonly file: string;
}

/**
 * Reads the rules of all files. Everything that is wrong comes at once: `ConfigError`, with file, line and column. Whether journeys and stages exist
 * is seen when a rule is evaluated: a journey may be applied later.
 *
 * @param channels names of the channels that are configured: rules may tell these only
 */
export function loadRules(files: readonly ConfigFile[], channels: readonly string[]): FileRule[] {
  const problems: ConfigProblem[] = [];
  const seen = new Map<string, string>();
  const rules = files.flatMap(({ name, text }): FileRule[] => {
    const parsed = parseAlertRules(text, { file: name });
    if (parsed.outcome === 'invalid') {
      for (const { file, line, column, key, message, suggestion } of parsed.problems) {
        const meant = suggestion === null ? '' : ` Did you mean ${JSON.stringify(suggestion)}?`;
        problems.push({ where: `${file}:${line}:${column}`, path: key, message: `${message}.${meant}` });
      }
      return [];
    }
    for (const { rule } of parsed.rules) {
      const refuse = (path: string, message: string) =>
        problems.push({ where: `${name}, alert ${rule.id}`, path, message });
      const other = seen.get(rule.id);
      if (other !== undefined) refuse('alert', `stands in ${other}, too`);
      seen.set(rule.id, name);
      for (const channel of rule.channels) {
        if (!channels.includes(channel))
          refuse(
            'channels',
            `there is no channel "${channel}" in the file of channels.${didYouMean(channel, channels)}`,
          );
      }
    }
    return parsed.rules.map((parsedRule) => ({ ...parsedRule, file: name }));
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return rules;
}
