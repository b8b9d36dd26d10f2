import type { Bilingual, Responsible } from '../report.js';

/** Puts two tables of one set of codes together again. */
export function withMessages<Code extends string>(
  messages: Readonly<Record<Code, Bilingual>>,
  toDo: Readonly<Record<Code, { readonly responsible: Responsible; readonly remedy: Bilingual }>>,
): Readonly<Record<Code, { readonly responsible: Responsible; readonly message: Bilingual; readonly remedy: Bilingual }>> {
  const row = (code: Code): { responsible: Responsible; message: Bilingual; remedy: Bilingual } => ({ responsible: toDo[code].responsible, message: messages[code], remedy: toDo[code].remedy });
  return Object.fromEntries((Object.keys(messages) as Code[]).map((code) => [code, row(code)])) as Record<Code, ReturnType<typeof row>>;
}
