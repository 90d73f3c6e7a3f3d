import { MichinoriError } from '@michinori/runtime';

/** Codes of what can stop an import as a whole; what is wrong with single rows goes into the rejects file. */
export const importErrorCodes = [
  'import_file_unreadable',
  'import_format_unknown',
  'import_header_invalid',
  'import_mapping_invalid',
  'import_column_unknown',
  'import_state_unusable',
  'import_target_refused',
] as const;

export type ImportErrorCode = (typeof importErrorCodes)[number];

/** An import that can't begin or can't go on, with what to do about it. */
export function importError(code: ImportErrorCode, message: string, cause?: unknown): MichinoriError {
  return new MichinoriError(code, message, cause === undefined ? {} : { cause });
}
