import { describe, expect, it } from 'vitest';
import { signAcs3 } from '../../src/kms/aliyun.js';
import { crc32c } from '../../src/kms/crc32c.js';
import { signSdkHmac } from '../../src/kms/huawei.js';
import { signTc3 } from '../../src/kms/tencent.js';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The worked examples of the clouds' own documentation. AWS's signatures are a library's; the sandbox computes them again by node:crypto. */
describe('request signatures', () => {
  it('of Alibaba Cloud are as its documentation computes them (V3 request structure and signature)', () => {
    const request = {
      url: new URL('https://ecs.cn-shanghai.aliyuncs.com/?ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai'),
      path: '', headers: { 'x-acs-action': 'RunInstances', 'x-acs-version': '2014-05-26' }, body: '',
    };
    const account = { id: 'YourAccessKeyId', secret: 'YourAccessKeySecret' };
    const { authorization } = signAcs3(request, account, Date.UTC(2023, 9, 26, 10, 22, 32), '3156853299f313e23d1673dc12e1703d');
    expect(authorization).toBe('ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0');
    expect(signAcs3({ ...request, body: ' ' }, account, Date.UTC(2023, 9, 26, 10, 22, 32), '3156853299f313e23d1673dc12e1703d')['authorization']).not.toBe(authorization);
  });

  it('of Tencent Cloud are as its documentation computes them (Signature v3)', () => {
    const request = {
      url: new URL('https://cvm.tencentcloudapi.com/'), path: '', headers: { 'content-type': 'application/json; charset=utf-8' },
      body: '{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}',
    };
    expect(signTc3(request, { id: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE', secret: 'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE' }, 1_551_113_065_999, 'cvm')['authorization'])
      .toBe('TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168');
  });

  it('of Huawei Cloud are as its documentation computes them (AK/SK signing)', () => {
    const request = {
      url: new URL('https://service.region.example.com/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0'),
      path: '', headers: { 'content-type': 'application/json' }, body: '',
    };
    expect(signSdkHmac('GET', request, { id: 'QTWAOYTTINDUT2QVKYUC', secret: 'MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc' }, Date.UTC(2019, 10, 15, 3, 36, 55))['authorization'])
      .toBe('SDK-HMAC-SHA256 Access=QTWAOYTTINDUT2QVKYUC, SignedHeaders=content-type;host;x-sdk-date, Signature=7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe');
  });

  it('carry the token of temporary credentials, signed where the cloud wants it', () => {
    const request = { url: new URL('https://kms.example/'), path: '', headers: { 'content-type': 'application/json' }, body: '{}' };
    const account = { id: 'a', secret: 'b', sessionToken: 't' };
    expect(signAcs3(request, account, 0, '00')).toMatchObject({ 'x-acs-security-token': 't', authorization: expect.stringContaining('x-acs-security-token') });
    expect(signSdkHmac('POST', request, account, 0)).toMatchObject({ 'x-security-token': 't', authorization: expect.stringContaining('x-security-token') });
    expect(signTc3(request, account, 0, 'kms')).toMatchObject({ 'x-tc-token': 't' });
  });
});

describe('CRC-32C', () => {
  it('has the check value of its catalogue, and that of RFC 3720 B.4', () => {
    expect(crc32c(utf8('123456789'))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  });
});
