import { IMPORT_NOTES, type ImportEffect, type ImportNote, type ImportReport } from '@hefu/trust-list';
import { hanging, visible, type Bilingual } from '@hefu/verify';
import { say, type Language } from '../language.js';

const EFFECTS: Readonly<Record<ImportEffect, Bilingual>> = {
  mapped: { zh: '已换算', en: 'mapped' },
  kept: { zh: '请注意', en: 'note' },
  lost: { zh: '已丢失', en: 'lost' },
  refused: { zh: '未导入', en: 'left out' },
};

/** The report for a person: counts, what concerns the list, then every service with something to say. */
export function renderImport(report: ImportReport, output: string, { lang, width }: { readonly lang: Language; readonly width: number }): string {
  const t = (zh: string, en: string): string => say(lang, zh, en);
  const { counts, signature, source } = report;
  const lines = [
    t(`已导入 ${counts.imported} 个服务，未导入 ${counts.leftOut} 个，丢失 ${counts.lost} 项 → ${output}`, `${counts.imported} services imported, ${counts.leftOut} left out, ${counts.lost} things lost → ${output}`),
    signature.status === 'verified'
      ? t(`签名有效：${signature.signer ?? ''}${signature.relation === 'chained' ? '（由给定的 CA 证书证明）' : ''}`, `signature verified: ${signature.signer ?? ''}${signature.relation === 'chained' ? ' (vouched for by a CA given)' : ''}`)
      : t('没有签名：内容未经任何人证明', 'not signed: nobody vouches for what it says'),
    ...(source.sequence === undefined ? [] : [t(`来源序号 ${source.sequence}，签发 ${source.issued ?? ''}`, `its sequence ${source.sequence}, issued ${source.issued ?? ''}`)]),
  ];
  const tell = (notes: readonly ImportNote[]): void => {
    for (const { code, effect, detail } of notes) {
      const text = `${IMPORT_NOTES[code][lang]}${t('：', ': ')}${detail} [${code}]`;
      lines.push(...hanging(`  ${EFFECTS[effect][lang]}  `, visible(text), width));
    }
  };
  tell(report.notes);
  for (const { where, name, id, notes } of report.services) {
    if (notes.length === 0) continue;
    lines.push('', ...hanging(`${id === undefined ? '✗' : '✓'} `, visible(`${name} (${where})`), width));
    tell(notes);
  }
  if (report.pointers.length > 0) lines.push('', t('来源指向的其他名单（仅供参考，未作任何信任）：', 'lists it points to (suggestions; nothing is trusted by them):'));
  for (const { as, location, territory } of report.pointers) lines.push(...hanging('  · ', visible(`${as} ${territory ?? ''} ${location}`), width));
  return lines.join('\n');
}
