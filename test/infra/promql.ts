import { parser } from '@prometheus-io/lezer-promql';

/** What an expression of PromQL reads. */
export interface Expression {
  /** Text around which it isn't PromQL. */
  errors: string[];
  selectors: { metric: string; matchers: { label: string; operator: string; value: string }[] }[];
  /** Labels of `by (…)`, `on (…)` and so on. */
  grouping: string[];
}

/** Parses an expression with the grammar of Prometheus's own user interface. */
export function parsePromQl(text: string): Expression {
  const found: Expression = { errors: [], selectors: [], grouping: [] };
  let metric = '';
  let inGrouping = 0;
  parser.parse(text).iterate({
    enter({ type, from, to }) {
      const here = text.slice(from, to);
      if (type.isError) found.errors.push(text.slice(Math.max(0, from - 10), to + 10));
      if (type.name === 'VectorSelector') {
        metric = /^[a-zA-Z_:][a-zA-Z0-9_:]*/.exec(here)?.[0] ?? '';
        found.selectors.push({ metric, matchers: [] });
      }
      if (type.name === 'UnquotedLabelMatcher') {
        const [, label = '', operator = '', value = ''] = /^(\w+)\s*(=~|!~|!=|=)\s*"(.*)"$/.exec(here) ?? [];
        found.selectors.at(-1)?.matchers.push({ label, operator, value });
      }
      if (type.name === 'GroupingLabels') inGrouping += 1;
      if (type.name === 'LabelName' && inGrouping > 0) found.grouping.push(here);
    },
    leave({ type }) {
      if (type.name === 'GroupingLabels') inGrouping -= 1;
    },
  });
  return found;
}
