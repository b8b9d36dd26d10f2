import { sm2Digest } from '@hefu/crypto';
import { createClientShare, isPublicPoint, SCALAR_ENTROPY } from '@hefu/crypto/two-party';
import { bitString, equalBytes, integer, oid, parseCertificate, sequence, tlv } from '@hefu/pki';
import { SignError, type AdapterContext } from '@hefu/sign';
import { abortError, abortShare, coSign, readRecord, requireUsable, writeRecord } from './co-sign.js';
import { requireConsent, type CosignConsent } from './consent.js';
import type { CosignServer } from './cosign-server.js';
import type { ShareRecord, ShareSeal, ShareStore } from './share-record.js';

export interface EnrolmentOptions {
  readonly enable: CosignConsent;
  readonly store: ShareStore;
  readonly seal: ShareSeal;
  readonly server: CosignServer;
  readonly context: AdapterContext;
}

/** Getting a key in two halves and a certificate for it, in three steps, each of which may be in another process. */
export interface Enrolment {
  /**
   * Makes the halves.
   * @param id this side's name, `[A-Za-z0-9._-]{1,64}`
   * @returns P, 04 || X || Y
   * @throws SignError COSIGN_ABORT for a P that is none: nothing is kept; ACTION_PENDING where the id is taken
   */
  createShare(id: string, pin?: string): Promise<Uint8Array>;
  /**
   * A certification request (RFC 2986) signed by both halves, DER: proof that the server has the half that goes with this share and P.
   * @param subject a Name, DER
   */
  certificationRequest(id: string, subject: Uint8Array, pin?: string): Promise<Uint8Array>;
  /**
   * Takes the certificate over.
   * @param chain DER, leaf first
   * @throws SignError COSIGN_ABORT, terminal, where the leaf is over another key than P
   */
  acceptCertificate(id: string, chain: readonly Uint8Array[]): Promise<void>;
}

const EC_PUBLIC_KEY = '1.2.840.10045.2.1';
const SM2_CURVE = '1.2.156.10197.1.301';
const SM2_WITH_SM3 = '1.2.156.10197.1.501';

/** @throws TypeError without consent */
export function createEnrolment({ enable, store, seal, server, context }: EnrolmentOptions): Enrolment {
  requireConsent(enable);
  return {
    async createShare(id, pin) {
      if (!/^[A-Za-z0-9._-]{1,64}$/.test(id)) throw new TypeError('an id has 1 to 64 characters of A-Z a-z 0-9 . _ -');
      if ((await store.read(id)) !== undefined) throw new SignError('ACTION_PENDING', 'there is a share of this id');
      const { share, point } = createClientShare(context.random.bytes(SCALAR_ENTROPY));
      try {
        const { kid, publicKey } = await server.createKey(context, point);
        if (!isPublicPoint(publicKey) || equalBytes(publicKey, point)) throw abortError('public-key');
        const sealed = await seal.seal(share, id, pin);
        if (!(await writeRecord(store, id, { revision: 1, state: 'enrolled', kid, publicKey, sealed, chain: [] }, undefined))) throw new SignError('ACTION_PENDING', 'there is a share of this id');
        return publicKey;
      } finally {
        share.fill(0);
      }
    },
    async certificationRequest(id, subject, pin) {
      const { publicKey } = requireUsable(await readRecord(store, id), ['enrolled', 'proved']);
      const info = sequence(integer(0), subject, sequence(sequence(oid(EC_PUBLIC_KEY), oid(SM2_CURVE)), bitString(publicKey)), tlv(0xa0, new Uint8Array(0)));
      const signature = await coSign({ id, store, seal, server, context, digest: sm2Digest(publicKey, info), from: ['enrolled', 'proved'], to: 'proved', ...(pin === undefined ? {} : { pin }) });
      return sequence(info, sequence(oid(SM2_WITH_SM3)), bitString(signature));
    },
    async acceptCertificate(id, chain) {
      const record = requireUsable(await readRecord(store, id), ['proved']);
      const leaf = chain[0];
      if (leaf === undefined) throw new TypeError('there is no certificate');
      const { key } = parseCertificate(leaf).spki;
      if (key.kty !== 'EC' || key.crv !== 'SM2' || !equalBytes(key.point, record.publicKey)) throw await abortShare(store, id, { ...record, before: 'proved' }, 'certificate-key', context);
      if (!(await writeRecord(store, id, { ...record, revision: record.revision + 1, state: 'active', chain }, record.revision))) throw new SignError('ACTION_PENDING', 'this share is being used elsewhere');
    },
  };
}

/** What an operator says who gives a share back to use. */
export const CLEARANCE = 'the-cause-is-known-and-the-share-did-not-leak';

/**
 * An operator's act: a share that was aborted, or interrupted while an answer was checked, is used again. Enrolling anew is the safe way.
 * @throws TypeError without the words; SignError NO_USABLE_CREDENTIAL where it is not aborted
 */
export async function clearAbort(store: ShareStore, id: string, words: typeof CLEARANCE): Promise<void> {
  if (words !== CLEARANCE) throw new TypeError(`clearing an abort takes the words '${CLEARANCE}'`);
  const { before, abort: _, ...record } = await readRecord(store, id);
  if (before === undefined) throw new SignError('NO_USABLE_CREDENTIAL', 'this share is not aborted');
  const cleared: ShareRecord = { ...record, revision: record.revision + 1, state: before };
  if (!(await writeRecord(store, id, cleared, record.revision))) throw new SignError('ACTION_PENDING', 'this share is being used elsewhere');
}
