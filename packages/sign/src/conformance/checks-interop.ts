import { equalBytes, namesEqual, parseCertificate } from '@hefu/pki';
import type { MessageForm } from '../session/message-form.js';
import { contentOfItem, openGood, playToEnd } from './play.js';
import { demand, type ConformanceCheck } from './subject.js';

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
      const { credentials } = await openGood(make, harness);
      for (const { ref, algorithms } of credentials) {
        for (const form of formsOf(algorithms.map(({ name }) => name))) {
          const opened = await openGood(make, harness);
          const { end } = await playToEnd(opened, harness, { credential: opened.credentials.find((each) => each.ref === ref)!, items: [contentOfItem(0)], form });
          demand(end.type === 'done', `${ref}, ${JSON.stringify(form)}: ended with ${end.type}${end.type === 'failed' ? ` ${end.error.code}` : ''}`);
        }
      }
      return undefined;
    },
  },
  {
    id: 'L6.foreign', level: 'L6', title: 'makes messages that a foreign verifier verifies, and over other content refuses',
    async run(make, harness) {
      const { verifyForeign } = harness;
      if (verifyForeign === undefined) return 'there is no foreign verifier';
      const { credentials } = await openGood(make, harness);
      let asked = 0;
      for (const { ref } of credentials) {
        const opened = await openGood(make, harness);
        const { end } = await playToEnd(opened, harness, { credential: opened.credentials.find((each) => each.ref === ref)!, items: [contentOfItem(0)] });
        demand(end.type === 'done', `${ref}: ended with ${end.type}`);
        const { message } = end.signatures[0]!;
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

function formsOf(algorithms: readonly string[]): readonly MessageForm[] {
  return algorithms.includes('SM2-SM3') ? [{ variant: 'za-content' }, { variant: 'attrs-za' }] : [{}];
}
