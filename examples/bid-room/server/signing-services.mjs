import { BJCA_COSS_MAPPING, createCscMemoryVault, createMemoryJobVault, createQrSessionAdapter, cscAdapter, cscClientLogin } from '@hefu/cloud';
import { COSS_APP } from '@hefu/sandbox';

/**
 * The services that hold bidders' keys, as the platform has contracts with them. Their secrets are used here and reach no page. Each
 * has an adapter of its own for every bidder, so that a listing shows nobody else's certificates.
 */
export function signingServices({ providerUrl, returnUrl, algorithms, clock, contextOf }) {
  const send = (url, init) => fetch(url, init);
  // Yours: what is secret of a signing under way, shared between processes and encrypted. In memory here.
  const jobs = createMemoryJobVault(clock);
  const vault = createCscMemoryVault();

  // Yours: the mapping of your provider, its address, and your key from your secret store.
  const phone = createQrSessionAdapter({
    mapping: BJCA_COSS_MAPPING, fetch: send, baseUrl: `${providerUrl}/qr/coss/service/v1`, algorithms, clock, vault: jobs,
    settings: { appId: COSS_APP.appId }, keys: { app: { kind: 'mac', secret: new TextEncoder().encode(COSS_APP.secret) } },
  });

  // Yours: address and OAuth client, its secret from your secret store. The platform signs in to the service as itself; which user it acts for is `userId`, and that user confirms each signing.
  const client = {
    fetch: send, baseUrl: `${providerUrl}/csc/v2/`, vault,
    oauth: { clientId: 'bid-room', clientSecret: async () => 'sandbox-client-secret', redirectUri: returnUrl },
  };
  let token;
  const service = async ({ stale }) => {
    if (token === undefined || token === stale) token = (await cscClientLogin({ ...client, tokens: { service: async () => undefined } }, contextOf())).accessToken;
    return token;
  };

  return [
    {
      id: 'qr', name: { zh: '手机扫码', en: 'Scan with the phone' }, help: { zh: '证书在手机里：扫描二维码，核对数字后确认。', en: 'Your key is on your phone: scan a code, compare a number, confirm.' },
      adapterFor: () => phone,
    },
    {
      id: 'csc', name: { zh: '云签名', en: 'Cloud signature' }, help: { zh: '证书由签名服务保管：登录授权，或输入口令和短信验证码。', en: 'A signing service holds your key: sign in there, or enter your PIN and the code you are sent.' },
      adapterFor: (owner) => cscAdapter({ ...client, userId: owner, tokens: { service } }),
    },
  ];
}

/** Yours: which of them a CA's certificates can be used with, as your CAs tell you. Here by its id in the sandbox; others have both. */
const OFFERED = { hanmian: ['qr'], jingling: ['csc'] };

export function offeredTo(company, services) {
  const offered = OFFERED[company.authority.id];
  return services.filter(({ id }) => offered === undefined || offered.includes(id));
}
