import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, expect, test } from 'vitest';
import { exportLote, type ListDocument, type ServiceDocument } from '../../src/index.js';
import { encodeBase64 } from '../../src/base64.js';
import { caCertificate, listOf } from '../helpers/world.js';

/**
 * The shape of the JSON binding of TS 119 602 v1.1.1, written anew here from the standard's tables: which members there
 * are, which must be, and of what kind. No member but these is let through.
 */
const object = (required: readonly string[], properties: object): object => ({ type: 'object', additionalProperties: false, required, properties });
const array = (items: object): object => ({ type: 'array', minItems: 1, items });
const uri = { type: 'string', pattern: '^[a-z][a-z0-9+.-]*:\\S+$' };
const lang = { type: 'string', pattern: '^[a-z]{2,3}(?:-[A-Za-z0-9]+)*$' };
const texts = array(object(['lang', 'value'], { lang, value: { type: 'string', minLength: 1 } }));
const uris = array(object(['lang', 'uriValue'], { lang, uriValue: uri }));
const instant = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?Z$' };
const address = object(['TEPostalAddress', 'TEElectronicAddress'], {
  TEPostalAddress: array(object(['lang', 'StreetAddress', 'Country'], { lang, StreetAddress: { type: 'string', minLength: 1 }, Locality: { type: 'string' }, StateOrProvince: { type: 'string' }, PostalCode: { type: 'string' }, Country: { type: 'string', pattern: '^[A-Z]{2}$' } })),
  TEElectronicAddress: uris,
});
const identity = object([], {
  X509Certificates: array(object(['val'], { encoding: uri, specRef: { type: 'string' }, val: { type: 'string', pattern: '^[A-Za-z0-9+/]+={0,2}$' } })),
  X509SubjectNames: array({ type: 'string' }), PublicKeyValues: array({ type: 'object' }), X509SKIs: array({ type: 'string' }), OtherIds: { type: 'array' },
});
const service = {
  ServiceName: texts, ServiceDigitalIdentity: identity, ServiceTypeIdentifier: uri, ServiceStatus: uri, StatusStartingTime: instant, SchemeServiceDefinitionURI: uris,
  ServiceSupplyPoints: array(object(['uriValue'], { ServiceType: uri, uriValue: uri })), ServiceDefinitionURI: uris, ServiceInformationExtensions: { type: 'array', minItems: 1 },
};
const schema = object(['LoTE'], {
  LoTE: object(['ListAndSchemeInformation'], {
    ListAndSchemeInformation: object(['LoTEVersionIdentifier', 'LoTESequenceNumber', 'SchemeOperatorName', 'ListIssueDateTime', 'NextUpdate'], {
      LoTEVersionIdentifier: { const: 1 }, LoTESequenceNumber: { type: 'integer', minimum: 1 }, LoTEType: uri, SchemeOperatorName: texts, SchemeOperatorAddress: { type: 'object' }, SchemeName: texts,
      SchemeInformationURI: uris, StatusDeterminationApproach: uri, SchemeTypeCommunityRules: uris, SchemeTerritory: { type: 'string', pattern: '^[A-Z]{2}$' }, PolicyOrLegalNotice: { type: 'array' },
      HistoricalInformationPeriod: { type: 'integer' }, PointersToOtherLoTE: { type: 'array' }, ListIssueDateTime: instant, NextUpdate: instant, DistributionPoints: array(uri), SchemeExtensions: { type: 'array', minItems: 1 },
    }),
    TrustedEntitiesList: array(object(['TrustedEntityInformation', 'TrustedEntityServices'], {
      TrustedEntityInformation: object(['TEName', 'TEAddress', 'TEInformationURI'], { TEName: texts, TETradeName: texts, TEAddress: address, TEInformationURI: uris, TEInformationExtensions: { type: 'array' } }),
      TrustedEntityServices: array(object(['ServiceInformation'], {
        ServiceInformation: object(['ServiceName', 'ServiceDigitalIdentity'], service),
        ServiceHistory: array(object(['ServiceName', 'ServiceDigitalIdentity', 'ServiceStatus', 'StatusStartingTime'], {
          ServiceName: texts, ServiceDigitalIdentity: identity, ServiceStatus: uri, StatusStartingTime: instant, ServiceTypeIdentifier: uri, ServiceInformationExtensions: { type: 'array' },
        })),
      })),
    })),
  }),
});
const validate = new Ajv2020({ strict: false, allErrors: true }).compile(schema);
const faults = (document: unknown): readonly string[] => (validate(document) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`));

let draft: ListDocument;
beforeAll(async () => {
  const x5c = [encodeBase64(await caCertificate('One'))] as const;
  const full: ServiceDocument = {
    id: 'urn:x:full', kind: 'ca', name: { zh: '测试机构', en: 'Test CA' }, operator: { uscc: '91330000123456789A', name: { zh: '运营' } }, anchors: [{ x5c, mode: 'root' }],
    status: [{ status: 'suspended', since: '2026-04-20T00:00Z', recorded: 1, effect: { gap: 'heal' } }, { status: 'granted', since: '2021-03-01T00:00Z', recorded: 1 }],
    revocation: { mode: 'both', crl: [{ url: 'http://ca.example/a.crl' }], ocsp: [{ url: 'http://ca.example/ocsp' }] }, scope: [{ regions: ['42*'] }],
  };
  draft = listOf([full, ...(['tsa', 'ocsp', 'crl-issuer', 'seal-maker'] as const).map((kind): ServiceDocument => ({ id: `urn:x:${kind}`, kind, name: { zh: kind }, anchors: [{ x5c, mode: 'root' }], status: [{ status: 'granted', since: '2021-03-01T00:00Z', recorded: 1 }] }))]);
});

test('what is exported has the shape of the binding, with our extensions and without', () => {
  for (const options of [{}, { extensions: false, lossy: true }]) {
    const outcome = exportLote(draft, options);
    if (outcome.outcome === 'refused') throw new Error(outcome.code);
    const written = JSON.parse(new TextDecoder().decode(outcome.bytes)) as { LoTE: { ListAndSchemeInformation: Record<string, unknown>; TrustedEntitiesList: { TrustedEntityServices: { ServiceInformation: Record<string, unknown> }[] }[] } };
    expect(faults(written)).toEqual([]);
    // The schema above can fail.
    const { ListAndSchemeInformation: list, TrustedEntitiesList: entities } = written.LoTE;
    for (const member of ['LoTEVersionIdentifier', 'LoTESequenceNumber', 'SchemeOperatorName', 'ListIssueDateTime', 'NextUpdate']) {
      const { [member]: _, ...rest } = list;
      expect(faults({ LoTE: { ...written.LoTE, ListAndSchemeInformation: rest } })).toHaveLength(1);
    }
    expect(faults({ LoTE: { ...written.LoTE, ListAndSchemeInformation: { ...list, SchemeTerritory: '420000' } } })).toHaveLength(1);
    expect(faults({ LoTE: { ...written.LoTE, TrustedEntitiesList: [{ ...entities[0], mystery: 1 }] } })).toHaveLength(1);
    expect(faults({ LoTE: { ...written.LoTE, TrustedEntitiesList: [] } })).toHaveLength(1);
  }
});
