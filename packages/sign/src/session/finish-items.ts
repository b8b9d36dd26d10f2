import { parseSignedData } from '@hefu/pki';
import { judge } from '@hefu/verify';
import { assembleSignature, verifies } from '../assemble.js';
import { SignError } from '../error.js';
import { isPinned } from './content-source.js';
import type { FailedItem, SignedItem } from './events.js';
import { contentOf, prepareItem, type PinnedItem, type Preparation } from './prepare-items.js';
import type { Judgement, SessionPorts } from './ports.js';
import type { ReleasedValue } from './release.js';

export interface FinishInput {
  readonly items: readonly PinnedItem[];
  readonly released: readonly ReleasedValue[];
  readonly preparation: Preparation;
  readonly judgement: Judgement;
  /** Epoch milliseconds, server time. */
  readonly at: number;
  readonly reread?: SessionPorts['reread'];
  /** Throws when it is to stop. */
  readonly check: () => void;
}

/** Assembles what was released, looks at the files again, judges each message once; nothing is handed over that was not accepted. */
export async function finishItems({ items, released, preparation, judgement, at, reread, check }: FinishInput): Promise<{ readonly signatures: readonly SignedItem[]; readonly failed: readonly FailedItem[] }> {
  const signatures: SignedItem[] = [];
  const failed: FailedItem[] = [];
  const { accept = ['passed'], ...judging } = judgement;
  for (const item of items) {
    check();
    const value = released.find(({ itemId }) => itemId === item.itemId);
    if (value === undefined) continue;
    const { itemId } = item;
    const prepared = prepareItem(item, preparation);
    // A snapshot may have been altered where it was kept.
    if (!(await verifies(prepared, value.value))) {
      failed.push({ itemId, error: new SignError('SNAPSHOT_INVALID', 'a kept value does not verify', { itemId, outcome: 'signed' }).toJSON() });
      continue;
    }
    if (reread !== undefined && !isPinned(item, await reread(itemId), preparation)) {
      failed.push({ itemId, error: new SignError('FILE_CHANGED', 'the content is not the one that was hashed', { itemId, outcome: 'signed' }).toJSON() });
      continue;
    }
    const message = await assembleSignature(prepared, value.value);
    const report = await judge({ ...judging, signed: parseSignedData(message), content: contentOf(item), algorithms: preparation.algorithms, at });
    if ((accept as readonly string[]).includes(report.conclusion)) signatures.push({ itemId, message, report, ...(value.providerRef === undefined ? {} : { providerRef: value.providerRef }) });
    else failed.push({ itemId, report, error: new SignError('VERDICT_NOT_PASSED', `the judge says ${report.code}`, { itemId, detail: report.code, verdict: report.reasons.map(({ code }) => code) }).toJSON() });
  }
  return { signatures, failed };
}
