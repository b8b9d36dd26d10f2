import { nodeAlgorithms, openEvidenceBundle, readRoleFile, type EvidenceBundle } from '@hefu/node';
import type { Trust } from '@hefu/trust-list';
import { openKeptTrust, type TrustPin } from '@hefu/verify';
import type { CommandContext } from '../../command-context.js';
import { about } from '../../complaint.js';
import { usageError } from '../../error.js';

export interface PinOptions {
  readonly signers?: string;
  readonly pin?: string;
}

/** Runs a command over a bundle and closes it. */
export async function withBundle<T>(path: string, run: (bundle: EvidenceBundle) => Promise<T>): Promise<T> {
  const bundle = await about(path, () => openEvidenceBundle(path, { algorithms: nodeAlgorithms() }));
  try {
    return await about(path, () => run(bundle));
  } finally {
    await bundle.close();
  }
}

/** Whom to trust for the lists in a bundle. It is asked for by itself: a bundle that says so itself says nothing. @throws CliError USAGE */
export async function pinOf({ signers, pin }: PinOptions, { terminal }: CommandContext): Promise<TrustPin> {
  if (pin !== undefined) {
    const sha256 = pin.replace(/[\s:]/g, '').toLowerCase();
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw usageError('--pin 应为 64 位十六进制的 SHA-256', '--pin takes a SHA-256 in 64 hex digits');
    return { sha256 };
  }
  const role = signers ?? (terminal.env['HEFU_LIST_SIGNERS'] || undefined);
  if (role === undefined) {
    throw usageError(
      '当时的名单应由谁签署？请给出 --signers <file> 或 --pin <sha256>',
      'who signed the lists of that time? give --signers <file> or --pin <sha256>',
      { zh: '证据包里也有角色文件，但它自己不能为自己作证。', en: 'The bundle holds a role too, but it cannot vouch for itself.' },
    );
  }
  return { role: await readRoleFile(role) };
}

/** The list that the first verdict was judged by, verified by the pin, and where. */
export async function keptTrust(bundle: EvidenceBundle, pin: TrustPin): Promise<{ readonly trust: Trust; readonly region: string }> {
  const manifest = await bundle.manifest(bundle.index.manifests[0]!.id);
  return { trust: await openKeptTrust({ manifest, objects: bundle.object, pin, algorithms: nodeAlgorithms() }), region: manifest.circumstances.region };
}
