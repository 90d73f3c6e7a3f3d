import { ClickHouseError } from '@michinori/clickhouse';
import { FunnelRequestError } from '@michinori/queries';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { QuestionError } from './question-error.ts';

const byFastifyCode: Record<string, [ConstructorParameters<typeof QuestionError>[0], string]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['body_too_large', 'A question may have 256 KiB at most.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'Send the question as application/json.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['invalid_json', 'The body is empty; send the question as a JSON object.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['invalid_json', 'The body is not valid JSON.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['invalid_json', "The body doesn't have the length that Content-Length says."],
};

/**
 * Turns whatever a handler threw into what the asker is told. What isn't known here is a fault of ours: it becomes
 * `internal` without details, and the caller logs the original.
 */
export function translateError(error: unknown): QuestionError {
  if (error instanceof QuestionError) return error;
  if (error instanceof ClickHouseError) return fromStore(error);
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.map(({ instancePath, message }) => ({
      pointer: instancePath,
      message: message ?? 'is not valid',
    }));
    return invalid(errors, error.validationContext === 'querystring' ? 'parameters' : 'question');
  }
  if (error instanceof z.ZodError) {
    return invalid(
      error.issues.map(({ path, message }) => ({ pointer: pointerOf(path), message })),
      'question',
    );
  }
  if (error instanceof FunnelRequestError) {
    const isCursor = error.code === 'INVALID_CURSOR';
    const pointer = isCursor ? '/cursor' : '/steps';
    return new QuestionError(isCursor ? 'invalid_cursor' : 'invalid_request', error.message, [
      { pointer, message: error.message },
    ]);
  }
  const { code, statusCode, message } = error as { code?: string; statusCode?: number; message?: string };
  const known = code === undefined ? undefined : byFastifyCode[code];
  if (known !== undefined) return new QuestionError(...known);
  if (error instanceof SyntaxError || statusCode === 400) {
    return new QuestionError('invalid_json', `The body is not valid JSON: ${message ?? 'it ends too early'}`);
  }
  return new QuestionError('internal', 'Something went wrong here; the log of the service says what.');
}

function invalid(errors: { pointer: string; message: string }[], what: string): QuestionError {
  const first = errors[0];
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const detail =
    first === undefined ? `The ${what} can't be understood.` : `${first.pointer || '/'}: ${first.message}${more}`;
  return new QuestionError('invalid_request', detail, errors);
}

function fromStore(error: ClickHouseError): QuestionError {
  if (error.kind === 'limit') {
    return new QuestionError(
      'query_limit',
      `The question was stopped at a limit of the store (${error.codeName}). Ask for a shorter range or fewer segments.`,
    );
  }
  if (error.kind === 'infrastructure') {
    return new QuestionError(
      'store_unavailable',
      'The store does not answer at the moment; ask again in a few seconds.',
    );
  }
  return new QuestionError('internal', 'The store refused the query; the log of the service says why.');
}

function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
