import { ClickHouseError } from '@michinori/clickhouse';
import { FunnelRequestError, JourneyQuestionError } from '@michinori/queries';
import { didYouMean } from '@michinori/runtime';
import { invalidQuestion } from './question/validator.ts';
import { QuestionError } from './question-error.ts';

/**
 * Turns whatever a handler or the framework threw into what the asker is told. What isn't known here is a fault of
 * ours: it becomes `internal` without details, and the caller logs the original.
 *
 * @param bodyBytesMax named to an asker who sent more
 */
export function translateError(error: unknown, bodyBytesMax: number): QuestionError {
  if (error instanceof QuestionError) return error;
  if (error instanceof ClickHouseError) return fromStore(error);
  if (error instanceof FunnelRequestError) return fromRequest(error);
  if (error instanceof JourneyQuestionError) return fromJourneyQuestion(error);
  const { code, statusCode, message = '' } = error as { code?: string; statusCode?: number; message?: string };
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new QuestionError('body_too_large', `A question may have ${bodyBytesMax} bytes at most.`);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new QuestionError('unsupported_media_type', 'Send the question as application/json.');
    default:
  }
  const isClientFault = statusCode !== undefined && statusCode >= 400 && statusCode < 500;
  if (isClientFault) return new QuestionError('malformed_http', `The request can't be read: ${message}.`);
  return new QuestionError('internal', 'Something went wrong here; the log of the service says what.');
}

function fromRequest(error: FunnelRequestError): QuestionError {
  const isCursor = error.code === 'INVALID_CURSOR';
  return new QuestionError(isCursor ? 'invalid_cursor' : 'invalid_request', error.message, [
    { pointer: isCursor ? '/cursor' : '', message: error.message },
  ]);
}

function fromJourneyQuestion({ problems }: JourneyQuestionError): QuestionError {
  return invalidQuestion(
    problems.map(({ pointer, message, known = [], given }) => {
      const hint = given === undefined ? '' : didYouMean(given, known);
      const list = known.length === 0 ? '' : ` Known: ${known.join(', ')}.`;
      return { pointer, message: `${message}.${hint || list}` };
    }),
  );
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
