// A province, two of its cities and a neighbour: who has a say where, and what was known when (trust-list design §5.5, §5.8).
import { bidOf, signBid } from '@hefu/sandbox';
import { DEFAULT_POLICY, policyBytes } from '@hefu/verify';
import { open, passed } from '../case-book.mjs';
import { AT, DAY, HOUR, SECOND } from '../ground.mjs';

const PROVINCE = 'hefu-sandbox-42';
const [WUHAN, HUANGSHI, EZHOU] = ['420100', '420200', '420700'];
const VARIANTS = { 'attrs-za': 'attrs-za', cms: 'cms', 'za-content': 'za-content', 'empty-oid': 'za-content' };

export function federation(book, world) {
  const { scheme } = world;
  const share = ({ root, rootSha256, freshness, lists }, name) => ({
    rootSha256,
    root: book.share(`scheme/${name}-root.json`, root),
    freshness: book.share(`scheme/${name}-freshness.json`, freshness),
    lists: Object.entries(lists).map(([id, envelope]) => book.share(`scheme/${id}.json`, envelope)),
  });
  const neighbour = share(scheme.neighbour, 'neighbour');
  const whole = { ...share(scheme, 'province'), peers: [neighbour] };
  const without = (id) => ({ ...whole, lists: whole.lists.filter((path) => !path.endsWith(`/${id}.json`)) });

  const told = (id, change = {}) => {
    const company = world.companies.find((each) => each.id === id);
    const content = bidOf(company);
    const crls = [...company.authority.issuers, ...company.authority.above].map(({ crlPath }) => ({
      url: world.baseUrl + crlPath, path: book.share(`crl/${crlPath.replace('/crl/', 'nine-cities-')}`, world.crls.get(crlPath)),
    }));
    return { scheme: whole, content, signature: signBid(world, company, content), crls, ok: (more) => passed(company.identity, VARIANTS[company.authority.design.form], more), ...change };
  };
  const group = (by, { ok: _ok, ...shared }, rows) => book.group('federation', { by: `sandbox scheme, ${by}`, ...shared }, rows);
  const at = (region, more = {}) => ({ region, ...more });

  const yunze = told('lushi');
  group('a city that restricts: suspension', yunze, [
    { zh: '省名单认可，所在市未作限制', en: 'A city that says nothing of the CA', context: at(EZHOU), expect: yunze.ok() },
    { zh: '市名单在本市暂停了该 CA', en: 'A city whose list suspends the CA', context: at(HUANGSHI), expect: open('CA_SUSPENDED') },
    { zh: '市名单的暂停不及于他市', en: 'Another city than the one whose list suspends the CA', context: at(WUHAN), expect: yunze.ok() },
    { zh: '市名单的暂停及于所辖区县', en: 'A county of the city whose list suspends the CA', context: at('420281'), expect: open('REGION_NOT_IN_SCOPE') },
    { zh: '暂停之前的签名', en: 'A proven time before the city suspended the CA', context: at(HUANGSHI), bestSignatureTime: AT - DAY - SECOND, expect: yunze.ok() },
  ]);
  const then = (sequence, decides) => ({
    lists: [{ schemeId: scheme.schemeId, id: PROVINCE, sequence: 3 }, { schemeId: scheme.schemeId, id: 'hefu-sandbox-4202', sequence }], decides,
  });
  group('what was known then and now', { ...yunze, context: at(HUANGSHI) }, [
    { zh: '按开标时的名单：尚不知暂停', en: 'By the lists of bid opening that knew of no suspension', knownAt: then(2, 'then'), expect: yunze.ok({ warnings: ['TRUST_CHANGED_SINCE'] }) },
    { zh: '按现在的名单：已知暂停', en: 'By the lists of now that know of the suspension', knownAt: then(2, 'now'), expect: open('CA_SUSPENDED', { warnings: ['TRUST_CHANGED_SINCE'] }) },
    { zh: '按载有暂停的那一版名单', en: 'By the list that first carried the suspension', knownAt: then(3, 'then'), expect: open('CA_SUSPENDED') },
  ]);
  const chujiang = told('qinghe');
  group('a city that restricts: narrower scope', { ...chujiang, context: at(HUANGSHI) }, [
    { zh: '市名单收窄后的交易类别之内', en: 'A kind of transaction that the city leaves to the CA', context: at(HUANGSHI, { transaction: '政府采购' }), expect: chujiang.ok() },
    { zh: '市名单收窄后的交易类别之外', en: 'A kind of transaction that the city takes away', expect: open('TRANSACTION_NOT_IN_SCOPE') },
  ]);
  group('a city list that is not there', { ...chujiang, scheme: without('hefu-sandbox-4202') }, [
    { zh: '缺少对本地区有管辖权的市名单', en: 'Without the list of the city', context: at(HUANGSHI, { transaction: '政府采购' }), expect: open('LIST_NOT_LOADED') },
    { zh: '缺少的市名单与本地区无关', en: 'Without the list of another city', context: at(EZHOU), expect: chujiang.ok() },
    {
      zh: '策略容许缺少市名单', en: 'Without the list of the city under a policy that allows it', context: at(HUANGSHI), expect: chujiang.ok({ warnings: ['LIST_MISSING_TOLERATED'] }),
      policy: book.share('policy/missing-list-ignored.json', policyBytes({
        ...DEFAULT_POLICY, id: 'test-vectors-missing-list-ignored', scenes: { ...DEFAULT_POLICY.scenes, 'bid-signing': { ...DEFAULT_POLICY.scenes['bid-signing'], missingList: 'ignore' } },
      })),
    },
  ]);
  const yehe = told('yelu');
  group('a city that recognises a CA of its own', yehe, [
    { zh: '市名单自行列入的 CA 在本市', en: 'A CA of the city in the city', context: at(WUHAN), expect: yehe.ok() },
    { zh: '市名单自行列入的 CA 在他市', en: 'A CA of the city in another city', context: at(EZHOU), expect: open('REGION_NOT_IN_SCOPE') },
  ]);
  const xianhe = told('hexi');
  group('a neighbour', { ...xianhe, context: at(WUHAN) }, [
    { zh: '邻省认可的 CA，交易类别经映射对应', en: 'A CA of the neighbour for the kind of transaction that is mapped', expect: xianhe.ok() },
    { zh: '邻省认可的 CA，交易类别没有对应', en: 'A CA of the neighbour for another kind of transaction', context: at(WUHAN, { transaction: '政府采购' }), expect: open('TRANSACTION_NOT_IN_SCOPE') },
    { zh: '互认不包括盖章', en: 'A CA of the neighbour for a purpose not accepted', context: at(WUHAN, { purpose: 'seal' }), expect: open('PEER_NOT_ACCEPTED') },
    { zh: '互认开始之前的签名', en: 'A proven time before the recognition began', bestSignatureTime: AT - 30 * DAY - SECOND, expect: open('PEER_NOT_IN_FORCE') },
    { zh: '恰在互认开始时刻的签名', en: 'A proven time as the recognition began', bestSignatureTime: AT - 30 * DAY, expect: xianhe.ok() },
    { zh: '邻省名单已三日未更新', en: 'A neighbour not heard of for three days', at: AT + 3 * DAY, expect: open('PEER_STALE') },
    { zh: '没有邻省的名单', en: 'Nothing of the neighbour at hand', scheme: { ...whole, peers: [] }, expect: open('ISSUER_NOT_LISTED') },
  ]);
  const end = AT - HOUR + 6 * DAY;
  group('freshness', { ...chujiang, context: at(EZHOU) }, [
    { zh: '时效声明到期时', en: 'At the expiry of the freshness document', at: end, expect: chujiang.ok() },
    { zh: '时效声明到期后在宽限期内', en: 'One second after the expiry of the freshness document', at: end + SECOND, expect: chujiang.ok({ warnings: ['LIST_STALE'] }) },
    { zh: '开标没有宽限期', en: 'One second after the expiry of the freshness document at bid opening', at: end + SECOND, context: at(EZHOU, { scene: 'opening' }), expect: open('LIST_EXPIRED') },
    { zh: '时效声明到期后超出宽限期', en: 'Three days and a second after the expiry of the freshness document', at: end + 3 * DAY + SECOND, context: at(EZHOU, { scene: 'login' }), expect: open('LIST_EXPIRED') },
  ]);
}
