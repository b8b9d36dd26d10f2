import { startSandbox, type Scenario } from '@hefu/sandbox';
import { columns, hanging, padEnd, wrap } from '@hefu/verify';
import type { Language } from '../language.js';
import { say, type Terminal } from '../terminal.js';
import { createPlayer, isExpected, type StoryOutcome } from './outcome.js';

/** The refusals told, in order. */
const REFUSALS = [
  'tampered', 'expired', 'revoked', 'frozen', 'ca-suspended', 'wrong-region', 'encryption-certificate', 'same-name-other-key', 'unlisted-ca', 'list-expired', 'list-rolled-back',
];
/** A fixed present: the story is the same on every machine and every day. */
const PRESENT = Date.UTC(2026, 10, 2, 1, 30);

interface Told {
  readonly scenario: Scenario;
  readonly outcome: StoryOutcome;
  readonly expected: boolean;
}

/** Tells the story and says whether everything ended as it must. */
export async function tellStory(terminal: Terminal, lang: Language, json: boolean): Promise<boolean> {
  const served = await startSandbox({ seed: 'hefu', at: PRESENT });
  try {
    const { world } = served;
    const player = createPlayer(world);
    const tell = async (id: string): Promise<Told> => {
      const scenario = world.scenarios.find((each) => each.id === id);
      if (scenario === undefined) throw new TypeError(`no scenario ${id}`);
      const outcome = await player.play(scenario);
      return { scenario, outcome, expected: isExpected(scenario, outcome) };
    };
    const page = new StoryPage(terminal, lang, json);

    page.title(say(lang, '合符：一处购置，九城通用', 'Hefu: bought once, recognised in nine cities'));
    page.text(say(
      lang,
      `试用环境：${world.authorities.length} 家区域 CA（SM2、RSA、P-256）、${world.companies.length} 家企业、一份由 ${world.listRole.threshold} 家机构共同签名的信任名单；吊销列表由本机服务提供。企业、CA 与密钥均为虚构。`,
      `A world to try it in: ${world.authorities.length} regional CAs (SM2, RSA, P-256), ${world.companies.length} companies, one trust list signed by ${world.listRole.threshold} organisations; CRLs come from a server on this machine. Companies, CAs and keys are invented.`,
    ));

    page.heading(say(lang, '一、一张证书，九座城市', '1. One certificate, nine cities'));
    const accepted: Told[] = [];
    for (const { code } of world.cities) accepted.push(await tell(`accepted-${code}`));
    page.signer(accepted[0]!);
    page.cities(accepted, world.cities);

    page.heading(say(lang, '二、该拒绝的，说清为什么、怎么办', '2. What must be refused, why, and what to do'));
    page.text(say(lang, '  ✗ 不通过    ? 目前不能认定，按提示处理后可再验证', '  ✗ failed    ? cannot be accepted as it stands; act and verify again'));
    page.blank();
    const refused: Told[] = [];
    for (const [index, id] of REFUSALS.entries()) {
      const told = await tell(id);
      refused.push(told);
      page.refusal(index + 1, told);
    }

    const told = [...accepted, ...refused];
    const asExpected = told.every(({ expected }) => expected);
    page.heading(say(lang, '接下来', 'Where to look next'));
    page.table([
      ['README.zh-CN.md / README.md', say(lang, '十行代码验证一份投标签名', 'verify a signed bid in ten lines')],
      ['examples/verify-bid', say(lang, '可直接改用的示例', 'an example to start from')],
      ['node packages/cli/dist/bin.js sandbox', say(lang, '把这个环境写成文件，自己动手', 'the same world as files, to play with')],
      ['node packages/cli/dist/bin.js cert <file>', say(lang, '解读任何一张证书', 'explain any certificate')],
    ]);
    page.end(told, asExpected);
    return asExpected;
  } finally {
    await served.close();
  }
}

/** Writes the story as text, or collects it for `--json`. */
class StoryPage {
  readonly #terminal: Terminal;
  readonly #lang: Language;
  readonly #json: boolean;

  constructor(terminal: Terminal, lang: Language, json: boolean) {
    this.#terminal = terminal;
    this.#lang = lang;
    this.#json = json;
  }

  #line(text = '', code?: number): void {
    if (!this.#json) this.#terminal.out(code === undefined || !this.#terminal.colour ? text : `\u001b[${code}m${text}\u001b[0m`);
  }

  title(text: string): void {
    this.#line(text, 1);
    this.#line();
  }

  text(text: string): void {
    for (const line of wrap(text, this.#terminal.width)) this.#line(line);
  }

  blank(): void {
    this.#line();
  }

  heading(text: string): void {
    this.#line();
    this.#line(text, 1);
    this.#line();
  }

  table(rows: readonly (readonly string[])[]): void {
    for (const line of columns(rows, this.#terminal.width - 2)) this.#line(`  ${line}`);
  }

  signer({ outcome }: Told): void {
    if (outcome.stage !== 'judge') return;
    const { identity, signers } = outcome.report;
    const service = signers[0]?.trustDecision?.serviceName[this.#lang] ?? '';
    const uscc = identity?.uscc ?? '';
    this.text(say(this.#lang, `  ${identity?.name ?? ''}（统一社会信用代码 ${uscc}），证书由${service}签发`, `  ${identity?.name ?? ''} (credit code ${uscc}), certificate of ${service}`));
    this.#line();
  }

  cities(told: readonly Told[], cities: readonly { readonly code: string; readonly zh: string; readonly en: string }[]): void {
    const cells = told.map(({ outcome, scenario }) => {
      const city = cities.find(({ code }) => code === scenario.context.region)!;
      const passed = outcome.stage === 'judge' && outcome.report.conclusion === 'passed';
      return { passed, text: `${passed ? '✓' : '✗'} ${padEnd(this.#lang === 'zh' ? city.zh : city.en, 11)}${city.code}` };
    });
    for (let i = 0; i < cells.length; i += 3) {
      const row = cells.slice(i, i + 3);
      this.#line(`  ${row.map(({ text }) => padEnd(text, 24)).join('')}`.trimEnd(), row.every(({ passed }) => passed) ? 32 : 31);
    }
  }

  refusal(number: number, { scenario, outcome, expected }: Told): void {
    const { symbol, code, message, remedy } = this.#said(outcome);
    this.#line(`${String(number).padStart(2)}. ${symbol} ${scenario.title[this.#lang]}  ${code}${expected ? '' : say(this.#lang, '  （与预期不符）', '  (not as expected)')}`, expected ? 33 : 31);
    for (const line of hanging(say(this.#lang, '      原因：', '      why:  '), message, this.#terminal.width)) this.#line(line);
    for (const line of hanging(say(this.#lang, '      怎么办：', '      then: '), remedy, this.#terminal.width)) this.#line(line);
  }

  #said(outcome: StoryOutcome): { symbol: string; code: string; message: string; remedy: string } {
    const lang = this.#lang;
    if (outcome.stage === 'list') {
      const { code, message, remedy } = outcome.refusal;
      return { symbol: '✗', code, message: message[lang], remedy: remedy[lang] };
    }
    const { report } = outcome;
    const [reason] = report.reasons;
    return {
      symbol: { passed: '✓', failed: '✗', indeterminate: '?' }[report.conclusion],
      code: report.code,
      message: reason?.message[lang] ?? '',
      remedy: reason?.remedy[lang] ?? '',
    };
  }

  end(told: readonly Told[], asExpected: boolean): void {
    if (this.#json) {
      this.#terminal.out(
        JSON.stringify({
          asExpected,
          scenarios: told.map(({ scenario, outcome, expected }) => ({
            id: scenario.id,
            expected,
            ...(outcome.stage === 'list' ? { conclusion: 'list-refused', code: outcome.refusal.code } : { conclusion: outcome.report.conclusion, code: outcome.report.code }),
          })),
        }),
      );
      return;
    }
    this.#line();
    const odd = told.filter(({ expected }) => !expected).length;
    this.#line(
      asExpected
        ? say(this.#lang, `${told.length} 个场景，结果均符合预期。`, `${told.length} scenarios, all ended as they must.`)
        : say(this.#lang, `${told.length} 个场景，${odd} 个与预期不符。`, `${told.length} scenarios, ${odd} did not end as they must.`),
      asExpected ? 32 : 31,
    );
  }
}
