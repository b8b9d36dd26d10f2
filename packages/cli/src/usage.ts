import type { CommanderError } from 'commander';
import type { Complaint } from './error.js';

/** Complaints of the argument parser in both languages; its own sentences are English. */
const CHINESE: Readonly<Record<string, (named: readonly string[], message: string) => string>> = {
  'commander.unknownOption': ([option]) => `没有选项 ${option}`,
  'commander.unknownCommand': ([command]) => `没有命令 ${command}`,
  'commander.missingArgument': ([argument]) => `缺少参数 <${argument}>`,
  'commander.optionMissingArgument': ([option]) => `选项 ${option} 缺少取值`,
  'commander.missingMandatoryOptionValue': ([option]) => `必须给出选项 ${option}`,
  'commander.excessArguments': (_named, message) => `参数过多${/Expected (\d+) arguments? but got (\d+)/.exec(message)?.slice(1).reduce((most, got) => `：最多 ${most} 个，收到 ${got} 个`) ?? ''}`,
  'commander.invalidArgument': ([option, value], message) => `选项 ${option} 的取值 ${value} 无效${/Allowed choices are (.+)\./.exec(message)?.[1]?.replace(/^/, '，可用：') ?? ''}`,
};

/** @param help the command that shows how it is used */
export function usageComplaint(error: CommanderError, help: string): Complaint {
  const [sentence = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const named = [...sentence.matchAll(/'([^']*)'/g)].map(([, name]) => name ?? '');
  const suggested = /Did you mean (?:one of )?(.+)\?/.exec(rest.join(' '))?.[1];
  const zh = CHINESE[error.code]?.(named, sentence) ?? sentence;
  return {
    code: 'USAGE',
    message: {
      zh: suggested === undefined ? zh : `${zh}，是否要用 ${suggested}？`,
      en: suggested === undefined ? sentence : `${sentence}; did you mean ${suggested}?`,
    },
    remedy: { zh: `用法见：${help}`, en: `${help} shows how it is used.` },
  };
}
