const allowedHeaders = 'authorization, content-encoding, content-type, x-api-key';
const headerNames = /^[\w-]+(?: *, *[\w-]+)*$/;
const headerNamesLengthMax = 512;
const preflightAgeSeconds = 600;

function isNameList(wanted: string | undefined): wanted is string {
  return wanted !== undefined && wanted.length <= headerNamesLengthMax && headerNames.test(wanted);
}

/** Answers the CORS questions of browsers for a list of origins, or for all of them with `*`. No credentials mode. */
export function createCors(origins: readonly string[]) {
  const allowed = new Set(origins);

  function headers(origin: string | undefined): Record<string, string> {
    if (allowed.size === 0) return {};
    if (allowed.has('*')) return { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'retry-after' };
    if (origin === undefined || !allowed.has(origin)) return { vary: 'origin' };
    return { 'access-control-allow-origin': origin, 'access-control-expose-headers': 'retry-after', vary: 'origin' };
  }

  return {
    /** For every answer. */
    headers,
    /** For the answer to a preflight. The headers that are wanted are allowed: vendors' clients send their own, and none of them lets anybody in. */
    preflightHeaders(origin: string | undefined, methods: string, wanted: string | undefined): Record<string, string> {
      const common = headers(origin);
      if (common['access-control-allow-origin'] === undefined) return common;
      return {
        ...common,
        'access-control-allow-methods': methods,
        'access-control-allow-headers': isNameList(wanted) ? wanted : allowedHeaders,
        'access-control-max-age': String(preflightAgeSeconds),
      };
    },
  };
}
