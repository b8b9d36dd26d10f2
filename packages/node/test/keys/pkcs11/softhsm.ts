import { spawnSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodePem, oid } from '@hefu/pki';
import { loadCryptoki } from '../../../src/index.js';

const MODULES = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib64/pkcs11/libsofthsm2.so', '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so', '/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so', '/opt/homebrew/lib/softhsm/libsofthsm2.so'];
export const SOFTHSM_PIN = '73051946820517';
export const TOKEN = 'HEFU';

export interface Pair { readonly pkcs8: Uint8Array; readonly certificate: Uint8Array }

/** What of pkcs11js makes fixtures. */
interface Binding {
  PKCS11: new () => {
    load(module: string): void;
    C_GetSlotList(present: boolean): Buffer[];
    C_GetTokenInfo(slot: Buffer): { readonly label: string };
    C_OpenSession(slot: Buffer, flags: number): Buffer;
    C_CloseSession(session: Buffer): void;
    C_Login(session: Buffer, user: number, pin: string): void;
    C_Logout(session: Buffer): void;
    C_CreateObject(session: Buffer, template: readonly object[]): Buffer;
  };
}

/** The module, and why there is none. */
export function locateSoftHsm(): { readonly module: string } | { readonly missing: string } {
  const module = MODULES.find((path) => existsSync(path));
  if (module === undefined) return { missing: 'SoftHSM2 is not installed (apt-get install softhsm2)' };
  try {
    createRequire(new URL('../../../src/index.ts', import.meta.url))('pkcs11js');
  } catch {
    return { missing: 'pkcs11js is not built here (interop/install.sh)' };
  }
  return { module };
}

/** A folder with one token, told to the module by SOFTHSM2_CONF before it is loaded. */
export class SoftHsm {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'hefu-softhsm-'));
  readonly module: string;

  constructor(module: string) {
    this.module = module;
    mkdirSync(join(this.folder, 'tokens'));
    const conf = join(this.folder, 'softhsm2.conf');
    writeFileSync(conf, `directories.tokendir = ${join(this.folder, 'tokens')}\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n`);
    process.env['SOFTHSM2_CONF'] = conf;
    const run = spawnSync('softhsm2-util', ['--init-token', '--free', '--label', TOKEN, '--so-pin', '87654321', '--pin', SOFTHSM_PIN], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`softhsm2-util: ${run.stderr}`);
  }

  /**
   * Puts keys and certificates of these pairs onto the token, identifiers counting from 1; of `always` (P-256) only keys, which
   * always authenticate. Before the module is used: it does not see what another process adds.
   */
  import(pairs: readonly Pair[], always: readonly Pair[] = []): void {
    for (const [index, { pkcs8 }] of pairs.entries()) {
      const file = join(this.folder, 'key.pem');
      writeFileSync(file, encodePem('PRIVATE KEY', pkcs8));
      const run = spawnSync('softhsm2-util', ['--import', file, '--token', TOKEN, '--label', `key ${index + 1}`, '--id', `0${index + 1}`, '--pin', SOFTHSM_PIN], { encoding: 'utf8' });
      if (run.status !== 0) throw new Error(`softhsm2-util: ${run.stderr}`);
    }
    loadCryptoki(this.module);
    const pkcs11 = new (createRequire(new URL('../../../src/index.ts', import.meta.url))('pkcs11js') as Binding).PKCS11();
    pkcs11.load(this.module);
    const slot = pkcs11.C_GetSlotList(true).find((each) => pkcs11.C_GetTokenInfo(each).label.trim() === TOKEN)!;
    const session = pkcs11.C_OpenSession(slot, 6);
    pkcs11.C_Login(session, 1, SOFTHSM_PIN);
    for (const [index, { pkcs8, certificate }] of [...pairs, ...always].entries()) {
      const id = Buffer.of(index + 1);
      if (index >= pairs.length) {
        const { d } = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' }).export({ format: 'jwk' });
        pkcs11.C_CreateObject(session, [
          { type: 0x00, value: 3 }, { type: 0x100, value: 3 }, { type: 0x01, value: true }, { type: 0x02, value: true }, { type: 0x103, value: true }, { type: 0x108, value: true },
          { type: 0x102, value: id }, { type: 0x180, value: Buffer.from(oid('1.2.840.10045.3.1.7')) }, { type: 0x11, value: Buffer.from(d!, 'base64url') }, { type: 0x202, value: true },
        ]);
        continue;
      }
      pkcs11.C_CreateObject(session, [
        { type: 0x00, value: 1 }, { type: 0x80, value: 0 }, { type: 0x01, value: true }, { type: 0x02, value: false },
        { type: 0x101, value: Buffer.of(0x30, 0x00) }, { type: 0x102, value: id }, { type: 0x03, value: `certificate ${index + 1}` }, { type: 0x11, value: Buffer.from(certificate) },
      ]);
    }
    pkcs11.C_Logout(session);
    pkcs11.C_CloseSession(session);
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
