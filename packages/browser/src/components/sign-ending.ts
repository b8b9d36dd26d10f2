import type { SignErrorJson, TerminalEvent } from '@hefu/sign';
import { h, type Child, type VirtualNode } from './dom.js';
import type { Lang } from './element.js';
import { clockText, spanText } from './format.js';
import type { SigningElsewhere } from './sign-flow.js';
import type { TextName } from './texts.js';

/** What an ending needs of the element that shows it. */
export interface EndingHost {
  readonly language: Lang;
  t(name: TextName, ...values: readonly (string | number)[]): string;
  /** Epoch milliseconds, by the server. */
  now(): number;
  /** The heading of a step, and what a screen reader is told with it. */
  heading(text: string, lines: readonly string[]): VirtualNode;
  /** Until it may be tried again, milliseconds. */
  readonly wait: number;
  open(): void;
  again(): void;
  resume(): void;
  takeOver(found: SigningElsewhere, end: boolean): void;
}

/** How a signing ended, and what can be done now. */
export function endedView(event: TerminalEvent, total: number, host: EndingHost): readonly Child[] {
  const { t } = host;
  if (event.type === 'done') return [outcome('good', '✓', t('done'), [t('doneHelp', event.signatures.length)], host)];
  if (event.type === 'failed') return failureView(event.error, event.signatures.length, total, host);
  const unknown = event.outcome === 'unknown';
  const kept = event.kept.length;
  return [
    unknown ? outcome('warn', '?', t('unknown'), [t('unknownHelp')], host)
      : outcome('warn', '–', t(event.reason === 'superseded' ? 'endedElsewhere' : 'cancelled'), [kept > 0 ? t('partlyHelp', kept) : t('cancelledHelp')], host),
    actions(unknown || kept > 0 ? button(t(unknown ? 'reconcile' : 'goOn'), host.resume) : button(t('signAgain'), host.open)),
  ];
}

export function failureView(error: SignErrorJson, signed: number, total: number, host: EndingHost): readonly Child[] {
  const { t, language, wait } = host;
  const unknown = error.outcome === 'unknown' || error.retry === 'reconcile';
  const partly = !unknown && signed > 0 && signed < total;
  const lines = [
    error.message[language], `${t('whatToDo')}${error.remedy[language]}`, ...(partly ? [t('partlyHelp', signed)] : []),
    ...(error.attemptsLeft === undefined || error.attemptsLeft === 0 ? [] : [t('attempts', error.attemptsLeft)]),
  ];
  const canRetry = ['same-request', 'new-authorisation', 'new-session', 'after'].includes(error.retry);
  const first = unknown ? ['reconcile', host.resume] as const : partly ? ['goOn', host.resume] as const : canRetry ? ['again', host.again] as const : undefined;
  return [
    outcome(unknown ? 'warn' : 'bad', unknown ? '?' : '✕', t(unknown ? 'unknown' : partly ? 'partly' : 'failed'), lines, host),
    h('p', { key: 'code', class: 'small quiet' }, t('errorCode'), ' ', h('span', { class: 'code' }, error.code)),
    actions(
      first !== undefined && button(wait > 0 ? t('againIn', clockText(wait)) : t(first[0]), first[1], { key: first[0], disabled: wait > 0, class: 'primary time' }),
      !unknown && button(t('otherCertificate'), host.open, { key: 'other' })),
  ];
}

/** The person decides: nothing is taken over, and nothing ended, by opening a page. */
export function elsewhereView(found: SigningElsewhere, host: EndingHost): readonly Child[] {
  const { t } = host;
  return [
    outcome('warn', '!', t('elsewhere'), [t('elsewhereHelp')], host, t('begunAgo', spanText(host.now() - found.begunAt, host.language))),
    actions(button(t('takeOver'), () => host.takeOver(found, false)), button(t('endElsewhere'), () => host.takeOver(found, true), { key: 'end' })),
  ];
}

function button(text: string, act: () => void, props: Readonly<Record<string, unknown>> = { key: 'first', class: 'primary' }): VirtualNode {
  return h('button', { type: 'button', onclick: act, ...props }, text);
}

function actions(...children: readonly Child[]): VirtualNode {
  return h('div', { key: 'actions', class: 'row actions' }, ...children);
}

/** @param moving what changes by itself and is not told */
function outcome(kind: 'good' | 'bad' | 'warn', symbol: string, title: string, lines: readonly string[], { heading }: EndingHost, moving?: string): VirtualNode {
  return h('div', { key: 'outcome', class: `panel row outcome ${kind}`, part: `outcome ${kind}` },
    h('span', { class: 'symbol', 'aria-hidden': 'true' }, symbol),
    h('div', {}, heading(title, lines), moving !== undefined && h('p', { key: 'moving', class: 'quiet small' }, moving), lines.map((line) => h('p', { key: line }, line))));
}
