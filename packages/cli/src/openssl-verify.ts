import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { equalBytes, messageDigestOf, parseCertificate, parseSignedData, type SignedData } from '@hefu/pki';

export type ForeignVerdict = 'verified' | 'refused' | 'unsupported';
/** Runs openssl in a folder with these files in it. */
type Openssl = (args: readonly string[], files: Readonly<Record<string, Uint8Array | string>>) => { readonly verdict: ForeignVerdict; readonly stdout: Uint8Array };

/**
 * What the openssl command, which may not be installed, says of a detached message over content; chains are not its question here.
 * It reads no GM/T 0010 messages: of those it is given what was signed, and does the mathematics, SM3, Z and SM2.
 */
export async function opensslVerify(message: Uint8Array, content: Uint8Array): Promise<ForeignVerdict> {
  const signed = parseSignedData(message);
  const folder = mkdtempSync(join(tmpdir(), 'hefu-conformance-'));
  const run: Openssl = (args, files) => {
    for (const [name, octets] of Object.entries(files)) writeFileSync(join(folder, name), octets);
    const { status, error, stdout } = spawnSync('openssl', args, { cwd: folder, timeout: 30_000 });
    return { verdict: error !== undefined ? 'unsupported' : status === 0 ? 'verified' : 'refused', stdout };
  };
  try {
    if (signed.family === 'cms') return run(['cms', '-verify', '-binary', '-inform', 'DER', '-in', 'message.p7s', '-content', 'content.bin', '-noverify', '-out', 'out.bin'], { 'message.p7s': message, 'content.bin': content }).verdict;
    return gmVerify(signed, content, run);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function gmVerify({ signerInfos, certificates }: SignedData, content: Uint8Array, openssl: Openssl): ForeignVerdict {
  const [signer] = signerInfos;
  const leaf = certificates.map((der) => parseCertificate(der)).find(({ extBasicConstraints }) => extBasicConstraints?.ca !== true);
  if (signer === undefined || leaf === undefined || signerInfos.length !== 1) return 'unsupported';
  if (signer.signedAttrs !== undefined) {
    const digest = openssl(['dgst', '-sm3', '-binary', 'content.bin'], { 'content.bin': content });
    if (digest.verdict !== 'verified') return 'unsupported';
    const stated = messageDigestOf(signer.signedAttrs);
    if (stated === undefined || stated.duplicate || !equalBytes(stated.value, new Uint8Array(digest.stdout))) return 'refused';
  }
  const pem = `-----BEGIN PUBLIC KEY-----\n${Buffer.from(leaf.spki.bytes).toString('base64').replace(/.{64}/g, '$&\n')}\n-----END PUBLIC KEY-----\n`;
  // The identifier of GM/T 0009; without the option it is an empty one.
  return openssl(['dgst', '-sm3', '-verify', 'key.pem', '-sigopt', 'distid:1234567812345678', '-signature', 'value.der', 'signed.bin'], {
    'key.pem': pem, 'value.der': signer.signature, 'signed.bin': signer.signedAttrs?.signedBytes ?? content,
  }).verdict;
}
