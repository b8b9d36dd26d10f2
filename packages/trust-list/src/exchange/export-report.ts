import type { Bilingual } from '../refusal.js';

export type LossCode =
  | 'SCOPE' | 'CONSTRAINTS' | 'CRITICAL' | 'STATUS' | 'HISTORY' | 'LEFT_OUT' | 'ANCHOR' | 'CERT_KINDS' | 'REVOCATION' | 'IDENTITY' | 'METADATA'
  | 'LIST';

/** One thing the exported form does not say. */
export interface Loss {
  readonly code: LossCode;
  /** Dotted path in the list document: `services[2].constraints.permittedDN`. */
  readonly where: string;
  readonly serviceId?: string;
  readonly detail: string;
  /**
   * Without it somebody who reads the export trusts more than the list does. What is no constraint is told and never
   * refused.
   */
  readonly constraint: boolean;
}

export interface Exported {
  readonly outcome: 'exported';
  readonly bytes: Uint8Array;
  /** Empty when nothing was lost. */
  readonly losses: readonly Loss[];
}

export interface ExportRefused {
  readonly outcome: 'refused';
  readonly code: 'EXPORT_LOSES_CONSTRAINT' | 'EXPORT_NOTHING';
  readonly message: Bilingual;
  readonly remedy: Bilingual;
  readonly losses: readonly Loss[];
}

export type ExportOutcome = Exported | ExportRefused;

export interface ExportOptions {
  /** Writes what can be written and reports the rest. Default false: losing a constraint refuses the export. */
  readonly lossy?: boolean;
}

export const LOSSES: Readonly<Record<LossCode, Bilingual>> = {
  SCOPE: { zh: '适用地区、业务、角色、用途和期限', en: 'regions, transactions, roles, purposes and dates' },
  CONSTRAINTS: { zh: '对证书的限制', en: 'constraints on certificates' },
  CRITICAL: { zh: '必须理解的成员', en: 'members that must be understood' },
  STATUS: { zh: '状态', en: 'the status' },
  HISTORY: { zh: '状态历史', en: 'the history of statuses' },
  LEFT_OUT: { zh: '服务未写入', en: 'the service is left out' },
  ANCHOR: { zh: '只以散列值表示的信任锚', en: 'an anchor given by hash only' },
  CERT_KINDS: { zh: '签名证书与加密证书的区分规则', en: 'rules that tell signing from encryption certificates' },
  REVOCATION: { zh: '吊销检查方式', en: 'how revocation is checked' },
  IDENTITY: { zh: '身份提取规则', en: 'where identities are read' },
  METADATA: { zh: '说明性内容', en: 'descriptive members' },
  LIST: { zh: '名单本身的内容', en: 'content of the list itself' },
};

export function decideExport(bytes: Uint8Array, losses: readonly Loss[], { lossy }: ExportOptions): ExportOutcome {
  if (lossy === true || !losses.some(({ constraint }) => constraint)) return { outcome: 'exported', bytes, losses };
  return {
    outcome: 'refused',
    code: 'EXPORT_LOSES_CONSTRAINT',
    message: { zh: '该格式表达不了名单中的限制，读取方会比名单信任得更多。', en: 'This form cannot say constraints of the list: whoever reads it would trust more than the list does.' },
    remedy: { zh: '改用能完整表达的格式；确需有损导出时加 --lossy，并保留损失报告。', en: 'Use a form that says them; where a lossy export is really wanted, give --lossy and keep its loss report.' },
    losses,
  };
}
