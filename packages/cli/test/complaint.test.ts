import { PkiError } from '@hefu/pki';
import { textWidth } from '@hefu/verify';
import { describe, expect, it } from 'vitest';
import { about, complaintOf, renderComplaint } from '../src/complaint.js';
import { CliError } from '../src/error.js';
import { kindOf } from '../src/kind.js';

describe('a complaint', () => {
  it('is made of an error with a code, and of no other', async () => {
    expect(await complaintOf(new PkiError('TRUNCATED', 'cut'), 'a.cer')).toMatchObject({ code: 'TRUNCATED', message: { en: expect.stringMatching(/^a\.cer: /), zh: expect.stringMatching(/^a\.cer：/) } });
    expect(await complaintOf(Object.assign(new Error('disk'), { code: 'ENOSPC' }))).toMatchObject({ code: 'ENOSPC', details: ['disk'] });
    expect(await complaintOf(new Error('oops'))).toBeUndefined();
    expect(await complaintOf('oops')).toBeUndefined();
    // What Node says of a wrong argument is a mistake of this program.
    expect(await complaintOf(Object.assign(new TypeError('bad argument'), { code: 'ERR_INVALID_ARG_TYPE' }))).toBeUndefined();
  });

  it('names the input meant, and keeps the cause', async () => {
    const cause = new PkiError('EMPTY_INPUT', 'nothing');
    const failed = about('x.crl', () => {
      throw cause;
    });
    await expect(failed).rejects.toBeInstanceOf(CliError);
    await expect(failed).rejects.toMatchObject({ cause, complaint: { code: 'EMPTY_INPUT' } });
    await expect(about('x', () => Promise.reject(new RangeError('ours')))).rejects.toThrow(RangeError);
  });

  it('fits the terminal and cannot move its cursor', () => {
    const complaint = { code: 'X', message: { zh: '名单'.repeat(60), en: 'a list '.repeat(40) }, remedy: { zh: '重试', en: 'again' }, details: ['\u001b[2J\u202e gone'] };
    for (const lang of ['zh', 'en'] as const) {
      const text = renderComplaint(complaint, lang, 60);
      for (const line of text.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(60);
      for (const hidden of ['\u001b', '\u202e']) expect(text).not.toContain(hidden);
    }
  });
});

describe('a kind of file', () => {
  it.each([
    ['crl', 'CRL'], ['X509 CRL', 'CRL'], ['pem:X509 CRL', 'CRL'], ['PKCS7', 'signed message'], ['PKCS #7 SIGNED DATA', 'signed message'], ['CMS', 'signed message'],
    ['RSA PRIVATE KEY', 'private key'], ['ENCRYPTED PRIVATE KEY', 'private key'], ['PUBLIC KEY', 'public key'], ['NEW CERTIFICATE REQUEST', 'certificate request'],
    ['X509 CERTIFICATE', 'a certificate'], ['pkcs12', 'PKCS #12'], ['ATTRIBUTE LIST', '“ATTRIBUTE LIST”'],
  ])('%s is %s', (detected, name) => {
    expect(kindOf(detected)?.name.en).toContain(name);
  });

  it('that nobody can tell has no name', () => {
    expect(kindOf('unknown')).toBeUndefined();
  });
});
