import { createVerifier, type Verifier } from '@hefu/node';
import { renderReport, type JudgeContext, type Report } from '@hefu/verify';
import type { Command } from 'commander';
import { CliError } from '../error.js';
import { exitCodeOf } from '../exit-code.js';
import { input, instant } from '../input.js';
import { languageOf } from '../language.js';
import type { OutputOptions, Terminal } from '../terminal.js';

interface VerifyOptions extends OutputOptions {
  readonly list: string;
  readonly signers?: string;
  readonly region: string;
  readonly transaction?: string;
  readonly purpose?: string;
  readonly scene?: string;
  readonly role?: string;
  readonly at?: string;
  readonly received?: string;
  readonly policy?: string;
  readonly cache?: string;
  readonly crl?: readonly string[];
  readonly certificate?: readonly string[];
  readonly offline?: boolean;
  readonly full?: boolean;
}

/** `hefu verify`: a bid and its signature in, a verdict out. */
export function verifyCommand(program: Command, terminal: Terminal, done: (code: number) => void): void {
  program
    .command('verify')
    .description('verify a signed file against a trust list / 依据信任名单验证签名文件')
    .argument('<file>', 'the signed document; - for an attached signature')
    .argument('<signature>', 'CMS, PKCS #7 or GM/T 0010 signature: DER, PEM or base64')
    .requiredOption('--list <file|url>', 'the trust list')
    .option('--signers <file>', 'who may sign the trust list (role file); or HEFU_LIST_SIGNERS')
    .requiredOption('--region <code>', 'GB/T 2260 code of the platform, six digits')
    .option('--transaction <kind>', 'kind of transaction, as the list spells it')
    .option('--purpose <purpose>', 'auth, sign, seal or encrypt')
    .option('--scene <scene>', 'login, bid-signing, opening or archive', 'bid-signing')
    .option('--role <role>', 'role of the signer, as the list spells it')
    .option('--at <instant>', 'validation time (default: now)')
    .option('--received <instant>', 'when the platform can prove it received the signature')
    .option('--policy <file>', 'policy document (default: built in)')
    .option('--cache <folder>', 'keeps the list and CRLs between runs')
    .option('--crl <file...>', 'CRLs to use as evidence')
    .option('--certificate <file...>', 'issuer certificates to try, untrusted')
    .option('--offline', 'fetch nothing')
    .option('--full', 'show every check')
    .option('--json', 'the report as one JSON document')
    .option('--lang <lang>', 'zh or en')
    .action(async (file: string, signature: string, options: VerifyOptions) => {
      const lang = languageOf(options.lang, terminal.env);
      const report = await verify(file, signature, options, terminal);
      if (options.json === true) terminal.out(JSON.stringify(report, undefined, 2));
      else terminal.out(renderReport(report, { lang, width: terminal.width, colour: terminal.colour, detail: options.full === true ? 'full' : 'short' }));
      done(exitCodeOf(report.conclusion));
    });
}

async function verify(file: string, signature: string, options: VerifyOptions, terminal: Terminal): Promise<Report> {
  const verifier = await openVerifier(options, terminal);
  try {
    return await input('verify', () =>
      verifier.verify({
        signature: { path: signature },
        ...(file === '-' ? {} : { content: { path: file } }),
        region: options.region,
        ...(options.transaction === undefined ? {} : { transaction: options.transaction }),
        ...(options.purpose === undefined ? {} : { purpose: options.purpose as NonNullable<JudgeContext['purpose']> }),
        ...(options.scene === undefined ? {} : { scene: options.scene as JudgeContext['scene'] }),
        ...(options.role === undefined ? {} : { role: options.role }),
        ...(options.at === undefined ? {} : { at: instant(options.at) }),
        ...(options.received === undefined ? {} : { bestSignatureTime: instant(options.received) }),
        ...(options.crl === undefined ? {} : { crls: options.crl.map((path) => ({ path })) }),
        ...(options.certificate === undefined ? {} : { certificates: options.certificate.map((path) => ({ path })) }),
      }),
    );
  } finally {
    verifier.close();
  }
}

export interface VerifierOptions {
  readonly list: string;
  readonly signers?: string;
  readonly policy?: string;
  readonly cache?: string;
  readonly at?: string;
  readonly offline?: boolean;
}

/** A verifier for one command. The list's signers must come from elsewhere than the list: whoever could swap one could swap both. */
export function openVerifier(options: VerifierOptions, terminal: Terminal): Promise<Verifier> {
  const role = options.signers ?? terminal.env['HEFU_LIST_SIGNERS'];
  if (role === undefined) throw new CliError('USAGE', 'who may sign the trust list? give --signers <role.json>, or set HEFU_LIST_SIGNERS');
  const at = options.at === undefined ? undefined : instant(options.at);
  return input('trust list', () =>
    createVerifier({
      trustList: /^https?:/.test(options.list) ? { url: options.list } : { path: options.list },
      role,
      ...(options.policy === undefined ? {} : { policy: options.policy }),
      ...(options.cache === undefined ? {} : { cacheDir: options.cache }),
      ...(at === undefined ? {} : { clock: { now: () => at } }),
      online: options.offline !== true,
    }),
  );
}
