import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Answer of the `openssl` command. */
export interface OpensslRun {
  readonly status: number;
  readonly stderr: string;
}

export function opensslVersion(): string | undefined {
  const run = spawnSync('openssl', ['version'], { encoding: 'utf8' });
  return run.status === 0 ? run.stdout.trim() : undefined;
}

/** A working folder with the `openssl` command in it. */
export class Openssl {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'hefu-openssl-'));

  at(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, bytes: Uint8Array | string): string {
    writeFileSync(this.at(name), bytes);
    return name;
  }

  read(name: string): Uint8Array {
    return new Uint8Array(readFileSync(this.at(name)));
  }

  try(...args: readonly string[]): OpensslRun {
    const run = spawnSync('openssl', args, { cwd: this.folder, encoding: 'utf8' });
    return { status: run.status ?? -1, stderr: run.stderr };
  }

  /** @throws Error with what openssl said */
  run(...args: readonly string[]): void {
    const { status, stderr } = this.try(...args);
    if (status !== 0) throw new Error(`openssl ${args.join(' ')}: ${stderr}`);
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export type OpensslKey = 'rsa' | 'p256' | 'ed25519';

const KEY_OPTIONS: Readonly<Record<OpensslKey, readonly string[]>> = {
  rsa: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  p256: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  ed25519: ['-algorithm', 'ED25519'],
};

/** Who the leaf is; the code begins with HEFU, which no register has issued. */
export const INTEROP_HOLDER = { name: '互通测试有限公司', uscc: '91420100HEFU90017Q' };
export const INTEROP_AT: number = Date.UTC(2026, 5, 1);

/** Names of the files of one CA of three levels: `<level>.key`, `<level>.pem`, and CRLs of root and middle. */
export interface OpensslCa {
  readonly key: OpensslKey;
  file(level: 'root' | 'middle' | 'leaf' | 'other', kind: 'key' | 'pem' | 'der'): string;
  crl(level: 'root' | 'middle'): string;
}

/** Root, intermediate and two signers, with CRLs, all made by `openssl ca`. Valid from 2025 to 2045, CRLs for all of 2026. */
export function makeOpensslCa(openssl: Openssl, key: OpensslKey): OpensslCa {
  const file: OpensslCa['file'] = (level, kind) => `${key}-${level}.${kind}`;
  const crl: OpensslCa['crl'] = (level) => `${key}-${level}.crl.der`;
  const config = openssl.write(`${key}.cnf`, configuration(key));
  const md = key === 'ed25519' ? 'null' : 'sha256';
  const issue = (level: 'root' | 'middle' | 'leaf' | 'other', by: 'root' | 'middle', extensions: string, subject: string): void => {
    openssl.run('genpkey', ...KEY_OPTIONS[key], '-out', file(level, 'key'));
    openssl.run('req', '-new', '-utf8', '-config', config, '-key', file(level, 'key'), '-subj', subject, '-out', `${key}-${level}.csr`);
    openssl.run(
      'ca', '-batch', '-notext', '-utf8', '-config', config, '-name', `${by}_ca`, '-md', md, '-extensions', extensions, '-startdate', '20250101000000Z', '-enddate', '20450101000000Z',
      ...(level === by ? ['-selfsign'] : []), '-in', `${key}-${level}.csr`, '-out', file(level, 'pem'),
    );
    openssl.run('x509', '-in', file(level, 'pem'), '-outform', 'DER', '-out', file(level, 'der'));
  };
  for (const level of ['root', 'middle']) {
    mkdirSync(openssl.at(`${key}-${level}-new`));
    openssl.write(`${key}-${level}.index`, '');
    openssl.write(`${key}-${level}.index.attr`, 'unique_subject = no\n');
    openssl.write(`${key}-${level}.serial`, level === 'root' ? '4A01\n' : '00C0FFEE01\n');
    openssl.write(`${key}-${level}.crlnumber`, '07\n');
  }
  issue('root', 'root', 'v3_root', `/C=CN/O=Hefu Interop/CN=Interop ${key} Root`);
  issue('middle', 'root', 'v3_middle', `/C=CN/O=Hefu Interop/CN=Interop ${key} Middle`);
  issue('leaf', 'middle', 'v3_leaf', `/C=CN/O=${INTEROP_HOLDER.name}/CN=${INTEROP_HOLDER.name}`);
  issue('other', 'middle', 'v3_leaf', `/C=CN/O=${INTEROP_HOLDER.name}/CN=Another`);
  openssl.write(`${key}-chain.pem`, Buffer.concat(['middle', 'root'].map((level) => openssl.read(file(level as 'middle', 'pem')))));
  for (const level of ['root', 'middle'] as const) {
    openssl.run(
      'ca', '-gencrl', '-config', config, '-name', `${level}_ca`, '-md', md, '-crl_lastupdate', '20260101000000Z', '-crl_nextupdate', '20270101000000Z', '-out', `${key}-${level}.crl.pem`,
    );
    openssl.run('crl', '-in', `${key}-${level}.crl.pem`, '-outform', 'DER', '-out', crl(level));
  }
  return { key, file, crl };
}

function configuration(key: OpensslKey): string {
  const ca = (level: string): string => `
[ ${level}_ca ]
database = ${key}-${level}.index
new_certs_dir = ${key}-${level}-new
serial = ${key}-${level}.serial
crlnumber = ${key}-${level}.crlnumber
certificate = ${key}-${level}.pem
private_key = ${key}-${level}.key
default_days = 30
policy = any
crl_extensions = crl_ext
`;
  return `
[ req ]
distinguished_name = dn
string_mask = utf8only
[ dn ]
[ any ]
countryName = optional
organizationName = optional
commonName = supplied
${ca('root')}${ca('middle')}
[ crl_ext ]
authorityKeyIdentifier = keyid
[ v3_root ]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[ v3_middle ]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ v3_leaf ]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature,nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
1.2.156.10260.4.1.4 = ASN1:UTF8String:${INTEROP_HOLDER.uscc}
`;
}
