import { capacityOf, shortOf } from '../role-capacity.js';
import { parseInstant } from '../time.js';
import type { LintRule, LintSubject, PlacedRole } from './model.js';

const DAY = 86_400_000;

const hasKeys = ({ keys }: LintSubject): boolean => keys.length > 0;
/** Roles of people. Freshness is signed by one machine, which a new root replaces. */
const byPeople = ({ roles }: LintSubject): readonly PlacedRole[] => roles.filter(({ name }) => name !== 'freshness');

export const KEY_RULES: readonly LintRule[] = [
  {
    id: 'L080', source: 'trust-list design §5.7', target: 'list', prerequisite: 'the root is given, and the list delegates', level: 'mandatory', applies: ({ root, list }) => root !== undefined && (list?.delegations?.length ?? 0) > 0,
    predicate: { zh: '下级名单的密钥不是上级的密钥', en: 'No key of a delegated list is a key of its parent' },
    check: ({ roles }, found) => {
      const own = new Set(roles.filter(({ path }) => path.startsWith('roles.')).flatMap(({ keys }) => keys.map(({ thumbprint }) => thumbprint)));
      for (const { path, name, keys } of roles) {
        if (!path.startsWith('delegations')) continue;
        for (const { thumbprint } of keys) if (own.has(thumbprint)) found({ path, subject: name, actual: thumbprint }, `下级名单 ${name} 使用了上级的密钥 ${thumbprint}`, `Delegated list ${name} is signed by a key of its parent, ${thumbprint}`);
      }
    },
  },
  {
    id: 'L090', source: 'trust-list design §5.4 R2', target: 'list, root', prerequisite: 'the document names keys', level: 'mandatory', applies: hasKeys,
    predicate: { zh: '每个密钥写明所属机构', en: 'Every key belongs to an organisation' },
    check: ({ keys }, found) => {
      for (const { path, key, held } of keys) if (typeof key.org !== 'string' || key.org.trim() === '') found({ path: `${path}.org`, subject: held?.thumbprint ?? path }, `密钥 ${held?.thumbprint ?? path} 没有写明机构`, `Key ${held?.thumbprint ?? path} belongs to no organisation`);
    },
  },
  {
    id: 'L091', source: 'trust-list design §5.6b, loss of quorum', target: 'list, root', prerequisite: 'the document names keys', level: 'mandatory', applies: hasKeys,
    predicate: { zh: '缺任何一人仍能凑齐签名', en: 'Every role can be met while any one person is absent' },
    check: (subject, found) => {
      for (const { path, name, role, keys } of byPeople(subject)) {
        if (shortOf(role, capacityOf(keys)).length > 0) continue; // L094, L092
        for (const person of new Set(keys.map((key) => key.person))) {
          const [short] = shortOf(role, capacityOf(keys.filter((key) => key.person !== person)));
          if (short === undefined) continue;
          found({ path, subject: name, expected: `${short.wanted} ${short.of}`, actual: `${short.have}` }, `角色 ${name}：${person} 缺席时凑不齐签名（${short.of} ${short.have}/${short.wanted}）`, `Role ${name} cannot be met without ${person} (${short.of} ${short.have} of ${short.wanted})`);
          break;
        }
      }
    },
  },
  {
    id: 'L092', source: 'trust-list design §5.2', target: 'list, root', prerequisite: 'a role asks for families', level: 'mandatory', applies: hasKeys,
    predicate: { zh: '算法族要求能够满足', en: 'What a role asks of families its keys can bring' },
    check: ({ roles }, found) => {
      for (const { path, name, role, keys } of roles) for (const { of, wanted, have } of shortOf(role, capacityOf(keys))) {
        if (of === 'F1' || of === 'F2') found({ path: `${path}.families`, subject: name, expected: `${wanted} ${of}`, actual: `${have}` }, `角色 ${name} 要求 ${wanted} 个 ${of} 签名，密钥中只有 ${have} 个`, `Role ${name} asks for ${wanted} of ${of}; its keys bring ${have}`);
      }
    },
  },
  {
    id: 'L093', source: 'trust-list design §5.4 R2; RFC 7638', target: 'list, root', prerequisite: 'a key declares a kid', level: 'mandatory', applies: hasKeys,
    predicate: { zh: '声明的 kid 等于计算出的指纹', en: 'A declared kid is the computed thumbprint' },
    check: ({ keys }, found) => {
      for (const { path, key, held } of keys) {
        const kid = key.jwk['kid'];
        if (kid !== undefined && kid !== held?.thumbprint) found({ path: `${path}.jwk.kid`, subject: held?.thumbprint ?? path, expected: held?.thumbprint ?? 'a readable key', actual: String(kid) }, `密钥声明的 kid 与指纹 ${held?.thumbprint ?? '（无法计算）'} 不符`, `The declared kid is not the thumbprint ${held?.thumbprint ?? '(which cannot be computed)'}`);
      }
    },
  },
  {
    id: 'L094', source: 'trust-list design §5.4 R1', target: 'list, root', prerequisite: 'the document names keys', level: 'mandatory', applies: hasKeys,
    predicate: { zh: '签名数和机构数能够满足', en: 'Threshold and organisations of every role can be met' },
    check: ({ roles }, found) => {
      for (const { path, name, role, keys } of roles) for (const { of, wanted, have } of shortOf(role, capacityOf(keys))) {
        if (of === 'people' || of === 'orgs') found({ path, subject: name, expected: `${wanted} ${of}`, actual: `${have}` }, `角色 ${name} 要求 ${of} ${wanted}，密钥中只有 ${have}`, `Role ${name} asks for ${wanted} ${of}; its keys bring ${have}`);
      }
    },
  },
  {
    id: 'L095', source: 'trust-list design §5.4 R2', target: 'list, root', prerequisite: 'keys name their owners', level: 'recommended', applies: hasKeys,
    predicate: { zh: '一人在一个角色中只有一个密钥', en: 'A person has one key in a role' },
    check: (subject, found) => {
      for (const { path, name, keys } of byPeople(subject)) {
        const owners = keys.map(({ person }) => person);
        for (const person of new Set(owners.filter((each, index) => owners.indexOf(each) !== index))) found({ path, subject: name, actual: person }, `角色 ${name} 中 ${person} 有多个密钥，签名只计一次`, `In role ${name}, ${person} has several keys; signatures by them count once`);
      }
    },
  },
  {
    id: 'L096', source: 'trust-list design §5.6a', target: 'root', prerequisite: 'the root is given', level: 'mandatory', applies: ({ root }) => root !== undefined,
    predicate: { zh: '在线的新鲜度密钥不签名单和根文件', en: 'The online key of freshness signs neither lists nor roots' },
    check: ({ roles }, found) => {
      const online = new Set(roles.find(({ path }) => path === 'roles.freshness')?.keys.map(({ thumbprint }) => thumbprint));
      for (const { path, name, keys } of roles) if (path !== 'roles.freshness') for (const { thumbprint } of keys) if (online.has(thumbprint)) found({ path, subject: name, actual: thumbprint }, `角色 ${name} 含有在线的新鲜度密钥 ${thumbprint}`, `Role ${name} holds the online freshness key ${thumbprint}`);
    },
  },
  {
    id: 'L097', source: 'trust-list design §5.2', target: 'root', prerequisite: 'the root is given', level: 'recommended', applies: ({ root }) => root !== undefined,
    predicate: { zh: '根文件有效期不超过 400 天，且 90 天内不到期', en: 'The root lives at most 400 days and does not expire within 90' },
    check: ({ root, at }, found) => {
      const [issued, expires] = [parseInstant(root!.issued), parseInstant(root!.expires)];
      if (expires - issued > 400 * DAY) found({ path: 'expires', expected: '≤ 400 d', actual: `${(expires - issued) / DAY} d` }, '根文件有效期超过 400 天', 'The root lives longer than 400 days');
      if (expires < at + 90 * DAY) found({ path: 'expires', actual: root!.expires }, `根文件将于 ${root!.expires} 到期`, `The root expires at ${root!.expires}`);
    },
  },
  {
    id: 'L098', source: 'trust-list design §5.4 R2', target: 'list, root', prerequisite: 'a key is named by a role', level: 'mandatory', applies: hasKeys,
    predicate: { zh: '密钥可读，角色引用的密钥都在文件中', en: 'Keys read, and roles name keys that are there' },
    check: ({ root, keys }, found) => {
      const held = new Set(keys.flatMap((key) => key.held?.thumbprint ?? []));
      for (const { path, held: key } of keys) if (key === undefined) found({ path: `${path}.jwk`, subject: path }, `密钥 ${path} 不能用于签名`, `Key ${path} signs no lists`);
      for (const [name, role] of Object.entries(root?.roles ?? {})) for (const print of role.keys) if (!held.has(print)) found({ path: `roles.${name}.keys`, subject: name, actual: print }, `角色 ${name} 引用了不存在的密钥 ${print}`, `Role ${name} names the key ${print}, which is not there`);
    },
  },
];
