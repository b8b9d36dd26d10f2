import { createVerifier } from '@hefu/node';

const verifier = await createVerifier({ trustList: { path: 'list/current.json' }, role: 'list/role.json' });
const report = await verifier.verify({
  content: { path: 'scenario/tampered/bid.txt' },
  signature: { path: 'scenario/tampered/bid.p7s' },
  region: '420100', // the platform's city, GB/T 2260
});
console.log(report.conclusion, report.code, report.identity?.name);
for (const { message, remedy } of report.reasons) console.log(message.zh, remedy.zh); // or .en
