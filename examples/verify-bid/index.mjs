// Verifies one bid as a trading system does:  node index.mjs <bid> <signature> [region]
// HEFU_LIST          the trust list: a file, or the URL it is published at
// HEFU_LIST_SIGNERS  role file saying who may sign that list; get it by another way than the list
// HEFU_CACHE         folder that keeps the list and CRLs over restarts (optional)
import { createVerifier } from '@hefu/node';

const { HEFU_LIST: list, HEFU_LIST_SIGNERS: role, HEFU_CACHE: cacheDir } = process.env;
const [bid, signature, region = '420100'] = process.argv.slice(2);
if (!list || !role || !bid || !signature) {
  console.error('set HEFU_LIST and HEFU_LIST_SIGNERS, then: node index.mjs <bid> <signature> [region]');
  process.exit(3);
}

let verifier;
try {
  // Make one per process and keep it: it holds keys, CRLs and the list, and keeps the list recent.
  verifier = await createVerifier({
    trustList: /^https?:/.test(list) ? { url: list } : { path: list },
    role,
    ...(cacheDir ? { cacheDir } : {}),
  });
  const report = await verifier.verify({ content: { path: bid }, signature: { path: signature }, region });

  // Keep the whole report with the bid: it is JSON, and says what the verdict rests on.
  console.log(report.conclusion, report.code, report.identity?.uscc ?? '', report.identity?.name ?? '');
  for (const { code, message, remedy, responsible } of report.reasons) {
    console.log(`${code}: ${message.zh}\n  ${remedy.zh} [${responsible}]`);
  }
  process.exitCode = { passed: 0, failed: 1, indeterminate: 2 }[report.conclusion];
} catch (error) {
  // No verdict: a file is missing, or there is no trust list that the role accepts.
  console.error(`${error.code ?? 'INTERNAL'}: ${error.message}`);
  process.exitCode = 3;
} finally {
  verifier?.close();
}
