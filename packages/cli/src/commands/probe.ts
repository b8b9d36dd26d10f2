import { nodeAlgorithms, nodeFetcher, readBoundedFile } from '@hefu/node';
import { readCertificates } from '@hefu/pki';
import { assessProbe, probe, targetsOfCertificate, type ProbeAssessment, type ProbeFacts, type ProbeTarget } from '@hefu/updater';
import { visible } from '@hefu/verify';
import type { Command } from 'commander';
import { collect } from '../arguments.js';
import type { CommandContext } from '../command-context.js';
import { about } from '../complaint.js';
import { usageError } from '../error.js';
import { ExitCode } from '../exit-code.js';
import { examples, jsonOption, langOption } from '../help.js';
import { say } from '../language.js';
import { targetsOfTrust } from '../observe-trust.js';
import { openVerifier } from '../open-verifier.js';
import { renderProbes } from '../render-probes.js';
import { chosenTrust, trustOptions, type TrustOptions } from '../trust-options.js';

interface ProbeCommandOptions extends TrustOptions {
  readonly cache?: string;
  readonly certificate?: readonly string[];
  readonly crl?: readonly string[];
  readonly ocsp?: readonly string[];
  readonly tsa?: readonly string[];
  readonly issuer?: readonly string[];
}

const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** `hefu probe`: how every CRL, OCSP and time-stamping address is doing. */
export function probeCommand(program: Command, context: CommandContext): void {
  const { terminal, lang, json, done } = context;
  const t = (zh: string, en: string): string => say(lang, zh, en);
  const command = program
    .command('probe')
    .description(t('探测 CRL、OCSP 和时间戳地址：可达、快慢、大小、是否由 CA 签名、何时到期', 'try CRL, OCSP and time-stamping addresses: reachable, how fast, how large, whose signature, until when'));
  trustOptions(command, context)
    .option('--cache <folder>', t('保存名单，供下次使用', 'keeps the list between runs'))
    .option('--certificate <file>', t('探测这张证书中的地址；其余证书视为上级；可多次给出', 'try the addresses in this certificate; further ones in the file are issuers; may be repeated'), collect)
    .option('--crl <url>', t('吊销列表地址；可多次给出', 'address of a CRL; may be repeated'), collect)
    .option('--ocsp <url>', t('OCSP 地址；可多次给出', 'address of an OCSP responder; may be repeated'), collect)
    .option('--tsa <url>', t('时间戳服务地址；可多次给出', 'address of a time-stamping authority; may be repeated'), collect)
    .option('--issuer <file>', t('--crl、--ocsp 所属 CA 的证书；可多次给出', 'certificate of the CA behind --crl and --ocsp; may be repeated'), collect)
    .addOption(jsonOption(lang))
    .addOption(langOption(lang))
    .addHelpText('after', examples(lang, [`${terminal.self} probe --list list.json --signers role.json`, `${terminal.self} probe --crl http://ca.example/a.crl --issuer ca.pem`]))
    .action(async (options: ProbeCommandOptions) => {
      const targets = await allTargets(options, context);
      if (targets.length === 0) throw usageError('没有要探测的地址：请给出 --list、--scheme、--certificate、--crl、--ocsp 或 --tsa', 'there is no address to try: give --list, --scheme, --certificate, --crl, --ocsp or --tsa');
      const facts = await probe(targets, {
        fetcher: nodeFetcher(),
        clock: { now: () => Date.now() },
        algorithms: nodeAlgorithms(),
        onFacts: ({ url }, finished, of) => {
          if (!json && of > 5) terminal.note(visible(`${finished}/${of} ${url}`));
        },
      });
      const at = Date.now();
      const assessed = facts.map((each) => ({ facts: each, assessment: assessProbe(each, at) }));
      terminal.out(json ? JSON.stringify({ at: new Date(at).toISOString(), endpoints: assessed.map(({ facts: each, assessment }) => ({ ...each, ...assessment })) }, undefined, 2) : renderProbes(assessed, context));
      done(exitCodeOf(assessed));
    });
}

function exitCodeOf(assessed: readonly { readonly facts: ProbeFacts; readonly assessment: ProbeAssessment }[]): number {
  if (assessed.some(({ assessment }) => assessment.outcome === 'failed')) return ExitCode.failed;
  return assessed.some(({ assessment }) => assessment.outcome === 'indeterminate') ? ExitCode.indeterminate : ExitCode.passed;
}

async function allTargets(options: ProbeCommandOptions, context: CommandContext): Promise<readonly ProbeTarget[]> {
  const targets: ProbeTarget[] = [];
  if (chosenTrust(options, context.terminal.env) !== undefined) {
    const verifier = await openVerifier(options, context);
    targets.push(...targetsOfTrust(verifier.trust));
    verifier.close();
  }
  const read = (file: string) => about(file, async () => readCertificates(await readBoundedFile(file, MAX_FILE_BYTES)));
  const issuers = (await Promise.all((options.issuer ?? []).map(read))).flat();
  for (const file of options.certificate ?? []) {
    const [certificate, ...above] = await read(file);
    targets.push(...targetsOfCertificate(certificate!, [...above, ...issuers]));
  }
  // What an operator types may be private, as what a list names.
  for (const kind of ['crl', 'ocsp', 'tsa'] as const) for (const url of options[kind] ?? []) targets.push({ kind, url, origin: 'list', issuers });
  return targets;
}
