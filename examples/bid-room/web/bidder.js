import { completeOAuthReturn, digestFile, indexedDbStore, newRequestId, openOAuthWindow, redirectToAuthorise, remoteCredentials, remoteSession, remoteSessions } from '@hefu/browser';
import { defineElements } from '@hefu/browser/elements';
import { packOctets, unpackOctets } from '@hefu/sign';
import { handIn, uploadFiles } from './hand-in.js';
import { pending } from './pending.js';
import { getJson, languageButton, pick, t, timeText } from './texts.js';

const $ = (id) => document.getElementById(id);
const SIGNING = '/api/signing';
const store = indexedDbStore('bid-room');
const files = $('files');
const sign = $('sign');

let projects = [];
let services = [];
let offset = 0;
/** What an authorisation server sent back to this page, until the session asks for it. */
let returned;
/** Signatures that are not handed in yet. */
let signed;
/** The bid that `sign` shows; undefined: none yet. */
let shown;

void start();

async function start() {
  languageButton(draw);
  // First of all, so that the code is out of the address; in a window of ours there is nothing else to do.
  const completion = await completeOAuthReturn();
  if (completion.kind === 'handed-over') return say(t('mayClose'));
  if (completion.kind === 'failed') say(pick(completion.error.toJSON().message) + pick(completion.error.toJSON().remedy));
  if (completion.kind === 'answer') returned = completion;
  defineElements();
  // In one reading: what people compare, and what the certificates of this company may have to sign (Z of an SM2 key before the file).
  files.digester = async (file, options) => digestFile(file, { ...options, store, algorithms: [...unpackOctets(await getJson(`/api/wanted?length=${file.size}`)), { algorithm: 'SM3', prefix: new Uint8Array(0) }].filter(isFirst) });
  await open();
}

function say(text) {
  $('notice').textContent = text;
  $('notice').hidden = text === '';
}

async function open() {
  const [{ now, projects: found }, companies] = await Promise.all([getJson('/api/projects'), getJson('/api/companies')]);
  projects = found;
  offset = now - Date.now();
  for (const { id, name, uscc } of companies) $('company').append(new Option(`${name}  ${uscc}`, id));
  for (const { id } of projects) $('project').append(new Option(id, id));
  const bid = pending.get();
  $('company').value = bid?.company ?? companies[0].id;
  $('project').value = bid?.project ?? projects[0].id;
  await login();
  document.body.classList.remove('opening');
  await goOn();
  pending.onChange(() => void goOn());
}

/** Shows what this browser has under way, in whichever tab it was begun. */
async function goOn() {
  const bid = pending.get();
  if (bid?.complete === true) await showComplete(bid);
  else if (bid !== null && bid.requestId !== shown) {
    $('company').value = bid.company;
    $('project').value = bid.project;
    offer(await getJson('/api/services'), bid.service);
    // Begun here meanwhile, it is followed already; another flow would end it.
    if (shown !== bid.requestId && pending.underWay()?.requestId === bid.requestId) {
      hideReceipt();
      showSign(bid.requestId);
    }
  } else if (bid === null && shown !== undefined && signed === undefined) shown = undefined;
  draw();
}

function draw() {
  const busy = pending.underWay() !== undefined;
  for (const name of ['company', 'project', 'services']) $(name).disabled = busy;
  // What is being signed is not taken away; what was lost by a reload can be chosen again.
  files.toggleAttribute('disabled', busy && isChosen(pending.get()));
  for (const option of $('project').options) {
    const { name, closesAt } = projects.find(({ id }) => id === option.value);
    option.textContent = `${pick(name)}  ${option.value}${isOver(closesAt) ? `（${t('closed')}）` : ''}`;
    option.disabled = isOver(closesAt);
  }
  if (projects.length === 0) return;
  const { closesAt } = project();
  $('closes').textContent = isOver(closesAt) ? t('closedHelp') : t('closes', timeText(closesAt));
  $('services').hidden = services.length === 0;
  $('service-list').replaceChildren(...services.map(({ id, name, help }) => {
    const label = document.createElement('label');
    const input = Object.assign(document.createElement('input'), { type: 'radio', name: 'service', value: id, checked: id === service(), onchange: () => void serviceChanged(id) });
    const text = document.createElement('span');
    text.append(Object.assign(document.createElement('strong'), { textContent: pick(name) }), Object.assign(document.createElement('span'), { className: 'quiet small', textContent: pick(help) }));
    label.append(input, text);
    return label;
  }));
}

const isOver = (closesAt) => closesAt < Date.now() + offset;
const project = () => projects.find(({ id }) => id === $('project').value);
let serviceId;
const service = () => serviceId;

async function login() {
  const answer = await getJson('/api/login', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ company: $('company').value }) });
  offer(answer.services, serviceId);
}

/** The ways of signing that the company's CA offers. */
function offer(offered, preferred) {
  services = offered;
  serviceId = services.some(({ id }) => id === preferred) ? preferred : services[0]?.id;
}

function serviceChanged(id) {
  serviceId = id;
  if (!sign.hidden) showSign(undefined);
}

function certificates(signal) {
  const query = new URLSearchParams({ project: project().id, service: service() });
  return remoteCredentials(SIGNING, { signal, fetch: (path, init) => fetch(`${path}?${query}`, init) });
}

function isFirst({ algorithm, prefix }, index, all) {
  return all.findIndex((other) => other.algorithm === algorithm && String(other.prefix) === String(prefix)) === index;
}

/** Another company has other certificates, and its files other digests; for another project they are signed anew. */
async function changed(what) {
  forget();
  if (what === 'company') {
    files.clear();
    await login();
  }
  if (files.complete) showSign(undefined);
  draw();
}
for (const name of ['company', 'project']) $(name).addEventListener('change', () => void changed(name));

files.addEventListener('hefu-digests', ({ detail }) => {
  if (signed !== undefined) return void (detail.complete && submit());
  if (pending.underWay() !== undefined) return;
  if (detail.complete) showSign(undefined);
  else hideSign();
});

/** Nothing of a bid that is over, or was refused, bars the next one. */
function forget() {
  pending.clear();
  signed = undefined;
  hideSign();
  hideReceipt();
  say('');
}

function hideSign() {
  shown = undefined;
  sign.hidden = true;
  $('sign-later').hidden = false;
}

function hideReceipt() {
  $('step-receipt').hidden = true;
  $('receipt').replaceChildren();
}

/** @param requestId of a bid that is under way */
function showSign(requestId) {
  if (pending.get()?.complete === true) forget();
  shown = requestId;
  $('sign-later').hidden = true;
  sign.hidden = false;
  sign.deadline = project().closesAt;
  sign.clockOffset = offset;
  // A new flow for every choice of company, project and way; what is pending is of one.
  sign.files = requestId === undefined ? files.files : pending.get().files;
  sign.flow = { certificates, begin, resume, elsewhere, authorise };
}

/** Begun in two tabs at once it is one signing: the second follows the first. */
function begin(ref, signal) {
  return pending.alone(() => {
    if (signal.aborted) throw new DOMException('cancelled before it began', 'AbortError');
    if (pending.underWay() === undefined) {
      const chosen = { company: $('company').value, project: project().id, service: service() };
      const order = packOctets({ project: chosen.project, service: chosen.service, ref, files: files.files.map(({ name, length, head, digests }) => ({ name, length, head, digests })) });
      pending.set({ requestId: newRequestId(), ...chosen, files: files.files.map(({ name, size, lastModified }) => ({ name, size, lastModified })), order });
    }
    draw();
    return follow(pending.get(), signal);
  });
}

async function resume(signal) {
  const bid = pending.underWay();
  return bid === undefined ? undefined : follow(bid, signal);
}

/** The same files for the same project, begun on another computer or in another browser. */
async function elsewhere(signal) {
  const wanted = { project: project().id, files: files.files.map(toCompare) };
  const found = (await remoteSessions(SIGNING, { signal })).find(({ about }) => about.project === wanted.project && JSON.stringify(about.files.map(toCompare)) === JSON.stringify(wanted.files));
  if (found === undefined) return undefined;
  const { requestId, begunAt, about } = found;
  return {
    begunAt,
    takeOver: (to) => pending.alone(() => {
      // Begun in another tab meanwhile, that is what this browser has under way.
      if (pending.underWay() === undefined) pending.set({ requestId, company: $('company').value, project: about.project, service: about.service, files: about.files });
      serviceId = pending.get().service;
      draw();
      return follow(pending.get(), to);
    }),
  };
}

const toCompare = ({ name, size, sha256, digests }) => ({ name, size, sha256: sha256 ?? hexOf(digests.find(({ algorithm, prefix }) => algorithm === 'SHA-256' && prefix.length === 0).value) });
const hexOf = (bytes) => Array.from(bytes, (octet) => octet.toString(16).padStart(2, '0')).join('');

/** Until the platform is known to have it the order goes along: the same name is the same signing, whoever is first. */
function follow({ requestId, order, again }, signal) {
  shown = requestId;
  const back = returned?.resume === requestId ? { returned } : {};
  returned = undefined;
  const session = remoteSession(SIGNING, { requestId, signal, ...(order === undefined ? {} : { order: unpackOctets(order) }), ...(again ? { again } : {}), ...back });
  let running = false;
  return {
    ...session,
    // What this tab has not followed is not its to end: another tab may.
    cancel: async (reason) => { if (running) await session.cancel(reason); },
    async *run() {
      running = true;
      for await (const event of session.run()) {
        const bid = pending.get();
        if (bid?.requestId === requestId && bid.order !== undefined) pending.set({ ...bid, order: undefined });
        yield event;
      }
    },
  };
}

/** In a window; where the browser opens none, this page goes there and comes back to the same signing. */
async function authorise(challenge, how, signal) {
  if (how === 'popup') {
    // In the click itself; the address may have to be made anew first.
    const popup = openOAuthWindow();
    try {
      return await popup.authorise(await challenge, { signal });
    } catch (error) {
      popup.close();
      throw error;
    }
  }
  redirectToAuthorise(await challenge, pending.underWay().requestId);
  return new Promise(() => undefined);
}

sign.addEventListener('hefu-signed', ({ detail }) => {
  signed = detail.signatures;
  void submit();
});
for (const type of ['hefu-sign-cancelled', 'hefu-sign-failed']) {
  sign.addEventListener(type, ({ detail }) => {
    const bid = pending.underWay();
    const outcome = detail.outcome ?? detail.error.outcome;
    const kept = (detail.kept ?? detail.signatures ?? []).length > 0;
    // What may have been signed, and what was, is gone on with and not signed again. Values that were refused are nobody's, and of a session that nobody knows there is nothing to find out.
    const open = (outcome === 'unknown' || kept) && detail.error?.detail !== 'NOT_FOUND';
    if (!open) pending.clear();
    else if (bid !== undefined) pending.set({ ...bid, again: true });
    draw();
  });
}

/** Whether this page has the files of a bid. */
function isChosen(bid) {
  return bid.files.length === files.files.length && bid.files.every(({ name, size }, index) => files.files[index].name === name && files.files[index].size === size);
}

async function submit() {
  await pending.alone(async () => {
    const bid = pending.get();
    if (bid === null || signed === undefined) return;
    if (bid.complete === true) return showComplete(bid);
    $('step-receipt').hidden = false;
    refuse(undefined);
    // After a reload the files have to be chosen again: their digests are in the order, but the page must have them to upload.
    const chosen = isChosen(bid);
    uploading(chosen ? t('uploading') : t('filesAgain'), chosen ? 0 : undefined);
    if (!chosen) return;
    try {
      const receipt = await handIn(bid, files.files, signed);
      pending.set({ ...bid, receipt: receipt.id });
      showReceipt(receipt);
      await uploadFiles(receipt, files.sources, (share) => { $('upload').value = share; });
      pending.set({ ...bid, receipt: receipt.id, complete: true });
      signed = undefined;
      uploading(t('uploaded'), undefined);
      $('new-bid').hidden = false;
    } catch (error) {
      uploading('', undefined);
      refuse(error);
    }
  });
  draw();
}

function uploading(text, share) {
  $('upload-text').textContent = text;
  $('upload').hidden = share === undefined;
  $('upload').value = share ?? 0;
}

/** What the platform refuses is begun anew; what did not reach it is sent again. */
function refuse(error) {
  const refused = error?.texts !== undefined;
  $('submit-error').textContent = error === undefined ? '' : refused ? pick(error.texts) : t('submitFailed');
  $('submit-error').hidden = error === undefined;
  $('submit-again').hidden = error === undefined || refused;
  $('new-bid').hidden = !refused;
}
$('submit-again').addEventListener('click', () => void submit());
addEventListener('online', () => { if (!$('submit-again').hidden) void submit(); });
$('new-bid').addEventListener('click', () => {
  // Refused, the files are still the ones to be signed; taken, the next bid has others.
  const taken = pending.get()?.complete === true;
  forget();
  if (taken) files.clear();
  else if (files.complete) showSign(undefined);
  draw();
  $('project').focus();
});

/** Taken, in this tab or in another. */
async function showComplete({ receipt }) {
  hideSign();
  $('sign-later').hidden = true;
  signed = undefined;
  refuse(undefined);
  showReceipt(await getJson(`/api/bids/${receipt}`));
  uploading(t('uploaded'), undefined);
  $('new-bid').hidden = false;
}

function showReceipt({ id, receivedAt, conclusion, identity, files: received }) {
  $('step-receipt').hidden = false;
  const rows = [
    [t('number'), [id]], [t('receivedAt'), [timeText(receivedAt)]], [t('verdict'), [t(conclusion)], conclusion], [t('signedBy'), [identity?.name ?? '']],
    ...received.map(({ name, sha256 }) => [t('file'), [['name', name], ['digest', `SHA-256 ${sha256}`]]]),
  ];
  $('receipt').replaceChildren(...rows.flatMap(([name, values, kind]) => {
    const dd = Object.assign(document.createElement('dd'), { className: kind ?? '' });
    dd.append(...values.map((value) => (typeof value === 'string' ? value : Object.assign(document.createElement('span'), { className: value[0], textContent: value[1] }))));
    return [Object.assign(document.createElement('dt'), { textContent: name }), dd];
  }));
}
