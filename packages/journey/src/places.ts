import type { Cursor, Members } from './cursor.ts';
import type { Place } from './problem.ts';

/** Remembers where the parts of a definition stood in its source, for checks that look at several parts together. */
export interface Places {
  set(part: object, cursor: Cursor, members?: Members): void;
  /** Where a part stands, or one of its keys; the part itself if the key isn't there. */
  of(part: object, key?: string): Place;
  /** Whether the part has the key in its source. */
  has(part: object, key: string): boolean;
}

export function createPlaces(): Places {
  const cursors = new WeakMap<object, { cursor: Cursor; members: Members | undefined }>();
  return {
    set(part, cursor, members) {
      cursors.set(part, { cursor, members });
    },
    of(part, key) {
      const found = cursors.get(part);
      if (found === undefined) return { key: '', offset: 0 };
      const { cursor, members } = found;
      return (key === undefined ? undefined : members?.get(key)) ?? cursor;
    },
    has(part, key) {
      return cursors.get(part)?.members?.has(key) ?? false;
    },
  };
}
