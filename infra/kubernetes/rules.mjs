// `node infra/kubernetes/rules.mjs` prints the rules of infra/prometheus/rules as one PrometheusRule for the operator:
//   node infra/kubernetes/rules.mjs > infra/kubernetes/components/monitoring/rules.yaml
import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../prometheus/rules/', import.meta.url);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.yml'))
  .sort();

/** The groups of a file as they stand, without its head, four columns further in. */
function groupsOf(name) {
  const text = readFileSync(new URL(name, folder), 'utf8');
  const groups = text.slice(text.indexOf('\ngroups:\n') + '\ngroups:\n'.length);
  return groups.replace(/^(?=.)/gm, '  ').trimEnd();
}

process.stdout.write(`# Written by infra/kubernetes/rules.mjs from infra/prometheus/rules: change those.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: michinori
spec:
  groups:
${files.map(groupsOf).join('\n')}
`);
