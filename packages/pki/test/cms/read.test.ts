import { describe, expect, it } from 'vitest';
import { readSignedData } from '../../src/cms/read.js';
import { encodePem } from '../../src/pem.js';
import { ascii, join, refusalCode, sampleCertificate, sampleMessage } from './samples.js';

const message = sampleMessage();
const base64 = encodePem('CMS', message).replace(/-----.*-----/g, '');
const oneLine = base64.replaceAll('\n', '');

describe('readSignedData', () => {
  it.each([
    ['DER', message],
    ['PEM', encodePem('CMS', message)],
    ['PEM as PKCS7', encodePem('PKCS7', message)],
    ['PEM as octets', ascii(encodePem('PKCS7', message))],
    ['base64', base64],
    ['base64 on one line', oneLine],
    ['base64 as octets', ascii(base64)],
  ])('reads %s', (_name, input) => {
    expect(readSignedData(input).bytes).toEqual(message);
  });

  it.each([
    ['nothing', '', 'EMPTY_INPUT'],
    ['no octets', new Uint8Array(0), 'EMPTY_INPUT'],
    ['armour of a certificate', encodePem('CERTIFICATE', sampleCertificate('A')), 'PEM_WRONG_LABEL'],
    ['a certificate under the right label', encodePem('CMS', sampleCertificate('A')), 'WRONG_STRUCTURE'],
    ['armour cut off', encodePem('CMS', message).slice(0, -30), 'PEM_INVALID'],
    ['base64 cut inside a group', oneLine.slice(0, 101), 'PEM_INVALID'],
    ['base64 cut between groups', oneLine.slice(0, 100), 'TRUNCATED'],
    ['two messages', encodePem('CMS', message) + encodePem('CMS', message), 'TOO_MANY'],
    ['two DER messages', join(message, message), 'TRAILING_DATA'],
    ['prose', '请上传签名文件', 'PEM_INVALID'],
  ])('refuses %s', (_name, input, code) => {
    expect(refusalCode(() => readSignedData(input))).toBe(code);
  });

  it('applies the limits before decoding', () => {
    expect(refusalCode(() => readSignedData(base64, { maxMessageBytes: 100 }))).toBe('INPUT_TOO_LARGE');
    expect(refusalCode(() => readSignedData(message, { maxMessageBytes: 100 }))).toBe('INPUT_TOO_LARGE');
    expect(refusalCode(() => readSignedData('A'.repeat(100_000_000), { maxMessageBytes: 1_000_000 }))).toBe('INPUT_TOO_LARGE');
  });
});
