import { startSandbox, type Scenario, type World } from '@hefu/sandbox';
import { padEnd } from '@hefu/verify';
import type { CommandContext } from '../command-context.js';
import { say, type Language } from '../language.js';
import { signWithPhone, type SigningTold } from './cloud-signing.js';
import { createPlayer, isExpected, type StoryOutcome } from './outcome.js';
import { Page, Style } from './page.js';

/** The refusals told, in order. */
const REFUSALS = [
  'tampered', 'expired', 'revoked', 'frozen', 'ca-suspended', 'wrong-region', 'encryption-certificate', 'same-name-other-key', 'unlisted-ca', 'list-expired', 'list-rolled-back',
];
/** A fixed present: the story is the same on every machine and every day. */
const PRESENT = Date.UTC(2026, 10, 2, 1, 30);

/** Columns of a city with its verdict and code. */
const CELL = 24;

interface Told {
  readonly scenario: Scenario;
  readonly outcome: StoryOutcome;
  readonly expected: boolean;
}

/** Tells the story and says whether everything in the world ended as it must. With `--json` only the endings are told. */
export async function tellStory(context: CommandContext): Promise<boolean> {
  const { terminal, json } = context;
  const telling = json ? undefined : new Telling(context);
  telling?.title();
  const served = await startSandbox({ seed: 'hefu', at: PRESENT });
  try {
    const { world } = served;
    const player = createPlayer(world);
    const play = async (scenario: Scenario): Promise<Told> => {
      const outcome = await player.play(scenario);
      return { scenario, outcome, expected: isExpected(scenario, outcome) };
    };
    const named = (id: string): Scenario => {
      const scenario = world.scenarios.find((each) => each.id === id);
      if (scenario === undefined) throw new TypeError(`no scenario ${id}`);
      return scenario;
    };

    telling?.world(world);
    const accepted: Told[] = [];
    for (const { code } of world.cities) accepted.push(await play(named(`accepted-${code}`)));
    telling?.accepted(accepted, world);

    telling?.legend();
    const refused: Told[] = [];
    for (const id of REFUSALS) {
      const told = await play(named(id));
      refused.push(told);
      telling?.refused(refused.length, told);
    }

    const told = [...accepted, ...refused];
    const rest: Told[] = [];
    for (const scenario of world.scenarios) if (!told.some((each) => each.scenario === scenario)) rest.push(await play(scenario));
    const all = [...told, ...rest];
    const signings = await signWithPhone(world);
    telling?.signed(signings);
    const asExpected = [...all, ...signings].every(({ expected }) => expected);
    telling?.end(told, rest, signings);
    if (json) terminal.out(JSON.stringify({ asExpected, scenarios: all.map(ending), signings: signings.map(signingEnding) }, undefined, 2));
    return asExpected;
  } finally {
    await served.close();
  }
}

function ending({ scenario, outcome, expected }: Told): object {
  const { id, title } = scenario;
  return outcome.stage === 'list'
    ? { id, title, expected, conclusion: 'list-refused', code: outcome.refusal.code }
    : { id, title, expected, conclusion: outcome.report.conclusion, code: outcome.report.code };
}

function signingEnding({ id, title, expected, event }: SigningTold): object {
  return { id, title, expected, ended: event.type, ...(event.type === 'failed' ? { code: event.error.code, outcome: event.error.outcome } : event.type === 'done' ? { form: formOf(event), signatures: event.signatures.map(({ itemId, report }) => ({ itemId, conclusion: report.conclusion })) } : {}) };
}

/** Of the messages made in one signing. */
function formOf({ signatures }: Extract<SigningTold['event'], { type: 'done' }>): string {
  return signatures[0]?.report.signers[0]?.messageVariant ?? '';
}

/** The story as text. */
class Telling {
  readonly #page: Page;
  readonly #lang: Language;
  readonly #self: string;

  constructor({ terminal, lang }: CommandContext) {
    this.#page = new Page(terminal);
    this.#lang = lang;
    this.#self = terminal.self;
  }

  #say(zh: string, en: string): string {
    return say(this.#lang, zh, en);
  }

  title(): void {
    this.#page.paragraph(this.#say('合符：一处购置，九城通用', 'Hefu: bought once, recognised in nine cities'), '', Style.bold);
    this.#page.line();
  }

  world({ authorities, companies, listRole }: World): void {
    this.#page.paragraph(this.#say(
      `试用环境：${authorities.length} 家区域 CA（SM2、RSA、P-256）、${companies.length} 家企业，以及一份由 ${listRole.threshold} 家机构共同签名的信任名单；吊销列表由本机服务提供。企业、CA 与密钥均为虚构。`,
      `A world to try it in: ${authorities.length} regional CAs (SM2, RSA, P-256), ${companies.length} companies, and one trust list signed by ${listRole.threshold} organisations; CRLs come from a server on this machine. Companies, CAs and keys are invented.`,
    ));
  }

  accepted(told: readonly Told[], { cities, companies }: World): void {
    const page = this.#page;
    page.heading(this.#say('一、一张证书，九座城市', '1. One certificate, nine cities'));
    const [{ scenario, outcome }] = told as readonly [Told];
    if (outcome.stage === 'judge') {
      const { identity, signers } = outcome.report;
      const service = signers[0]?.trustDecision?.serviceName[this.#lang] ?? '';
      const english = companies.find(({ id }) => id === scenario.signer)?.nameEn;
      page.paragraph(this.#say(
        `一家企业签署一份投标文件，证书由${service}签发；九座城市的平台各自验证同一份签名：`,
        `A company signs one bid with a certificate of ${service}; the platforms of nine cities verify that one signature:`,
      ), '  ');
      page.line();
      page.field(this.#say('  签名单位  ', '  signed by    '), this.#say(identity?.name ?? '', `${identity?.name ?? ''} (${english})`));
      page.field(this.#say('  信用代码  ', '  credit code  '), identity?.uscc ?? '');
      page.line();
    }
    const cells = told.map((each) => {
      const city = cities.find(({ code }) => code === each.scenario.context.region)!;
      const passed = each.outcome.stage === 'judge' && each.outcome.report.conclusion === 'passed';
      return { passed, text: `${passed ? '✓' : '✗'} ${padEnd(this.#say(city.zh, city.en), 11)}${city.code}` };
    });
    const columns = Math.min(3, Math.floor((page.width - 2) / CELL));
    for (let i = 0; i < cells.length; i += columns) {
      const row = cells.slice(i, i + columns);
      page.line(`  ${row.map(({ text }) => padEnd(text, CELL)).join('')}`, row.every(({ passed }) => passed) ? Style.green : Style.red);
    }
  }

  legend(): void {
    this.#page.heading(this.#say('二、该拒绝的，说清为什么、怎么办', '2. What must be refused, why, and what to do'));
    this.#page.pairs([
      ['✗', this.#say('不通过：不能接受。', 'failed: not to be accepted.')],
      ['?', this.#say('无法认定：目前也不能接受，按“怎么办”处理后可再次验证。', 'undecided: not acceptable as it stands either, but it may be once somebody has acted.')],
    ]);
    this.#page.paragraph(this.#say('行末的代码固定不变，供程序判断和报障时引用。', 'The code at the end of a line never changes: it is for programs and for support calls.'), '  ');
  }

  refused(number: number, { scenario, outcome, expected }: Told): void {
    const page = this.#page;
    const { symbol, code, message, remedy } = this.#said(outcome);
    page.line();
    const note = expected ? '' : this.#say('（与预期不符）', ' (not as expected)');
    page.entry(`${String(number).padStart(2)}. ${symbol} `, scenario.title[this.#lang] + note, code, expected ? Style.yellow : Style.red);
    page.field(this.#say('      原因    ', '      why         '), message);
    page.field(this.#say('      怎么办  ', '      what to do  '), remedy);
  }

  #said(outcome: StoryOutcome): { symbol: string; code: string; message: string; remedy: string } {
    const lang = this.#lang;
    if (outcome.stage === 'list') {
      const { code, message, remedy } = outcome.refusal;
      return { symbol: '✗', code, message: message[lang], remedy: remedy[lang] };
    }
    const { conclusion, code, reasons } = outcome.report;
    return {
      symbol: { passed: '✓', failed: '✗', indeterminate: '?' }[conclusion],
      code,
      message: reasons[0]?.message[lang] ?? '',
      remedy: reasons[0]?.remedy[lang] ?? '',
    };
  }

  signed(signings: readonly SigningTold[]): void {
    const page = this.#page;
    page.heading(this.#say('三、不用 U 盾：密钥在服务商处，手机扫码确认', '3. No USB key: a provider keeps the key, a phone confirms'));
    const [{ plan, verificationCode }] = signings as readonly [SigningTold];
    const files = plan.authorisations.flat().length;
    page.paragraph(this.#say(
      `企业为 ${files} 份文件签名，需确认 ${plan.confirmations} 次；网页与手机显示同一核对码 ${verificationCode}。文件不离开本机，只送出摘要；采用名单接受的签名格式，在请人确认之前就已选定。收到的每个签名值都用选定的证书核验、组装成报文并按名单判定，之后才交出：`,
      `A company signs ${files} files with ${plan.confirmations} confirmation; page and phone show the same code ${verificationCode}. The files stay here, only digests leave; the form of the signature is one that the list accepts, chosen before anybody is asked to confirm. Every value that comes back is verified with the chosen certificate, put into its message and judged by the list before it is handed over:`,
    ), '  ');
    for (const { title, event, expected } of signings) {
      page.line();
      const note = expected ? '' : this.#say('（与预期不符）', ' (not as expected)');
      const style = expected ? Style.yellow : Style.red;
      if (event.type === 'done') {
        page.entry('  ✓ ', title[this.#lang] + note, this.#say(`${event.signatures.length} 个签名（${formOf(event)}），均通过`, `${event.signatures.length} signatures (${formOf(event)}), all passed`), expected ? Style.green : Style.red);
      } else if (event.type === 'failed') {
        page.entry('  ✗ ', title[this.#lang] + note, event.error.code, style);
        page.field(this.#say('      原因    ', '      why         '), event.error.message[this.#lang]);
        page.field(this.#say('      怎么办  ', '      what to do  '), event.error.remedy[this.#lang]);
        page.field(this.#say('      已交出  ', '      handed over '), this.#say(`${event.signatures.length} 个`, String(event.signatures.length)));
      } else page.entry('  ✗ ', title[this.#lang] + note, event.type, style);
    }
  }

  end(told: readonly Told[], rest: readonly Told[], signings: readonly SigningTold[]): void {
    const page = this.#page;
    const odd = [...[...told, ...rest].map(({ scenario: { id }, expected }) => ({ id, expected })), ...signings].filter(({ expected }) => !expected);
    page.heading(this.#say('结果', 'Result'));
    const verdict = odd.length === 0
      ? this.#say('全部符合预期', 'all ended as they must')
      : this.#say(`${odd.length} 个与预期不符：${odd.map(({ id }) => id).join('、')}`, `${odd.length} did not end as they must: ${odd.map(({ id }) => id).join(', ')}`);
    page.paragraph(this.#say(
      `以上 ${told.length} 个场景，以及未逐一列出的 ${rest.length} 个（各家 CA 的证书、不规范的报文、被拒收的名单），再加 ${signings.length} 次手机签名，${verdict}。`,
      `The ${told.length} scenarios above, and ${rest.length} more not shown (a certificate of every CA, irregular messages, lists to be refused), and ${signings.length} signings with a phone: ${verdict}.`,
    ), '  ');

    page.heading(this.#say('接下来', 'Where to look next'));
    page.pairs([
      [this.#say('README.zh-CN.md', 'README.md'), this.#say('十行代码验证一份投标签名', 'verify a bid in ten lines')],
      ['examples/verify-bid', this.#say('可直接改用的示例', 'a program to start from')],
      [`${this.#self} sandbox`, this.#say('把这个环境写成文件，自己动手', 'this world as files to play with')],
      [`${this.#self} cert <file>`, this.#say('解读任何一张证书', 'explain any certificate')],
    ]);
  }
}
