import { writeFileSync } from 'node:fs';
import type { ChallengeAnswer } from '@hefu/sign';
import { createCscProvider, createQrProvider, CSC_PIN, CSC_SERVICE_TOKEN, kmsAccount, kmsFacade } from '../../../sandbox/dist/index.js';
import { CSC_MANNERS } from '../../../sandbox/dist/provider/csc/credentials.js';
import { approver } from '../csc/bench.js';
import { inProcess, world } from '../csc/in-process.js';
import { HeldClock } from '../held-clock.js';
import { AT } from '../world.js';
import { PLACEHOLDERS, type Flow } from './flows.js';
import { play, requestOf, type Exchange, type Transcript } from './play.js';

/** Plays a flow before the sandbox and writes down what went to and fro, with placeholders for what was secret. */
export async function record(flow: Flow, file: URL): Promise<void> {
  const clock = new HeldClock(AT);
  const csc = createCscProvider({ companies: ['qinghe'], credentials: CSC_MANNERS.filter(({ suffix }) => `${flow.key}${suffix}` === flow.credential) });
  const facades = { csc: csc.facades, qr: [createQrProvider({ deliver: async () => 200 }).facade], kms: [kmsFacade] }[flow.facade];
  const service = inProcess(facades, clock, clock, 'recorded00');
  const company = world.companies.find(({ id }) => `key-${id}` === flow.key)!;
  const chain = [company.sign.certificate, company.issuer.certificate, ...company.authority.above.map(({ certificate }) => certificate)];
  const secrets = { pin: CSC_PIN, otp: '', serviceToken: CSC_SERVICE_TOKEN, vaultToken: flow.facade === 'kms' ? kmsAccount(world).vaultToken : '' };
  const exchanges: Exchange[] = [];
  const answers: ChallengeAnswer[] = [];
  let otp = '';
  const approve = approver(service);
  const opened = new Set<string>();
  const phone = async (link: string): Promise<void> => {
    const post = async (path: string, body: object) => (await service.fetch(`http://127.0.0.1:1/qr/phone/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })).json() as Promise<{ ticket: string }>;
    await post('act', { ticket: (await post('open', { link })).ticket, act: 'approve', key: flow.key });
  };
  const played = await play(flow, {
    clock, chain, secrets,
    async fetch(url, init) {
      const response = await service.fetch(url, init);
      const answer = await response.text();
      exchanges.push({ ...requestOf(url, init), status: response.status, answerHeaders: Object.fromEntries([...response.headers].sort()), answer });
      return new Response(response.status === 204 ? null : answer, { status: response.status, headers: response.headers });
    },
    async answer(challenge) {
      const given: ChallengeAnswer = challenge.type === 'pin' ? { type: 'pin', value: CSC_PIN } : challenge.type === 'otp' ? { type: 'otp', value: (otp = csc.otp(flow.credential)!) } : challenge.type === 'oauth' ? await approve(challenge.url) : { type: 'cancel' };
      answers.push(given);
      return given;
    },
    show(challenge) {
      if (challenge.type === 'push') csc.decide('approved');
      // Each job once, not each rotation of its code.
      if (challenge.type !== 'qr' || opened.size >= (flow.credential === 'chosen' ? 2 : 1)) return;
      opened.add(challenge.payload);
      void phone(challenge.payload);
    },
  });
  if (played.refused.length > 0 || played.values !== flow.items) throw new Error(`${flow.name}: ${played.values} values, ${played.refused.join()}`);
  const transcript: Transcript = { flow: flow.name, chain: flow.facade === 'kms' ? chain.map((der) => Buffer.from(der).toString('base64')) : [], answers, exchanges, events: played.events };
  let text = JSON.stringify(transcript, undefined, 1);
  for (const [secret, placeholder] of [[secrets.pin, PLACEHOLDERS.pin], [otp, PLACEHOLDERS.otp], [secrets.serviceToken, PLACEHOLDERS.serviceToken], [secrets.vaultToken, PLACEHOLDERS.vaultToken]] as const) if (secret !== '') text = text.replaceAll(secret, placeholder);
  writeFileSync(file, `${text}\n`);
}
