// The sandbox's own stories: nine cities, fourteen CAs, and what must be refused.
import { failed, listAccepted, listRefused, open, passed } from '../case-book.mjs';
import { AT } from '../ground.mjs';

/** What changed content looks like: without attributes nothing but the signature can tell. */
const changedCode = { 'attrs-za': 'CONTENT_TAMPERED', cms: 'CONTENT_TAMPERED', 'za-content': 'SIGNATURE_INVALID', 'empty-oid': 'SIGNATURE_INVALID' };
const variantOf = { 'attrs-za': 'attrs-za', cms: 'cms', 'za-content': 'za-content', 'empty-oid': 'za-content' };

export function scenarios(book, world) {
  for (const [name, envelope] of Object.entries(world.lists)) book.share(`list/${name}.json`, envelope);
  const shareCrl = (url, bytes) => ({ url, path: book.share(`crl${url.slice(world.baseUrl.length).replace('/crl/', '/nine-cities-')}`, bytes) });

  const companyOf = (scenario) => world.companies.find(({ id }) => id === scenario.signer);
  const variant = (scenario) => variantOf[companyOf(scenario).authority.design.form];
  const row = (scenario, change = {}) => ({
    zh: scenario.title.zh,
    en: scenario.title.en,
    content: scenario.content,
    signature: scenario.signature,
    at: scenario.at,
    lists: scenario.lists.map(({ name, at }) => ({ path: `shared/list/${name}.json`, at })),
    context: scenario.context,
    crls: scenario.evidence.crls.map(({ url, bytes }) => shareCrl(url, bytes)),
    by: `sandbox scenario ${scenario.id}`,
    expect: expectation(scenario, variant),
    ...change,
  });
  const all = new Map(world.scenarios.map((scenario) => [scenario.id, scenario]));
  const take = (filter) => [...all.values()].filter(({ id }) => filter(id));
  const good = take((id) => id.startsWith('good-'));
  for (const scenario of good) book.share(`content/${scenario.signer}.txt`, scenario.content);

  const cities = take((id) => id.startsWith('accepted-'));
  book.group('recognition', {}, [
    ...cities.map((scenario) => row(scenario)),
    row(cities[0], {
      zh: '同一签名，名单未覆盖的城市不认可', en: 'The same signature in a city the list does not cover',
      context: { ...cities[0].context, region: '430100' }, expect: open('REGION_NOT_IN_SCOPE'), by: 'sandbox scenario accepted-420100, asked in another region',
    }),
  ]);

  for (const scenario of good) {
    const company = companyOf(scenario);
    const changed = new TextEncoder().encode(new TextDecoder().decode(scenario.content).replace('1,280,000.00', '1,180,000.00'));
    const title = (zh, en) => ({ zh: `${company.authority.name.zh}：${zh}`, en: `${company.authority.id} ${company.issuer.label} ${en}` });
    book.group('regional-ca', {}, [
      row(scenario, title('所在城市的投标通过', 'a bid in the bidder\'s own city')),
      row(scenario, {
        ...title('标书被改动', 'the bid was changed'),
        content: changed, expect: failed(changedCode[company.authority.design.form]), by: `sandbox scenario ${scenario.id}, price changed`,
      }),
    ]);
  }

  const qinghe = all.get('good-qinghe');
  const verdicts = ['tampered', 'expired', 'revoked', 'frozen', 'ca-suspended', 'wrong-region', 'encryption-certificate', 'same-name-other-key', 'unlisted-ca', 'list-expired'];
  book.group('verdict', {}, [row(qinghe, { zh: '一切正常', en: 'Everything in order' }), ...verdicts.map((id) => row(all.get(id)))]);

  const guting = all.get('good-guyun');
  book.group('verdict', {}, [
    row(guting, { zh: '同一家 CA 在暂停之前', en: 'A bid under the CA before the list suspends it' }),
    row(all.get('ca-suspended'), { zh: '名单更新后，同一家 CA 被暂停', en: 'The same CA once the next list suspends it' }),
  ]);

  book.group('message-form', {}, [
    row(qinghe, { zh: '名单为该 CA 列明的形式', en: 'A form that the entry of the CA names' }),
    ...take((id) => id.startsWith('form-')).map((scenario) => row(scenario, { en: `${scenario.title.en} of a CA whose entry does not name it` })),
  ]);

  const lists = take((id) => id.startsWith('list-')).filter(({ expected }) => expected.stage === 'list');
  book.group('trust-list', {}, [
    row(qinghe, { zh: '由两家机构签名的名单', en: 'A list signed by two organisations', expect: listAccepted(), by: 'sandbox list current' }),
    row(qinghe, {
      zh: '依次收到两版名单', en: 'Two lists one after the other', lists: ['previous', 'current'].map((name) => ({ path: `shared/list/${name}.json`, at: AT })), expect: listAccepted(), by: 'sandbox lists previous, current',
    }),
    ...lists.map((scenario) => row(scenario)),
  ]);
}

function expectation({ expected, ...scenario }, variant) {
  if (expected.stage === 'list') return listRefused(expected.code);
  if (expected.conclusion === 'passed') return passed(expected.identity, variant(scenario));
  return expected.conclusion === 'failed' ? failed(expected.code) : open(expected.code);
}
