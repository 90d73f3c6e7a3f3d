/** A place in the log. */
export interface Place {
  topic: string;
  partition: number;
  offset: number;
}

export interface AuditOptions {
  /** Puts missing events back (safe and repeatable); default true. */
  repair?: boolean;
  signal?: AbortSignal;
}

/** What an audit of the whole committed log found. All zero and empty (but `records`) is the healthy answer. */
export interface AuditReport {
  /** Records that were compared. */
  records: number;
  /** Records that are neither a row nor a dead letter, when they were first looked at. */
  missingEvents: number;
  /** Of those, put back and read back. */
  resunkEvents: number;
  /** Rows whose place isn't in the log, or that say something else than the record there. */
  extraRows: number;
  /** Marks of conflicting copies that were wrong and have been put right. */
  correctedMarks: number;
  /** The first of the missing places, for a person to look at. */
  missingPlaces: Place[];
  /** Customer keys that more than one customer has. */
  sharedCustomerKeys: { customerKey: string; customers: string[] }[];
  /** Rows of logs that don't exist any more (a topic that was made anew): nothing to compare them with. */
  formerLogs: { log: string; rows: number }[];
}

export const missingPlacesMax = 100;

export function emptyReport(): AuditReport {
  return {
    records: 0,
    missingEvents: 0,
    resunkEvents: 0,
    extraRows: 0,
    correctedMarks: 0,
    missingPlaces: [],
    sharedCustomerKeys: [],
    formerLogs: [],
  };
}
