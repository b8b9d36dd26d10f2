import { setScope } from '@hefu/trust-list';
import type { Command } from 'commander';
import type { CommandContext } from '../../command-context.js';
import { say } from '../../language.js';
import { editList, type EditOptions } from '../../list/edit.js';
import { editCommand, scopeOptions } from '../../list/options.js';
import { scopeFrom, type ScopeOptions } from '../../list/scope.js';
import { editContext } from '../../list/tree.js';

/** `hefu list scope`: where and for what a service is recognised. */
export function listScopeCommand(group: Command, context: CommandContext): void {
  const command = editCommand(group, context, 'scope', '设定服务的适用范围，替换原有的', 'set where and for what a service is recognised, in place of what was').argument('<id>', say(context.lang, '服务标识', 'id of the service'));
  scopeOptions(command, context)
    .option('--add', say(context.lang, '在原有范围之外增加', 'besides the scope it has'))
    .action((id: string, options: EditOptions & ScopeOptions & { readonly add?: boolean }) => {
      const scope = scopeFrom(options);
      return editList(options, context, (draft) => {
        const before = options.add === true ? (draft.services.find((service) => service.id === id)?.scope ?? []) : [];
        return setScope(draft, id, [...before, scope], editContext);
      });
    });
}
