import type { Failure } from '../delivery-reasons.ts';
import { ForbiddenAddressError, UnresolvedNameError } from './guarded-lookup.ts';

const ofTls = /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|EPROTO|HOSTNAME_MISMATCH)/;

/** Classifies an error of a socket, the only place where these are looked at. Pure. */
export function connectionFailure(error: Error & { code?: unknown }, isConnected: boolean): Failure {
  const code = typeof error.code === 'string' ? error.code : '';
  const detail = code === '' || error.message.includes(code) ? error.message : `${code}: ${error.message}`;
  if (error instanceof ForbiddenAddressError) return { reason: 'address_forbidden', detail };
  if (error instanceof UnresolvedNameError) return { reason: 'name_unresolved', detail };
  if (ofTls.test(code)) return { reason: 'tls_failed', detail };
  return { reason: isConnected ? 'connection_lost' : 'connect_failed', detail: describe(error, detail) };
}

/** Several addresses that all failed come as one error without words. */
function describe(error: Error, detail: string): string {
  if (!(error instanceof AggregateError)) return detail;
  return error.errors.map((each: unknown) => (each instanceof Error ? each.message : String(each))).join('; ');
}
