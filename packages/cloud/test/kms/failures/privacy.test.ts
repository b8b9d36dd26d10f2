import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SignError } from '@hefu/sign';
import { adapterContext } from '../../context.js';
import { KmsBench, SERVICES } from '../bench.js';

const bench = new KmsBench();
beforeAll(() => bench.open());
afterAll(() => bench.provider.close());

/** Everything an error says, to whoever prints it. */
const said = (error: unknown): string => {
  const parts: string[] = [];
  for (let each = error; each instanceof Error; each = each.cause) parts.push(each.message, each.stack ?? '', JSON.stringify(each), each instanceof SignError ? JSON.stringify(each.provider ?? null) : '');
  return parts.join('\n');
};

describe('48: secrets of the cloud account', () => {
  it.each(SERVICES)('at %s are in no address, no error, no event, snapshot or line of the journal', async (name) => {
    const kind = ['google', 'azure', 'vault'].includes(name) ? 'P-256' : 'SM2';
    bench.provider.transcript.clear();
    const { end, text } = await bench.sign(bench.adapter(name), kind, { count: 2 });
    expect(end).toMatchObject({ type: 'done' });
    const secrets = bench.secrets();
    expect(secrets.length).toBeGreaterThan(2);
    const addresses = JSON.stringify(bench.provider.transcript.exchanges.map(({ path }) => path));
    const sent = JSON.stringify(bench.provider.transcript.exchanges.map(({ requestHeaders, requestBody }) => [requestHeaders, requestBody]));
    for (const secret of secrets) {
      expect(text).not.toContain(secret);
      expect(addresses).not.toContain(secret);
    }
    // Bearer tokens are sent as what they are; keys that sign requests never are.
    for (const secret of [bench.account.accessKey.secret, bench.account.google.privateKey]) expect(sent).not.toContain(secret);

    const wrong = 'not-the-secret-of-this-account-0123456789';
    const adapter = bench.adapter(name, { service: bench.service(name, { secret: wrong }) });
    const context = { ...adapterContext({ clock: bench.clock }), random: bench.random };
    bench.provider.faults.set('kms-forbidden');
    const [credential] = await adapter.listCredentials({ limit: 1 }, context);
    const error = await adapter.probe!(credential!, context).then(() => undefined, (each: unknown) => each);
    bench.provider.faults.clear();
    expect(error).toBeInstanceOf(SignError);
    for (const secret of [...secrets, wrong]) {
      expect(said(error)).not.toContain(secret);
      expect(context.journal.join()).not.toContain(secret);
    }
  });
});
