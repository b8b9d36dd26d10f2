import { beforeAll, describe, it } from 'vitest';
import { describeAdapterConformance, type ConformanceHarness, type MakeSubject } from '@hefu/sign/conformance';
import { keyFileAdapter, openPfx, type FileKey } from '../../src/index.js';
import { algorithms, AT, companies, judgement } from '../../../sign/test/session/bench.js';
import { seededRandom, VirtualClock } from '../../../sign/test/session/virtual-clock.js';
import { buildPfx } from './build-pfx.js';

const PASSWORD = '73051946820517';
let keys: readonly FileKey[];
let harness: ConformanceHarness;
beforeAll(async () => {
  const people = (['SM2', 'P-256', 'RSA-2048'] as const).map((kind) => companies(kind)[0]!);
  const file = buildPfx({
    keys: people.map(({ sign }) => ({ pkcs8: sign.key.pkcs8Der })), password: PASSWORD, keyProtection: '3des', certificateProtection: 'rc2-40', mac: 'sha1',
    certificates: people.flatMap(({ sign, issuer, authority }) => [sign.certificate, issuer.certificate, ...authority.above.map(({ certificate }) => certificate)]).map((der) => ({ der })),
  });
  ({ keys } = await openPfx(file, PASSWORD));
  harness = { algorithms, random: seededRandom(), judgement: await judgement() };
});
const subject: MakeSubject = (fault) => fault !== undefined ? undefined : { adapter: keyFileAdapter(keys), clock: new VirtualClock(AT), answer: () => ({ type: 'cancel' }), secrets: () => [PASSWORD] };

describeAdapterConformance('keys of a PFX', subject, () => harness, { describe, it });
