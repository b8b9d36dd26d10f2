/**
 * What the archive must say of one signature, worked out from days alone: no signatures, no ASN.1, none of the judge's words.
 * Written from EN 319 102-1 §5.5 and §5.6, apart from the judge.
 */
export interface Timeline {
  /** Validation time. */
  readonly now: number;
  /** The signer's certificate is valid from day 0 to this day. */
  readonly expires: number;
  readonly revoked: number | undefined;
  /** The CA left the list. */
  readonly withdrawn: number | undefined;
  /** The signer's algorithm is no longer trusted. */
  readonly sunset: number | undefined;
  /** Days of the CRLs at hand beside that of today; each lives for a day and a half. */
  readonly crls: readonly number[];
  readonly crlOfToday: boolean;
  /** Time-stamps over the signature, by an authority whose certificate ends on a day … */
  readonly stamps: readonly number[];
  readonly authorityExpires: number;
  /** … and about which there is a CRL of this day, beside today's. */
  readonly authorityCrl: number;
  /** An archive time-stamp, and one over the content, both by an authority in good standing. */
  readonly archive: number | undefined;
  readonly content: number | undefined;
}

export interface Expected {
  readonly conclusion: 'passed' | 'failed' | 'indeterminate';
  readonly best: number;
  readonly proven: boolean;
}

const LIFE = 1.5;

export function oracle(line: Timeline): Expected {
  const archive = line.archive;
  const holding = line.stamps.filter((made) => holds(made, line));
  const proofs = [...holding, ...(archive === undefined ? [] : [archive])];
  const proven = proofs.length > 0;
  const best = proven ? Math.min(...proofs) : line.now;
  return { conclusion: conclusionAt(best, proven, proofs, line), best, proven };
}

function holds(made: number, { now, authorityExpires, authorityCrl, archive }: Timeline): boolean {
  if (made > authorityExpires) return false;
  if (archive !== undefined && archive < made) return false;
  if (now <= authorityExpires) return true;
  if (archive === undefined || archive > authorityExpires || authorityCrl > authorityExpires) return false;
  return now <= authorityCrl + LIFE || archive <= authorityCrl;
}

function conclusionAt(best: number, proven: boolean, proofs: readonly number[], line: Timeline): Expected['conclusion'] {
  const { now, expires, revoked, withdrawn, sunset, content } = line;
  if (best < 0) return 'failed';
  let open = content !== undefined && proofs.some((proof) => proof < content);
  if (best > expires) {
    if (content !== undefined && content > expires) return 'failed';
    return 'indeterminate';
  }
  if (withdrawn !== undefined && withdrawn <= best) open = true;
  if (sunset !== undefined && sunset <= best) open = true;
  const issued = [...line.crls.filter((each) => each <= now), ...(line.crlOfToday ? [now] : [])];
  if (revoked !== undefined && issued.some((each) => each >= revoked)) {
    if (!(proven && best < revoked)) {
      if (content !== undefined && content >= revoked) return 'failed';
      open = true;
    }
  } else {
    const speaking = issued.filter((each) => each <= expires || now <= expires);
    const fresh = speaking.some((each) => now <= each + LIFE);
    const past = proven && speaking.some((each) => best <= each);
    if (!fresh && !past) open = true;
  }
  return open ? 'indeterminate' : 'passed';
}
