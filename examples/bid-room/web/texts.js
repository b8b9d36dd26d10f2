const TEXTS = {
  title: ['投标', 'Bidding'], desk: ['交易系统', 'Trading desk'], bidder: ['投标人页面', 'Bidder’s page'], project: ['选择企业和项目', 'Company and project'], company: ['企业（代替登录）', 'Company (stands in for a login)'],
  projectLabel: ['项目', 'Project'], files: ['添加投标文件', 'Bid files'], sign: ['选择证书并签名', 'Certificate and signature'], signLater: ['文件摘要完成后即可签名。', 'You can sign once the digests are ready.'],
  receipt: ['回执', 'Receipt'], number: ['回执编号', 'Receipt'], receivedAt: ['接收时间', 'Received'], verdict: ['验证结论', 'Verdict'], signedBy: ['签名单位', 'Signed by'], file: ['文件', 'File'],
  passed: ['通过', 'passed'], failed: ['不通过', 'failed'], indeterminate: ['无法认定', 'indeterminate'],
  uploading: ['正在上传文件，请勿关闭页面…', 'Uploading the files; please keep this page open…'], uploaded: ['文件已全部上传。可以关闭此页。', 'All files are uploaded. You may close this page.'],
  submitFailed: ['未能提交，签名已保留。请检查网络后重试。', 'It could not be handed in; the signatures are kept. Check the network and try again.'], submitAgain: ['重新提交', 'Hand in again'],
  filesAgain: ['签名已保留。请重新选择刚才的文件以完成提交。', 'The signatures are kept. Choose the same files again to hand them in.'],
  newBid: ['重新开始', 'Begin a new bid'], way: ['签名方式', 'How you sign'], mayClose: ['已授权，可以关闭此窗口。', 'Authorised. You may close this window.'],
  closedHelp: ['已截止。请联系招标代理机构，或选择其他项目。', 'The deadline has passed. Contact the tendering agency, or choose another project.'],
  closes: ['截止时间 {0}', 'Closes {0}'], closed: ['已截止', 'closed'], bids: ['收到的投标', 'Bids received'], none: ['还没有投标。', 'There are no bids yet.'], evidence: ['下载证据包', 'Download the evidence'],
  evidenceLater: ['文件上传完成后可下载证据包', 'Evidence can be had once the files are there'], show: ['查看', 'Show'], refresh: ['刷新', 'Refresh'],
  unread: ['未能读取，请检查网络后点“刷新”重试。', 'It could not be read. Check the network and refresh.'],
};

export const lang = () => (document.documentElement.lang.startsWith('en') ? 'en' : 'zh');
export const t = (name, ...values) => TEXTS[name][lang() === 'en' ? 1 : 0].replace(/\{(\d)\}/g, (_, index) => values[index]);
export const pick = (texts) => texts[lang()];
export const timeText = (at) => new Intl.DateTimeFormat(lang() === 'en' ? 'en-GB' : 'zh-CN', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'Asia/Shanghai' }).format(at);

/** Puts the page's own words into its language; the elements follow `lang` by themselves. */
export function translate() {
  for (const element of document.querySelectorAll('[data-text]')) element.textContent = t(element.dataset.text);
  document.querySelector('#lang').textContent = lang() === 'en' ? '中文' : 'English';
}

export function languageButton(redraw) {
  const kept = sessionStorage.getItem('lang');
  if (kept !== null) document.documentElement.lang = kept;
  document.querySelector('#lang').addEventListener('click', () => {
    document.documentElement.lang = lang() === 'en' ? 'zh-CN' : 'en';
    sessionStorage.setItem('lang', document.documentElement.lang);
    translate();
    redraw();
  });
  translate();
}

/** @throws Error with `texts` where the platform says why */
export async function getJson(path, init) {
  const response = await fetch(path, init);
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw Object.assign(new Error(body.code ?? String(response.status)), { code: body.code, texts: body.message });
  return body;
}
