import { afterEach, describe, expect, it, vi } from 'vitest';
import { processTerminal } from '../src/terminal.js';

/** As dates have it, which is slow to ask. */
const OF_THE_SYSTEM = Intl.DateTimeFormat().resolvedOptions().locale;

describe('the language of the environment', () => {
  afterEach(() => void vi.unstubAllEnvs());

  it.each([
    [{}, OF_THE_SYSTEM], [{ LC_ALL: '' }, OF_THE_SYSTEM], [{ LC_MESSAGES: '' }, OF_THE_SYSTEM],
    [{ LANG: '' }, ''], [{ LANG: 'zh_CN.UTF-8' }, 'zh_CN.UTF-8'], [{ LC_ALL: 'C' }, undefined], [{ LC_MESSAGES: 'zh_TW' }, undefined],
  ])('where %j is set, LANG is %j', (set: Readonly<Record<string, string>>, expected) => {
    for (const name of ['LC_ALL', 'LC_MESSAGES', 'LANG']) vi.stubEnv(name, set[name]);
    expect(processTerminal().env['LANG']).toBe(expected);
  });
});
