import { equalBytes, namesEqual, parseCertificate } from '@hefu/pki';
import type { SignErrorCode } from '../errors/codes.js';
import type { MessageForm } from '../session/message-form.js';
import { contentOfItem, openGood, playToEnd } from './play.js';
import { demand, type ConformanceCheck, type ConformanceHarness, type MakeSubject } from './subject.js';

/** Level 6: what others make of the result. */
export const INTEROP_CHECKS: readonly ConformanceCheck[] = [
  {
    id: 'L6.chain', level: 'L6', title: 'lists each certificate before its issuer, once, and nothing else',
    async run(make, harness) {
      for (const { chain, ref } of (await openGood(make, harness)).credentials) {
        const certificates = chain.map((der) => parseCertificate(der));
        for (const [index, certificate] of certificates.entries()) {
          const above = certificates[index + 1];
          demand(above === undefined || namesEqual(certificate.issuer, above.subject), `${ref}: certificate ${index + 1} is not the issuer of the one before`);
          demand(!certificates.slice(0, index).some(({ bytes }) => equalBytes(bytes, certificate.bytes)), `${ref}: a certificate stands twice`);
        }
      }
      return undefined;
    },
  },
  {
    id: 'L6.forms', level: 'L6', title: 'signs every form of message its keys write',
    async run(make, harness) {
      for await (const _ of signedByEachKind(make, harness, formsOf)) { /* that it is done is all */ }
      return undefined;
    },
  },
  {
    id: 'L6.foreign', level: 'L6', title: 'makes messages that a foreign verifier verifies, and over other content refuses',
    async run(make, harness) {
      const { verifyForeign } = harness;
      if (verifyForeign === undefined) return 'there is no foreign verifier';
      let asked = 0;
      for await (const { ref, message } of signedByEachKind(make, harness, () => [{}])) {
        const verdict = await verifyForeign(message, contentOfItem(0));
        if (verdict === 'unsupported') continue;
        asked++;
        demand(verdict === 'verified', `${ref}: refused`);
        demand((await verifyForeign(message, contentOfItem(1))) === 'refused', `${ref}: the foreign verifier verifies anything`);
      }
      return asked === 0 ? 'the foreign verifier knows none of these messages' : undefined;
    },
  },
];

/** With these core refuses a credential before anybody is asked: what a listing has beside usable ones. */
const REFUSED_BEFORE: readonly SignErrorCode[] = ['CERT_NOT_TRUSTED', 'CERT_EXPIRED', 'CERT_REVOKED', 'CERT_NOT_YET_VALID', 'CREDENTIAL_DISABLED', 'CREDENTIAL_LOCKED'];

/** A message of each form by one usable credential for each choice of algorithms. */
async function* signedByEachKind(make: MakeSubject, harness: ConformanceHarness, forms: (names: readonly string[]) => readonly MessageForm[]): AsyncGenerator<{ readonly ref: string; readonly message: Uint8Array }> {
  const kinds = new Set<string>();
  for (const { ref, algorithms } of (await openGood(make, harness)).credentials) {
    const names = algorithms.map(({ name }) => name);
    if (kinds.has(names.join())) continue;
    for (const form of forms(names)) {
      const opened = await openGood(make, harness);
      const { end, asked } = await playToEnd(opened, harness, { credential: opened.credentials.find((each) => each.ref === ref)!, items: [contentOfItem(0)], form });
      if (end.type === 'failed' && asked.length === 0 && REFUSED_BEFORE.includes(end.error.code)) break;
      demand(end.type === 'done', `${ref}, ${JSON.stringify(form)}: ended with ${end.type}${end.type === 'failed' ? ` ${end.error.code}` : ''}`);
      kinds.add(names.join());
      yield { ref, message: end.signatures[0]!.message };
    }
  }
  demand(kinds.size > 0, 'core lets none of the credentials sign');
}

function formsOf(algorithms: readonly string[]): readonly MessageForm[] {
  return algorithms.includes('SM2-SM3') ? [{ variant: 'za-content' }, { variant: 'attrs-za' }] : [{}];
}
