import { nearestWord } from '@michinori/journey';
import type { Node } from 'yaml';
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { z } from 'zod';
import { type PlacedNode, placeOf } from './document-places.ts';
import type { ReportAt } from './problem.ts';
import { type IssueFacts, ruleKeys } from './rule-schema.ts';

type Issue = z.core.$ZodIssue;

/** Says what the schema found in the words of docs/errors.md, at the places of the document. */
export function reportIssue(issue: Issue, root: Node, report: ReportAt): void {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    const known = path.length === 0 ? ruleKeys : ['en', 'ja'];
    for (const key of issue.keys) {
      const message = `there is no key ${JSON.stringify(key.slice(0, 60))} here, only ${known.join(', ')}`;
      report('unknown_key', [...path, key], message, nearestWord(key, known));
    }
  } else if (issue.code === 'custom') {
    const { problem, suggestion = null } = issue.params as unknown as IssueFacts;
    report(problem, path, issue.message, suggestion);
  } else if (issue.code === 'too_small' || issue.code === 'too_big') {
    reportSize(issue, report);
  } else if (issue.code === 'invalid_union') {
    const [text = [], map = []] = issue.errors;
    for (const inner of isMap(placeOf(root, path).node) ? map : text) {
      reportIssue({ ...inner, path: [...path, ...inner.path] }, root, report);
    }
  } else {
    reportValue(issue, placeOf(root, path), report);
  }
}

function reportSize(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>, report: ReportAt): void {
  const { path, origin } = issue;
  const bound = issue.code === 'too_small' ? issue.minimum : issue.maximum;
  if (origin === 'string' && issue.code === 'too_small') report('empty_text', path, 'is empty; leave the key out');
  else if (origin === 'string') report('text_too_long', path, `has more than ${bound} characters`);
  else if (origin === 'array' && issue.code === 'too_small') report('empty_list', path, 'is empty; leave the key out');
  else if (origin === 'array') report('too_many', path, `has more than ${bound} elements`);
  else report('number_out_of_range', path, `must be ${issue.code === 'too_small' ? 'at least' : 'at most'} ${bound}`);
}

function reportValue(issue: Issue, { node }: PlacedNode, report: ReportAt): void {
  const { path } = issue;
  if (isAlias(node)) return;
  if (node === undefined) {
    report('missing_key', path, `${JSON.stringify(path.at(-1))} is missing`);
  } else if (node === null) {
    report('missing_value', path, 'has no value; leave the key out to get the default');
  } else if (issue.code === 'invalid_value') {
    const words = issue.values.map(String);
    const given = isScalar(node) ? String(node.value) : '';
    report('unknown_value', path, `must be one of ${words.join(', ')}`, nearestWord(given, words));
  } else if (issue.code === 'invalid_type' && kindOf(node) === 'a number' && /^(int|number)$/.test(issue.expected)) {
    report('number_out_of_range', path, `must be a ${issue.expected === 'int' ? 'whole' : 'finite'} number`);
  } else {
    const expected = issue.code === 'invalid_type' ? (words[issue.expected] ?? issue.expected) : 'something else';
    report('wrong_type', path, `is ${kindOf(node)}, but takes ${expected}`);
  }
}

const words: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  array: 'a list',
  object: 'a map',
};

function kindOf(node: Node): string {
  if (isMap(node)) return 'a map';
  if (isSeq(node)) return 'a list';
  const value = isScalar(node) ? node.value : null;
  if (typeof value === 'string') return 'a text';
  return typeof value === 'boolean' ? 'true or false' : 'a number';
}
