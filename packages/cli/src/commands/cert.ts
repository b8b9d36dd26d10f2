import { nodeAlgorithms, readBoundedFile } from '@hefu/node';
import { readCertificates } from '@hefu/pki';
import { explainCertificate, renderCertificate } from '@hefu/verify';
import type { Command } from 'commander';
import { ExitCode } from '../exit-code.js';
import { input, instant } from '../input.js';
import { languageOf } from '../language.js';
import type { OutputOptions, Terminal } from '../terminal.js';
import { openVerifier } from './verify.js';

interface CertOptions extends OutputOptions {
  readonly list?: string;
  readonly signers?: string;
  readonly at?: string;
  readonly reveal?: boolean;
  readonly offline?: boolean;
}

/** A certificate and a few issuers in PEM. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** `hefu cert`: what a certificate says, where it leaves the standard, whose it is, who answers for it. */
export function certCommand(program: Command, terminal: Terminal, done: (code: number) => void): void {
  program
    .command('cert')
    .description('explain a certificate / 解读一张证书')
    .argument('<file>', 'certificate: DER, PEM or base64; further ones in the file are tried as issuers')
    .option('--list <file|url>', 'trust list to look for its CA in')
    .option('--signers <file>', 'who may sign the trust list (role file); or HEFU_LIST_SIGNERS')
    .option('--at <instant>', 'time to judge its validity at (default: now)')
    .option('--reveal', 'show personal numbers and names in full')
    .option('--offline', 'fetch nothing')
    .option('--json', 'one JSON document')
    .option('--lang <lang>', 'zh or en')
    .action(async (file: string, options: CertOptions) => {
      const at = options.at === undefined ? Date.now() : instant(options.at);
      const verifier = options.list === undefined ? undefined : await openVerifier({ ...options, list: options.list }, terminal);
      const explanation = await input(file, async () => {
        const [certificate, ...candidateCertificates] = readCertificates(await readBoundedFile(file, MAX_FILE_BYTES));
        return explainCertificate({
          certificate: certificate!,
          candidateCertificates,
          algorithms: nodeAlgorithms(),
          at,
          reveal: options.reveal === true,
          ...(verifier === undefined ? {} : { trustList: verifier.trustList }),
        });
      });
      verifier?.close();
      if (options.json === true) terminal.out(JSON.stringify(explanation, undefined, 2));
      else terminal.out(renderCertificate(explanation, { lang: languageOf(options.lang, terminal.env), width: terminal.width, colour: terminal.colour }));
      done(ExitCode.passed);
    });
}
