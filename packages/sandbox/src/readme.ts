import type { FileNote } from './files.js';
import type { World } from './world/world.js';

/** README.txt of a written world: a line in each language for each file. */
export function readme(world: World, notes: ReadonlyMap<string, FileNote>): string {
  const lines = [
    '合符沙盒：九城数字证书互认世界 / Hefu sandbox: the nine-city world',
    '',
    '警告：这里的一切密钥都是玩具，由种子推出，人人可算。切勿信任其中任何证书或名单。',
    'WARNING: every key here is a toy that follows from the seed. Never trust any certificate or list of this world.',
    '机构、公司、代码均为虚构。 / Authorities, companies and codes are invented.',
    '',
    `种子 / seed: ${world.seed}`,
    `时间 / present: ${new Date(world.at).toISOString()}`,
    `地址 / address: ${world.baseUrl}`,
    '',
    '*.cer 是 DER，*.pem 是同一证书的 PEM；scenario/<id>/bid.txt 是标书，bid.p7s 是其分离签名。',
    '*.cer is DER, *.pem the same certificate; scenario/<id>/bid.txt is a bid, bid.p7s its detached signature.',
    '',
  ];
  for (const [path, { zh, en }] of notes) lines.push(path, `    ${zh}`, `    ${en}`);
  return `${lines.join('\n')}\n`;
}
