/** Layouts of infinity-libs utils 1.0.1 that a time of ours could have; each requires exactly its digits. */
const layouts = [
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)$/,
  /^(\d{4})()()()()()()()$/,
  /^(\d{4})-(\d\d?)-(\d\d?)()()()()()$/,
  /^(\d{4})-(\d\d?)-(\d\d?)[T ](\d\d?):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z?)$/,
  /^(\d{4})-(\d\d)()()()()()()$/,
];

/** The instant of a text in ms since the epoch, as Infinity's column type `timestamp` reads it; null where it reads none. Without an offset it is UTC. */
export function parseTime(text: string): number | null {
  for (const layout of layouts) {
    const match = layout.exec(text);
    if (match === null) continue;
    const [, year, month = '', day = '', hour = '', minute = '', second = '', fraction = '', zone = ''] = match;
    const parts = [
      Number(year),
      Number(month || 1),
      Number(day || 1),
      Number(hour),
      Number(minute),
      Number(second),
    ] as const;
    const [y, mo, d, h, mi, s] = parts;
    const ms = Date.UTC(y, mo - 1, d, h, mi, s) + Number(`0.${fraction || 0}`) * 1_000;
    const date = new Date(Date.UTC(y, mo - 1, d));
    if (date.getUTCMonth() !== mo - 1 || date.getUTCDate() !== d || h > 23 || mi > 59 || s > 59) return null;
    const offset = /^([+-])(\d\d):(\d\d)$/.exec(zone);
    if (offset === null) return ms;
    const minutes = Number(offset[2]) * 60 + Number(offset[3]);
    return ms - (offset[1] === '-' ? -1 : 1) * minutes * 60_000;
  }
  return null;
}
