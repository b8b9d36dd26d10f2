import { h, type Child, type VirtualNode } from './dom.js';
import { nameText, octets, shortName } from './format.js';
import type { TextName } from './texts.js';

/** A file as the person who signs knows it. */
export interface FileToSign {
  readonly name: string;
  /** Octets. */
  readonly size?: number;
}

export const FILES_STYLE = `
.docs{border:1px solid var(--_line);border-radius:var(--_radius);background:var(--_surface)}
.docs li{display:flex;gap:.2rem 1rem;justify-content:space-between;padding:.5rem .9rem}
.docs li+li{border-top:1px solid var(--_line)}
.docs li>:first-child{min-width:0}
.docs .quiet{flex:none}
.all{max-height:19rem;overflow-y:auto}
`;

/** Named at once; all of them, in full, on demand. */
const SHOWN = 3;
/** A page is no catalogue: what is left out is said. */
const MOST = 300;

/** What is being signed, by name. */
export function filesView(files: readonly FileToSign[], t: (name: TextName, ...values: readonly (string | number)[]) => string): readonly Child[] {
  if (files.length === 0) return [];
  const first = files.slice(0, SHOWN);
  const isCut = ({ name }: FileToSign): boolean => shortName(name) !== nameText(name);
  return [
    h('ul', { key: 'files', class: 'docs small', part: 'files', 'aria-label': t('toSign') }, first.map((file, index) => row(file, index, isCut(file)))),
    (files.length > SHOWN || first.some(isCut)) && h('details', { key: 'all', class: 'small' }, h('summary', {}, t('allFiles', files.length)),
      // Scrolls, so it can be reached by keyboard.
      h('ol', { class: 'docs all', tabindex: 0, 'aria-label': t('toSign') }, files.slice(0, MOST).map((file, index) => row(file, index, false))),
      files.length > MOST && h('p', { class: 'quiet' }, t('moreFiles', files.length - MOST))),
  ];
}

export function totalText(files: readonly FileToSign[]): string | undefined {
  return files.length > 0 && files.every(({ size }) => size !== undefined) ? octets(files.reduce((sum, { size }) => sum + size!, 0)) : undefined;
}

/** A name that is cut to the eye is whole to a screen reader. */
function row({ name, size }: FileToSign, key: number, cut: boolean): VirtualNode {
  const whole = nameText(name);
  return h('li', { key },
    h('bdi', cut ? { title: whole } : {}, cut ? [h('span', { 'aria-hidden': 'true' }, shortName(name)), h('span', { class: 'hidden' }, whole)] : whole),
    size !== undefined && h('span', { class: 'quiet time' }, octets(size)));
}
