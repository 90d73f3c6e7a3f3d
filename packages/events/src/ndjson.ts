import { judge, type RequestContext } from './judge.ts';
import { limits } from './limits.ts';
import { readJson } from './read-json.ts';
import { malformed, type ParsedRequest } from './request.ts';
import { decodeLossy, decodeUtf8 } from './utf8.ts';
import { reject, type Verdict } from './verdict.ts';

const NEWLINE = 10;
const BLANK = /^[ \t\r]*$/;

/**
 * One event per line (NDJSON); blank lines are skipped, CRLF is fine. A line that is not UTF-8 or not JSON is refused
 * alone. A rejection's index counts events; its message names the line.
 */
export function parseNdjson(body: Uint8Array, context: RequestContext): ParsedRequest {
  const verdicts: Verdict[] = [];
  let lineNumber = 0;
  for (let start = 0; start < body.length; ) {
    const newline = body.indexOf(NEWLINE, start);
    const end = newline < 0 ? body.length : newline;
    lineNumber += 1;
    const verdict = judgeLine(body.subarray(start, end), lineNumber, verdicts.length, context);
    start = end + 1;
    if (verdict === null) continue;
    if (verdicts.length === limits.requestEventsMax) {
      return malformed('too_many_events', '', `a request may have ${limits.requestEventsMax} events`);
    }
    verdicts.push(verdict);
  }
  return verdicts.length === 0 ? malformed('empty_body', '', 'the body is empty') : { outcome: 'parsed', verdicts };
}

function judgeLine(bytes: Uint8Array, lineNumber: number, index: number, context: RequestContext): Verdict | null {
  const decoded = decodeUtf8(bytes);
  if (!decoded.ok) {
    const message = `line ${lineNumber} is not UTF-8: its byte ${decoded.byteOffset} is the first invalid one`;
    return reject({ code: 'invalid_utf8', path: '', message }, index, null, decodeLossy(bytes));
  }
  const { text } = decoded;
  if (BLANK.test(text)) return null;
  const read = readJson(text);
  if (!read.ok) {
    const message = `line ${lineNumber} of the body is ${read.message}`;
    return reject({ code: 'invalid_json', path: '', message }, index, null, text);
  }
  return judge(read.value, text, 0, text.length, index, context);
}
