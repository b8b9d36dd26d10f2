// What every vector is made from: one seed, one moment, one bid. Nothing else decides an octet.
import { attr, createSeed, createWorld, organisationCode, uscc } from '@hefu/sandbox';

export const SEED = 'test-vectors';
/** The present of every case that says nothing else. */
export const AT = Date.UTC(2026, 5, 1, 2, 0, 0);

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const YEAR = 365 * DAY;

export const REGION = '420100';
export const TRANSACTION = '工程建设';
export const CONTEXT = { scene: 'bid-signing', region: REGION, transaction: TRANSACTION };

export const seed = createSeed(SEED);
export const utf8 = (text) => new TextEncoder().encode(text);

/** The one company of the laboratory; its code begins with HEFU, which no register has issued. */
const orgCode = organisationCode('HEFU9001');
export const HOLDER = { name: '沙盒试针检测有限公司', orgCode, uscc: uscc(REGION, orgCode) };
export const IDENTITY = { uscc: HOLDER.uscc, name: HOLDER.name };
export const HOLDER_NAME = [attr('C', 'CN'), attr('O', HOLDER.name), attr('CN', HOLDER.name)];

export const BID = utf8(['投标函（测试向量，无任何效力）', `投标人：${HOLDER.name}`, `统一社会信用代码：${HOLDER.uscc}`, '投标总价：960,000.00 元', ''].join('\n'));
export const CHANGED_BID = utf8(new TextDecoder().decode(BID).replace('960,000.00', '860,000.00'));

export const makeWorld = () => createWorld({ seed: SEED, at: AT });

export const instant = (at) => (at % SECOND === 0 ? `${new Date(at).toISOString().slice(0, 19)}Z` : new Date(at).toISOString());
export const base64 = (bytes) => Buffer.from(bytes).toString('base64');
