import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { SteppedClock } from './stepped-clock.js';

/** What `start` gives, as far as tests look at it. */
export interface Room {
  readonly url: string;
  readonly phoneUrl: string;
  readonly projects: { readonly id: string; closesAt: number }[];
  readonly provider: { readonly faults: { set(fault: string): void; clear(): void } };
  readonly qr: { book(): { readonly made: readonly string[]; readonly size: number } };
  readonly csc: { readonly made: readonly unknown[]; otp(credentialID: string): string | undefined; secrets(): readonly string[] };
  close(): Promise<void>;
}
export type Start = (options: { readonly port: number; readonly clock: SteppedClock }) => Promise<Room>;

export interface BidFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** Two files that no other test has: the same ones cannot be signed twice at a time. */
export function bidFiles(): BidFile[] {
  return [{ name: '投标函.pdf', mimeType: 'application/pdf', buffer: Buffer.from(`a bid ${randomUUID()}`) }, { name: '报价清单.xlsx', mimeType: 'application/octet-stream', buffer: Buffer.alloc(300_000, 7) }];
}

/** Chooses a way of signing and the files, and waits for the certificates. */
export async function prepare(page: Page, service: '手机扫码' | '云签名', files: BidFile[] | string): Promise<void> {
  await page.getByLabel(service).check();
  await page.setInputFiles('input[type=file]', files);
  await page.getByRole('button', { name: '开始签名' }).waitFor();
}

export async function begin(page: Page, service: '手机扫码' | '云签名', files: BidFile[], credential?: RegExp): Promise<void> {
  await prepare(page, service, files);
  if (credential !== undefined) await page.getByRole('radio', { name: credential }).check();
  await page.getByRole('button', { name: '开始签名' }).click();
}
export const BY_PIN = /口令（PIN 码）/;
export const BY_SIGNING_IN = /登录签名服务/;

export function challenge(page: Page): Promise<{ readonly payload: string; readonly verificationCode: string }> {
  return page.locator('hefu-qr').evaluate((element) => (element as unknown as { challenge: { payload: string; verificationCode: string } }).challenge);
}

/** The user's phone: scans what the page shows and decides. */
export async function phone({ phoneUrl }: Room, page: Page, act: 'approve' | 'refuse'): Promise<void> {
  const post = async (path: string, body: object): Promise<{ readonly ticket?: string; readonly code?: string }> =>
    (await (await fetch(`${phoneUrl}/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })).json()) as { ticket?: string; code?: string };
  const { payload, verificationCode } = await challenge(page);
  const { ticket, code } = await post('open', { link: payload });
  // What the phone shows is what the page shows.
  expect(verificationCode).toBe(code);
  await post('act', { ticket, act });
}

/** To the end of a bid: everything is uploaded, and the verdict on it passed. */
export async function receipt(page: Page): Promise<string> {
  await page.getByText('文件已全部上传').waitFor();
  const text = await page.locator('#receipt').innerText();
  expect(text).toMatch(/B-[0-9A-F]{8}[\s\S]*通过/);
  return /B-[0-9A-F]{8}/.exec(text)![0];
}

export async function answerPin(page: Page, pin: string): Promise<void> {
  await page.getByLabel('请输入证书口令（PIN 码）').fill(pin);
  await page.getByRole('button', { name: '确认' }).click();
}
