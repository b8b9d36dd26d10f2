import { encodePem } from '@hefu/pki';
import type { CaCertificate } from './world/authority.js';
import { NINE_CITIES } from './world/cities.js';
import { schemeFiles } from './world/scheme-files.js';
import type { Scenario } from './world/scenario.js';
import type { World } from './world/world.js';
import { readme } from './readme.js';

/** Name of the file that says a folder is a world of ours and may be replaced. */
export const MARKER = '.hefu-sandbox.json';

/** What a file is for, in both languages. */
export interface FileNote {
  readonly zh: string;
  readonly en: string;
}

/** Every file of a world by its path with `/` in it. */
export function worldFiles(world: World): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const notes = new Map<string, FileNote>();
  const put = (path: string, bytes: Uint8Array | string, note?: FileNote): void => {
    files.set(path, typeof bytes === 'string' ? utf8(bytes) : bytes);
    if (note !== undefined) notes.set(path, note);
  };
  const putCertificate = (path: string, der: Uint8Array, note: FileNote): void => {
    put(`${path}.cer`, der);
    put(`${path}.pem`, encodePem('CERTIFICATE', der), note);
  };
  const putCa = (path: string, ca: CaCertificate, note: FileNote): void => putCertificate(path, ca.certificate, note);

  putCa('ca/national-root', world.nationalRoot, { zh: '沙盒国家根（玩具）', en: 'sandbox national root (a toy)' });
  for (const { id, name, issuers, above, design } of world.authorities) {
    for (const issuer of issuers) {
      const listed = issuer.listed ? { zh: '在名单', en: 'on the list' } : { zh: '不在名单', en: 'not on the list' };
      putCa(`ca/${id}-${issuer.label}`, issuer, { zh: `${name.zh}，${issuer.label} 密钥，${listed.zh}`, en: `${name.en}, key ${issuer.label}, ${listed.en}` });
    }
    if (design.under === 'own-root') putCa(`ca/${id}-root`, above[0]!, { zh: `${name.zh}自有根`, en: `own root of ${name.en}` });
  }
  for (const { id, title, certificate } of world.timestampAuthorities) {
    putCertificate(`tsa/${id}`, certificate, { zh: `时间戳证书：${title.zh}`, en: `time-stamping certificate: ${title.en}` });
  }
  for (const { id, name, root, credential } of world.sealMakers) {
    putCa(`seal-maker/${id}-root`, root, { zh: `${name.zh}的根`, en: `root of ${name.en}` });
    putCertificate(`seal-maker/${id}`, credential.certificate, { zh: `制章者证书：${name.zh}`, en: `certificate of the seal maker: ${name.en}` });
  }
  for (const { id, company, seal, content, stamped } of world.seals) {
    put(`seal/${id}/seal.esl`, seal, { zh: `电子印章：${company.name}`, en: `electronic seal: ${company.nameEn}` });
    put(`seal/${id}/bid.txt`, content);
    put(`seal/${id}/bid.ses`, stamped, { zh: '盖章数据（DER），对 bid.txt', en: 'stamped signature (DER) over bid.txt' });
  }
  for (const [path, der] of world.crls) put(path.slice(1), der, { zh: '吊销列表（DER）', en: 'certificate revocation list (DER)' });

  for (const company of world.companies) {
    const folder = `company/${company.id}`;
    const state = { good: '正常', expired: '已过期', revoked: '已吊销', frozen: '已冻结' }[company.state];
    const who = { zh: `${company.name}，${company.authority.name.zh}，${state}`, en: `${company.nameEn}, ${company.authority.name.en}, ${company.state}` };
    putCertificate(`${folder}/sign`, company.sign.certificate, { zh: `签名证书：${who.zh}`, en: `signing certificate: ${who.en}` });
    putCertificate(`${folder}/encrypt`, company.encrypt.certificate, { zh: `加密证书：${who.zh}`, en: `encryption certificate: ${who.en}` });
    put(`${folder}/sign.key.pem`, encodePem('PRIVATE KEY', company.sign.key.pkcs8Der), { zh: '玩具签名私钥', en: 'toy signing key' });
    put(`${folder}/encrypt.key.pem`, encodePem('PRIVATE KEY', company.encrypt.key.pkcs8Der), { zh: '玩具加密私钥', en: 'toy encryption key' });
  }

  for (const [name, envelope] of Object.entries(world.lists)) put(`list/${name}.json`, envelope, LIST_NOTES[name as keyof World['lists']]);
  for (const [path, envelope] of schemeFiles(world.scheme)) {
    put(`scheme/${path}`, envelope, path === '1.root.json' ? { zh: '同一批 CA 的省市方案：根、时效、省与两市的名单、邻省', en: 'the same CAs as a scheme: root, freshness, lists of a province, two cities and a neighbour' } : undefined);
  }
  put('scheme/fingerprint.txt', `${world.scheme.rootSha256}\n`, { zh: '方案根文件的 SHA-256；真实环境里由人当面核对', en: "SHA-256 of the scheme's root; in earnest, people compare it out of band" });
  put('list/region-names.json', json(Object.fromEntries(NINE_CITIES.map(({ code, zh, en }) => [code, { zh, en }]))), { zh: '九城名称，供 hefu list report 使用', en: 'names of the nine cities, for hefu list report' });
  put('list/role.json', json(world.listRole), { zh: '名单签名角色配置：谁必须签', en: 'who must sign a list' });
  for (const { id, key, owner, org } of world.operators) {
    put(`list/operator-${id}.key.pem`, encodePem('PRIVATE KEY', key.pkcs8Der), { zh: `玩具名单签名私钥：${org}，${owner}`, en: `toy list signing key, ${key.kind}` });
  }

  for (const scenario of world.scenarios) {
    const folder = `scenario/${scenario.id}`;
    put(`${folder}/bid.txt`, scenario.content);
    put(`${folder}/bid.p7s`, scenario.signature);
    put(`${folder}/scenario.json`, json(storyOf(scenario)), scenario.title);
  }
  put(MARKER, json({ type: 'hefu-sandbox-world', version: 1, seed: world.seed, at: new Date(world.at).toISOString(), baseUrl: world.baseUrl }));
  put('README.txt', readme(world, notes));
  return files;
}

const LIST_NOTES: Readonly<Record<keyof World['lists'], FileNote>> = {
  current: { zh: '当前名单', en: 'the current list' },
  previous: { zh: '上一版名单，用于回退场景', en: 'the list before, for the rollback' },
  expired: { zh: '已过期的名单', en: 'a list past its nextUpdate' },
  suspended: { zh: '下一版名单：一家 CA 自昨日暂停', en: 'the next list: one CA suspended since yesterday' },
  'one-key-twice': { zh: '同一密钥签两次，应拒绝', en: 'one key signed twice: to be refused' },
  'one-organisation': { zh: '同一机构的两个密钥，应拒绝', en: 'two keys of one organisation: to be refused' },
  unsigned: { zh: '没有签名，应拒绝', en: 'no signatures: to be refused' },
  empty: { zh: '没有服务，应拒绝', en: 'no services: to be refused' },
};

/** A scenario without its octets, which lie in files beside it. */
function storyOf(scenario: Scenario): object {
  return {
    id: scenario.id,
    title: scenario.title,
    at: new Date(scenario.at).toISOString(),
    lists: scenario.lists.map(({ name, at }) => ({ file: `list/${name}.json`, at: new Date(at).toISOString() })),
    context: scenario.context,
    signer: scenario.signer,
    crls: scenario.evidence.crls.map(({ url }) => url),
    expected: scenario.expected,
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
