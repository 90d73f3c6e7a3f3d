/**
 * Every failure that leaves a part of the product. `code` is stable and documented in the owning package's
 * `docs/errors.md`; `canRetry` says whether the same call may succeed later without a change by the caller.
 */
export class MichinoriError extends Error {
  readonly code: string;
  readonly canRetry: boolean;

  constructor(code: string, message: string, options: { canRetry?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'MichinoriError';
    this.code = code;
    this.canRetry = options.canRetry ?? false;
  }
}
