import { limits } from './limits.ts';
import { textFault } from './text.ts';

/**
 * The JSON pointer (RFC 6901) of a member or element of the value at `path`. Where the name itself can't be written
 * (NUL, lone surrogate) or the pointer would be longer than `limits.pathLengthMax`, it stays at the parent.
 */
export function childPath(path: string, name: string | number): string {
  if (typeof name === 'string' && (name.length >= limits.pathLengthMax || textFault(name) !== null)) return path;
  const child = `${path}/${typeof name === 'string' ? name.replaceAll('~', '~0').replaceAll('/', '~1') : name}`;
  return child.length > limits.pathLengthMax ? path : child;
}
