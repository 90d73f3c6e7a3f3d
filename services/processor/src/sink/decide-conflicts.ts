import { compareReceipts, type Receipt } from './copy-rank.ts';

/** An announcement: a content that claims an event id, with one of its receipts and whether it is marked as superseded. */
export interface Claim extends Receipt {
  idHash: string;
  contentHash: string;
  /** Key of the customer whose event it is; '0' in announcements of earlier versions. */
  customerKey: string;
  isMarked: boolean;
  /** Its mark says whose it is; those of earlier versions don't, and are written again. */
  isPlaced: boolean;
}

/** A content that has to be marked, and the claim that counts in its place. */
export interface Mark {
  loser: Claim;
  winner: Claim;
}

/** What has to change so that exactly the losers are marked. */
export interface MarkChanges {
  add: Mark[];
  withdraw: Claim[];
}

function earliestPerContent(claims: readonly Claim[]): Claim[] {
  const earliest = new Map<string, Claim>();
  for (const claim of claims) {
    const other = earliest.get(claim.contentHash);
    if (other === undefined || compareReceipts(claim, other) < 0) earliest.set(claim.contentHash, claim);
  }
  return [...earliest.values()].sort(compareReceipts);
}

function groupById(claims: readonly Claim[]): Claim[][] {
  const groups = new Map<string, Claim[]>();
  for (const claim of claims) {
    const group = groups.get(claim.idHash);
    if (group === undefined) groups.set(claim.idHash, [claim]);
    else group.push(claim);
  }
  return [...groups.values()];
}

/**
 * Of the contents that claim one id, the one with the earliest receipt counts and every other has to be marked. A
 * function of the set of claims: order and repetition don't matter. A content that lost can win later, when a copy of it
 * with an earlier receipt turns up; so marks are not only added but also withdrawn.
 */
export function decideConflicts(claims: readonly Claim[]): MarkChanges {
  const changes: MarkChanges = { add: [], withdraw: [] };
  for (const group of groupById(claims)) {
    const [winner, ...losers] = earliestPerContent(group);
    if (winner === undefined) continue;
    if (winner.isMarked) changes.withdraw.push(winner);
    for (const loser of losers) {
      const isPlaceable = !loser.isPlaced && loser.customerKey !== '0';
      if (!loser.isMarked || isPlaceable) changes.add.push({ loser, winner });
    }
  }
  return changes;
}
