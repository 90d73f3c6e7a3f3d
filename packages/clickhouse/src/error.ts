import { type ClientCodeName, classOfServerCode, clientCodes, nameOfServerCode } from './error-codes.ts';

/** Who has to act: the sender of the data, the operator (or time), the asker, or a developer. */
export type ClickHouseErrorKind = 'data' | 'infrastructure' | 'limit' | 'programming';

/**
 * The only error that leaves this package. `code` is ClickHouse's own exception code, or a negative one of
 * {@link clientCodes} when no server ever answered. Both are listed in `docs/errors.md`.
 */
export class ClickHouseError extends Error {
  readonly code: number;
  readonly codeName: string;
  readonly kind: ClickHouseErrorKind;
  /** Whether the very same call can succeed later without anybody changing anything. */
  readonly canRetry: boolean;

  constructor(
    facts: { code: number; codeName: string; kind: ClickHouseErrorKind; canRetry: boolean; message: string },
    options?: ErrorOptions,
  ) {
    super(facts.message, options);
    this.name = 'ClickHouseError';
    this.code = facts.code;
    this.codeName = facts.codeName;
    this.kind = facts.kind;
    this.canRetry = facts.canRetry;
  }
}

/** An exception that ClickHouse itself reported, classified by its code. */
export function serverError(code: number, message: string, what: string, cause?: unknown): ClickHouseError {
  const { kind, canRetry } = classOfServerCode(code);
  return new ClickHouseError(
    { code, codeName: nameOfServerCode(code, message), kind, canRetry, message: `${what}: ${message}` },
    { cause },
  );
}

/** A failure that happened on this side of the wire. */
export function clientError(codeName: ClientCodeName, message: string, cause?: unknown): ClickHouseError {
  const { code, kind, canRetry } = clientCodes[codeName];
  return new ClickHouseError({ code, codeName, kind, canRetry, message }, { cause });
}

/** A failure that only a developer can mend. */
export function programmingError(codeName: ClientCodeName, message: string, cause?: unknown): ClickHouseError {
  return clientError(codeName, message, cause);
}
