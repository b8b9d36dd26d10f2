import { readFileSync } from 'node:fs';
import { textWidth } from '@hefu/verify';
import { describe, expect, it } from 'vitest';
import { languageOf } from '../src/language.js';
import { run } from './support.js';

describe('help', () => {
  it.each(['zh', 'en'].flatMap((lang) => [[], ['verify'], ['cert'], ['list'], ['list', 'import'], ['list', 'export'], ['probe'], ['watch'], ['sandbox'], ['demo']].map((command) => [lang, command] as const)))('in %s of %j fits 80 columns', async (lang, command) => {
    const { code, out, err } = await run([...command, '--help', '--lang', lang]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const line of out.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(80);
    // Every row of the table is in the language asked for.
    for (const row of out.split('\n').filter((line) => /^ {2}(-|[a-z]+ \[)/.test(line))) expect([row, /[一-鿿]/.test(row)]).toEqual([row, lang === 'zh']);
    if (command.length > 0) expect(out).toContain('--json');
    expect(await run(['help', ...command, '--lang', lang])).toMatchObject({ code: 0, out });
  });

  it('is what one gets who asks for nothing, or for what is not there', async () => {
    for (const args of [[], ['help', 'nothing']]) {
      const { code, out, err } = await run(args);
      expect({ code, out }).toEqual({ code: 3, out: '' });
      expect(err).toContain('Usage: hefu');
    }
    const json = await run(['help', 'nothing', '--json']);
    expect(json.code).toBe(3);
    expect(JSON.parse(json.out)).toMatchObject({ error: { code: 'USAGE' } });
  });

  it('knows its version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
    expect(await run(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });
});

describe('the language', () => {
  it.each([
    [{}, 'en'], [{ LANG: 'zh_CN.UTF-8' }, 'zh'], [{ LANG: 'zh-CN' }, 'zh'], [{ LC_ALL: 'C', LANG: 'zh_CN.UTF-8' }, 'en'], [{ LC_ALL: '', LANG: 'zh_CN.UTF-8' }, 'zh'], [{ LC_MESSAGES: 'zh_TW', LANG: 'en_US' }, 'zh'],
  ])('of %j is %s', (env, lang) => {
    expect(languageOf(env)).toBe(lang);
  });

  it('is that of the option, before the command or behind it', async () => {
    const env = { LANG: 'zh_CN.UTF-8' };
    expect((await run(['cert', '/nowhere'], { env })).err).toContain('文件不存在');
    expect((await run(['cert', '/nowhere', '--lang', 'en'], { env })).err).toContain('no such file');
    expect((await run(['--lang=en', 'cert', '/nowhere'], { env })).err).toContain('no such file');
  });
});
