import type { CheckRow, SignerReport } from '../report.js';

/** Building blocks of EN 319 102-1 §5.2, in the order in which they are gone through. */
export type BlockName = 'format' | 'signature' | 'path' | 'trust' | 'revocation' | 'identity' | 'time' | 'policy';

export const BLOCKS: readonly { readonly name: BlockName; readonly title: { readonly zh: string; readonly en: string }; readonly clause: string }[] = [
  { name: 'format', title: { zh: '格式', en: 'Format' }, clause: 'EN 319 102-1 §5.2.2' },
  { name: 'signature', title: { zh: '签名与摘要', en: 'Signature and digests' }, clause: '§5.2.7' },
  { name: 'path', title: { zh: '证书链', en: 'Certificate path' }, clause: '§5.2.6' },
  { name: 'trust', title: { zh: '信任名单', en: 'Trust list' }, clause: '§5.2.6' },
  { name: 'revocation', title: { zh: '吊销状态', en: 'Revocation' }, clause: '§5.2.5' },
  { name: 'identity', title: { zh: '身份', en: 'Identity' }, clause: '§5.2.3' },
  { name: 'time', title: { zh: '时间', en: 'Time' }, clause: '§5.4, §5.5' },
  { name: 'policy', title: { zh: '策略', en: 'Policy' }, clause: '§5.2.8' },
];

const OF_ID: Readonly<Record<string, BlockName>> = { message: 'format', signature: 'signature', path: 'path', certificate: 'path', trust: 'trust', list: 'trust', revocation: 'revocation', identity: 'identity', timestamp: 'time', time: 'time', past: 'time' };

export interface Block {
  readonly name: BlockName;
  readonly rows: readonly CheckRow[];
  /** The worst of its rows. */
  readonly outcome: CheckRow['outcome'];
}

const WORST: readonly CheckRow['outcome'][] = ['failed', 'indeterminate', 'warning', 'passed', 'not-applicable'];

/** The constraints of one signature by building block; blocks without any are left out. */
export function blocksOf({ checks }: Pick<SignerReport, 'checks'>): readonly Block[] {
  return BLOCKS.flatMap(({ name }) => {
    const rows = checks.filter(({ id }) => (OF_ID[id.split('.')[0]!] ?? 'policy') === name);
    return rows.length === 0 ? [] : [{ name, rows, outcome: WORST.find((outcome) => rows.some((row) => row.outcome === outcome))! }];
  });
}
