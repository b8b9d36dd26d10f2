import type { ImportNote, NoteTaker } from './import-report.js';

/** Collects notes; `take` appends to `notes`, at most `max` of them, each detail bounded. */
export function noteTaker(max = 1000): { readonly notes: ImportNote[]; readonly take: NoteTaker } {
  const notes: ImportNote[] = [];
  return {
    notes,
    take: (code, effect, detail) => {
      if (notes.length < max) notes.push({ code, effect, detail: detail.slice(0, 300) });
    },
  };
}
