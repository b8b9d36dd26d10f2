import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createQrProvider, createWorld, serveProvider, type QrProvider, type ServedProvider } from '../../../src/index.js';
import { createWebhookSender, deliverToLoopback } from '../../../src/provider/qr/webhook.js';
import { createProviderClock } from '../../../src/provider/clock.js';
import { createFaultPlan } from '../../../src/provider/fault-plan.js';

const AT = Date.UTC(2026, 5, 1, 4);
let provider: ServedProvider;
let qr: QrProvider;
beforeAll(async () => {
  qr = createQrProvider();
  provider = await serveProvider(createWorld({ seed: 'phone', at: AT }), { facades: [qr.facade] });
});
afterAll(() => provider.close());

const post = async (path: string, body: object) => {
  const answer = await fetch(`${provider.baseUrl}/qr/${path}`, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> & { data?: Record<string, string> } };
};
const job = async (): Promise<{ readonly tid: string; readonly content: string }> => {
  const { json } = await post('zhongzhao/sweepcodeController/getQRCodeContent', { platformCode: 'HEFUSANDBOX', userType: '02' });
  return json.data as never;
};

describe('the page of the phone', () => {
  it('is for both languages and small screens, and takes nothing from elsewhere', async () => {
    const answer = await fetch(`${provider.baseUrl}/qr/phone?job=x`);
    const html = await answer.text();
    const policy = answer.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    const nonce = /script-src 'nonce-([^']+)'/.exec(policy)![1]!;
    expect(html).toContain(`<script nonce="${nonce}">`);
    expect(html).toContain('name="viewport" content="width=device-width');
    expect(html).not.toMatch(/\s(?:src|href|on[a-z]+)=|innerHTML|\beval\(/);
    // Every word is there in both languages, and every control has one.
    const words = new Function(`return ${/const words = (\{[\s\S]*?\n\});/.exec(html)![1]!}`)() as Record<'zh' | 'en', Record<string, unknown> & { done: object }>;
    const keys = (lang: 'zh' | 'en'): string[] => Object.keys(words[lang]);
    expect(keys('zh')).toEqual(keys('en'));
    expect(Object.keys(words.zh.done)).toEqual(Object.keys(words.en.done));
    for (const [, key] of html.matchAll(/data-t="(\w+)"/g)) expect(keys('zh')).toContain(key);
    for (const [, id] of html.matchAll(/<label for="(\w+)"/g)) expect(html).toContain(`id="${id}"`);
    expect(html).toContain('role="status" aria-live="polite"');
  });
});

describe('a phone', () => {
  it('opens a job by what stands behind the fragment, not by its number alone', async () => {
    const { tid, content } = await job();
    expect(await post('phone/open', { link: content.split('#')[0] })).toMatchObject({ status: 404 });
    expect(await post('phone/open', { link: `${content}x` })).toMatchObject({ status: 404 });
    expect(await post('phone/open', { link: 'nonsense' })).toMatchObject({ status: 404, json: { error: 'neither a link nor a short code' } });
    const { status, json } = await post('phone/open', { link: content });
    expect(status).toBe(200);
    expect(json).toMatchObject({ state: 'scanned', leftMs: 120_000 });
    expect(qr.book().get(tid)!.state).toBe('scanned');
    expect((await post('phone/act', { ticket: json['ticket'], act: 'refuse' })).json).toEqual({ state: 'refused' });
    expect(await post('phone/act', { ticket: json['ticket'], act: 'approve' })).toMatchObject({ status: 410 });
    expect(await post('phone/act', { ticket: 'another', act: 'approve' })).toMatchObject({ status: 400 });
    expect(await post('phone/act', { ticket: json['ticket'], act: 'sudo' })).toMatchObject({ status: 400 });
  });

  it('takes the short code as well', async () => {
    const { tid } = await job();
    expect((await post('phone/open', { link: qr.book().get(tid)!.shortCode.toLowerCase() })).status).toBe(200);
  });

  it('is too late after the time, except for a confirmation under way', async () => {
    const first = await job();
    const second = await job();
    const tickets = await Promise.all([first, second].map(async ({ content }) => (await post('phone/open', { link: content })).json['ticket']));
    await post('phone/act', { ticket: tickets[1], act: 'approve-late' });
    provider.clock.advance(120_000);
    expect(await post('phone/act', { ticket: tickets[0], act: 'approve' })).toMatchObject({ status: 410, json: { state: 'expired' } });
    expect(qr.book().get(second.tid)!.state).toBe('scanned');
    provider.clock.advance(1000);
    expect(qr.book().get(second.tid)!.state).toBe('signed');
  });
});

describe('COSS', () => {
  it('answers nobody who cannot sign his call', async () => {
    expect((await post('coss/service/v1/queryCert', {})).json).toMatchObject({ status: '0x01000001' });
  });
});

describe('callbacks', () => {
  it('leave for loopback alone', async () => {
    expect(await deliverToLoopback('http://ca.example/callback', { headers: {}, body: '{}' })).toBe(0);
    expect(await deliverToLoopback('https://127.0.0.1/callback', { headers: {}, body: '{}' })).toBe(0);
    expect(await deliverToLoopback(`${provider.baseUrl}/qr/nowhere`, { headers: {}, body: '{}' })).toBe(404);
  });

  it('are late, twice, reordered or forged as told', async () => {
    const sent: string[] = [];
    const clock = createProviderClock(AT);
    const faults = createFaultPlan(['callback-none', 'callback-twice', 'callback-forged', 'callback-late', 'callback-reordered', 'callback-early']);
    const sender = createWebhookSender(clock, () => faults, async (_, { body }) => { sent.push(body); return 200; });
    const send = (body: string): void => sender.send('http://127.0.0.1/', { headers: {}, body }, () => ({ headers: {}, body: 'forged' }));
    const ways: [fault: string, sends: string[]][] = [['callback-none', []], ['callback-twice', ['a', 'a']], ['callback-forged', ['forged', 'a']], ['callback-late', []]];
    for (const [fault, expected] of ways) {
      faults.clear();
      faults.set(fault);
      sent.length = 0;
      send('a');
      expect(sent, fault).toEqual(expected);
    }
    clock.advance(5000);
    sender.flush();
    expect(sent).toEqual(['a']);
    faults.clear();
    faults.set('callback-reordered,times=1');
    sent.length = 0;
    send('first');
    send('second');
    expect(sent).toEqual(['second', 'first']);
  });
});
