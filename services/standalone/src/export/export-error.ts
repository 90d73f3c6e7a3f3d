import { MichinoriError } from '@michinori/runtime';

/** Codes of what can stop an export. */
export const exportErrorCodes = ['export_file_unwritable', 'export_too_many_columns', 'export_stopped'] as const;

export type ExportErrorCode = (typeof exportErrorCodes)[number];

/** An export that can't begin or can't go on, with what to do about it. */
export function exportError(code: ExportErrorCode, message: string, cause?: unknown): MichinoriError {
  return new MichinoriError(code, message, cause === undefined ? {} : { cause });
}
