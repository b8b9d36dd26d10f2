import { cease, distrust, resume, suspend, withdraw, type ListDocument } from '@hefu/trust-list';
import { Option, type Command } from 'commander';
import { instant } from '../../arguments.js';
import type { CommandContext } from '../../command-context.js';
import { say } from '../../language.js';
import { editList, type EditOptions } from '../../list/edit.js';
import { editCommand, timeOf } from '../../list/options.js';
import { editContext } from '../../list/tree.js';

interface StatusOptions extends EditOptions {
  readonly since?: string;
  readonly reason?: string;
  readonly ref?: string;
  readonly gap?: 'heal' | 'void';
  readonly compromisedSince?: string;
}

interface Event {
  readonly since: number;
  readonly reason?: string;
  readonly ref?: string;
}

type Act = (draft: ListDocument, id: string, event: Event, options: StatusOptions) => ListDocument;

const ACTS: readonly (readonly [name: string, zh: string, en: string, act: Act])[] = [
  ['suspend', '暂停认可 CA，以后可以恢复', 'suspend a CA, to be resumed later', (draft, id, event, { gap }) => suspend(draft, id, { ...event, ...(gap !== undefined && { gap }) }, editContext)],
  ['resume', '恢复认可，或重新认可已停业、已撤销的 CA', 'lift a suspension, or grant again', (draft, id, event) => resume(draft, id, event, editContext)],
  ['cease', 'CA 停止签发；已签发的证书继续有效', 'the CA issues no more; its certificates live out their time', (draft, id, event) => cease(draft, id, event, editContext)],
  ['withdraw', '撤销认可；此后的签名不再认可', 'withdraw recognition: signatures from then on do not count', (draft, id, event) => withdraw(draft, id, event, editContext)],
  ['distrust', '密钥失控，不再信任；不可恢复', 'its key is lost: never trusted again', (draft, id, event, { compromisedSince }) => distrust(draft, id, { ...event, ...(compromisedSince !== undefined && { compromisedSince: instant('--compromised-since', compromisedSince) }) }, editContext)],
];

/** `hefu list suspend|resume|cease|withdraw|distrust`: one more event in a service's history. */
export function listStatusCommands(group: Command, context: CommandContext): void {
  const t = (zh: string, en: string): string => say(context.lang, zh, en);
  for (const [name, zh, en, act] of ACTS) {
    const command = editCommand(group, context, name, zh, en)
      .argument('<id>', t('服务标识', 'id of the service'))
      .option('--since <instant>', t('自何时起；默认现在', 'from when; default now'))
      .option('--reason <text>', t('理由', 'why'))
      .option('--ref <text>', t('文号', 'reference of the decision'));
    if (name === 'suspend') command.addOption(new Option('--gap <what>', t('恢复后，暂停期间的签名：heal 补认或 void 不认；默认 void', 'once resumed, signatures made meanwhile: heal or void; default void')).choices(['heal', 'void']));
    if (name === 'distrust') command.option('--compromised-since <instant>', t('密钥自何时起失控', 'since when the key was in other hands'));
    command.action((id: string, options: StatusOptions) => {
      const event: Event = {
        since: options.since === undefined ? timeOf(options) : instant('--since', options.since),
        ...(options.reason !== undefined && { reason: options.reason }),
        ...(options.ref !== undefined && { ref: options.ref }),
      };
      return editList(options, context, (draft) => act(draft, id, event, options));
    });
  }
}
