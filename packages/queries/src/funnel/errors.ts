import { ClickHouseError } from '@michinori/clickhouse';

/** A question that no data could answer; for the wire a 400 with a pointer into the request. */
export class FunnelRequestError extends Error {
  readonly code: 'INVALID_REGEX' | 'INVALID_CURSOR';
  readonly canRetry = false;

  constructor(code: FunnelRequestError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FunnelRequestError';
    this.code = code;
  }
}

/** CANNOT_COMPILE_REGEXP: only ClickHouse knows RE2, so it is the judge of a pattern. */
const cannotCompileRegexp = 427;

/** Runs a funnel's query; a pattern that RE2 refuses becomes a {@link FunnelRequestError}. */
export async function judgingPatterns<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof ClickHouseError) || error.code !== cannotCompileRegexp) throw error;
    throw new FunnelRequestError('INVALID_REGEX', 'a regex of the request is not valid RE2', { cause: error });
  }
}
