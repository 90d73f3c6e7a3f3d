import { type Frame, makeFrame } from './frame.ts';
import { applyMacrosTo, type TimeRange } from './macros.ts';
import { postProcess } from './post-process.ts';
import type { InfinityQuery } from './query.ts';
import { buildRequest, type Datasource, type HttpRequest, sendRequest } from './request.ts';

export interface Asked {
  request: HttpRequest;
  /** The answer as it came. */
  answer: unknown;
  frame: Frame;
}

/** What the backend of Infinity does with one query, with the time range of the request. @throws Error in its words where it would answer with an error */
export async function askInfinity(query: InfinityQuery, range: TimeRange, datasource: Datasource): Promise<Asked> {
  const filled = applyMacrosTo(query, range);
  const request = buildRequest(filled, datasource);
  const { url, method, body = '' } = request;
  const { status, text } = await sendRequest(request, datasource);
  if (status >= 400)
    throw new Error(`unsuccessful HTTP response, status code: ${status}, of ${method} ${url} ${body}: ${text}`);
  if (text === '') throw new Error(`empty response body received for the URL ${url}`);
  const answer: unknown = JSON.parse(text);
  return { request, answer, frame: postProcess(makeFrame(answer, filled), filled) };
}
