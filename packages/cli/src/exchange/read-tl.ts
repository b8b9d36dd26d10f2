import {
  instantOfDateTime, type ExchangeLimits, type ForeignEntity, type ForeignExtension, type ForeignHistoryInstance, type ForeignIdentity, type ForeignList, type ForeignPointer,
  type ForeignService, type ForeignServiceInformation, type ForeignText,
} from '@hefu/trust-list';
import { XmlRefusal } from './parse-xml.js';
import { childNamed, childrenNamed, descendants, DS, elementsOf, textOf, TSL, TSL_ADDITIONAL } from './xml-tree.js';

/**
 * Reads a trusted list (ETSI TS 119 612: version 5 of v2.1.1 to v2.2.1, version 6 of v2.3.1 and v2.4.1). Elements of no use here
 * are passed over; nothing is verified.
 * @throws XmlRefusal IMPORT_MALFORMED | IMPORT_TOO_LARGE
 */
export function readTl(document: Document, limits: ExchangeLimits): ForeignList {
  const root = document.documentElement;
  if (root.localName !== 'TrustServiceStatusList' || root.namespaceURI !== TSL) throw malformed(`root element ${root.localName}`);
  const info = required(root, 'SchemeInformation');
  const version = integer(info, 'TSLVersionIdentifier');
  if (version !== 5 && version !== 6) throw malformed(`TSLVersionIdentifier ${version}; 5 and 6 are known`);
  const next = childNamed(childNamed(info, TSL, 'NextUpdate'), TSL, 'dateTime');
  const entities = childrenNamed(childNamed(root, TSL, 'TrustServiceProviderList'), TSL, 'TrustServiceProvider').map(readProvider);
  const services = entities.reduce((sum, entity) => sum + entity.services.length, 0);
  if (services > limits.maxServices) throw new XmlRefusal('IMPORT_TOO_LARGE', `${services} services, at most ${limits.maxServices}`);
  const type = textOf(childNamed(info, TSL, 'TSLType'));
  const territory = textOf(childNamed(info, TSL, 'SchemeTerritory'));
  return {
    format: 'tl',
    version,
    sequence: integer(info, 'TSLSequenceNumber'),
    ...(type === undefined ? {} : { type }),
    operatorNames: names(info, 'SchemeOperatorName'),
    schemeNames: names(info, 'SchemeName'),
    ...(territory === undefined ? {} : { territory }),
    issued: instant(required(info, 'ListIssueDateTime')),
    ...(next === undefined ? {} : { nextUpdate: instant(next) }),
    ...(childNamed(info, TSL, 'HistoricalInformationPeriod') === undefined ? {} : { historicalInformationPeriod: integer(info, 'HistoricalInformationPeriod') }),
    pointers: childrenNamed(childNamed(info, TSL, 'PointersToOtherTSL'), TSL, 'OtherTSLPointer').map(readPointer),
    extensions: extensions(info, 'SchemeExtensions'),
    entities,
  };
}

function readProvider(provider: Element): ForeignEntity {
  const info = required(provider, 'TSPInformation');
  return {
    names: names(info, 'TSPName'),
    tradeNames: names(info, 'TSPTradeName'),
    services: childrenNamed(childNamed(provider, TSL, 'TSPServices'), TSL, 'TSPService').map(readService),
  };
}

function readService(service: Element): ForeignService {
  return {
    current: readInformation(required(service, 'ServiceInformation')),
    history: childrenNamed(childNamed(service, TSL, 'ServiceHistory'), TSL, 'ServiceHistoryInstance').map(readInstance),
  };
}

function readInformation(info: Element): ForeignServiceInformation {
  return {
    type: text(info, 'ServiceTypeIdentifier'),
    names: names(info, 'ServiceName'),
    identity: identity(childNamed(info, TSL, 'ServiceDigitalIdentity')),
    status: text(info, 'ServiceStatus'),
    since: instant(required(info, 'StatusStartingTime')),
    supplyPoints: childrenNamed(childNamed(info, TSL, 'ServiceSupplyPoints'), TSL, 'ServiceSupplyPoint').flatMap((point) => {
      const url = textOf(point);
      return url === undefined ? [] : [{ url, ...(point.hasAttribute('type') ? { type: point.getAttribute('type')! } : {}) }];
    }),
    extensions: extensions(info, 'ServiceInformationExtensions'),
  };
}

function readInstance(instance: Element): ForeignHistoryInstance {
  return {
    type: text(instance, 'ServiceTypeIdentifier'),
    identity: identity(childNamed(instance, TSL, 'ServiceDigitalIdentity')),
    status: text(instance, 'ServiceStatus'),
    since: instant(required(instance, 'StatusStartingTime')),
    extensions: extensions(instance, 'ServiceInformationExtensions'),
  };
}

function identity(parent: Element | undefined): ForeignIdentity {
  const ids = childrenNamed(parent, TSL, 'DigitalId');
  return {
    certificates: ids.flatMap((id) => childrenNamed(id, TSL, 'X509Certificate')).map((element) => base64(textOf(element))),
    keyIdentifiers: ids.flatMap((id) => childrenNamed(id, TSL, 'X509SKI')).flatMap((element) => base64(textOf(element)) ?? []),
  };
}

function readPointer(pointer: Element): ForeignPointer {
  const facts = childrenNamed(childNamed(pointer, TSL, 'AdditionalInformation'), TSL, 'OtherInformation').flatMap(elementsOf);
  const fact = (name: string): string | undefined => textOf(facts.find(({ localName }) => localName === name));
  const operator = facts.find(({ localName }) => localName === 'SchemeOperatorName');
  const [type, territory, mimeType] = [fact('TSLType'), fact('SchemeTerritory'), fact('MimeType')];
  return {
    location: text(pointer, 'TSLLocation'),
    certificates: childrenNamed(childNamed(pointer, TSL, 'ServiceDigitalIdentities'), TSL, 'ServiceDigitalIdentity').flatMap((each) => identity(each).certificates.flatMap((der) => der ?? [])),
    operatorNames: operator === undefined ? [] : localisedNames(operator),
    ...(type === undefined ? {} : { type }),
    ...(territory === undefined ? {} : { territory }),
    ...(mimeType === undefined ? {} : { mimeType }),
  };
}

/** The URIs an extension states are all that is told of it: qualifiers (Annex, 5.5.9.2), additional information (5.5.9.4). */
function extensions(parent: Element, name: string): readonly ForeignExtension[] {
  return childrenNamed(childNamed(parent, TSL, name), TSL, 'Extension').map((extension) => {
    const critical = /^(true|1)$/.test((extension.getAttribute('Critical') ?? '').trim());
    const [content] = elementsOf(extension);
    if (content === undefined) return { name: 'empty', critical, uris: [] };
    const uris: string[] = [];
    for (const element of descendants(content)) {
      if (element.localName === 'Qualifier' && element.hasAttribute('uri')) uris.push(element.getAttribute('uri')!);
      else if (element.localName === 'URI' && element.namespaceURI !== DS) uris.push(textOf(element) ?? '');
    }
    // A name we know in a namespace we do not is not the extension we know.
    const known = content.namespaceURI === TSL || content.namespaceURI === TSL_ADDITIONAL || content.namespaceURI?.startsWith('http://uri.etsi.org/TrstSvc/SvcInfoExt/') === true;
    return { name: known ? content.localName : `{${content.namespaceURI ?? ''}}${content.localName}`, critical, uris: uris.slice(0, 100) };
  });
}

function names(parent: Element, name: string): readonly ForeignText[] {
  const element = childNamed(parent, TSL, name);
  return element === undefined ? [] : localisedNames(element);
}

function localisedNames(element: Element): readonly ForeignText[] {
  return childrenNamed(element, TSL, 'Name').flatMap((each) => {
    const value = textOf(each)?.replace(/\s+/g, ' ');
    return value === undefined ? [] : [{ lang: each.getAttribute('xml:lang') ?? each.getAttributeNS('http://www.w3.org/XML/1998/namespace', 'lang') ?? '', value }];
  });
}

function required(parent: Element, name: string): Element {
  const [first, second] = childrenNamed(parent, TSL, name);
  if (first === undefined || second !== undefined) throw malformed(`${parent.localName} has ${first === undefined ? 'no' : 'more than one'} ${name}`);
  return first;
}

function text(parent: Element, name: string): string {
  const value = textOf(required(parent, name));
  if (value === undefined || value.length > 4000) throw malformed(`${parent.localName}/${name} is empty or too long`);
  return value;
}

function integer(parent: Element, name: string): number {
  const value = text(parent, name);
  if (!/^\+?\d{1,15}$/.test(value)) throw malformed(`${name} is not a whole number`);
  return Number(value);
}

function instant(element: Element): number {
  const at = instantOfDateTime(textOf(element) ?? '');
  if (at === undefined) throw malformed(`${element.localName} is not a dateTime with its zone`);
  return at;
}

function base64(value: string | undefined): Uint8Array | undefined {
  const compact = (value ?? '').replace(/\s+/g, '');
  return compact !== '' && /^[A-Za-z0-9+/]+={0,2}$/.test(compact) ? new Uint8Array(Buffer.from(compact, 'base64')) : undefined;
}

function malformed(message: string): XmlRefusal {
  return new XmlRefusal('IMPORT_MALFORMED', message.slice(0, 200));
}
