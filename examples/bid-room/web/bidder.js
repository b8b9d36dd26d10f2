import { digestFile, indexedDbStore, newRequestId, remoteCredentials, remoteSession } from '@hefu/browser';
import { defineElements } from '@hefu/browser/elements';
import { packOctets, unpackOctets } from '@hefu/sign';
import { getJson, languageButton, pick, t, timeText } from './texts.js';

const $ = (id) => document.getElementById(id);
const store = indexedDbStore('bid-room');
/** What is under way, so that a reload or a crash goes on with it: names and no secret. */
const pending = {
  get: () => JSON.parse(localStorage.getItem('bid-room-pending') ?? 'null'),
  set: (value) => (value === null ? localStorage.removeItem('bid-room-pending') : localStorage.setItem('bid-room-pending', JSON.stringify(value))),
};

let projects = [];
let offset = 0;
let signed;

defineElements();
const files = $('files');
const sign = $('sign');
// In one reading: what people compare, and what the certificates of this company may have to sign (Z of an SM2 key before the file).
files.digester = async (file, options) => digestFile(file, { ...options, store, algorithms: [...unpackOctets(await getJson(`/api/wanted?length=${file.size}`)), { algorithm: 'SM3', prefix: new Uint8Array(0) }].filter(isFirst) });
languageButton(draw);
await open();

async function open() {
  const [{ now, projects: found }, companies] = await Promise.all([getJson('/api/projects'), getJson('/api/companies')]);
  projects = found;
  offset = now - Date.now();
  const before = pending.get();
  for (const { id, name, uscc } of companies) $('company').append(new Option(`${name}  ${uscc}`, id));
  for (const { id } of projects) $('project').append(new Option(id, id));
  $('company').value = before?.company ?? companies[0].id;
  $('project').value = before?.project ?? projects[0].id;
  await login();
  draw();
  if (before !== null) showSign();
}

function draw() {
  for (const option of $('project').options) {
    const { name, closesAt } = projects.find(({ id }) => id === option.value);
    option.textContent = `${option.value}  ${pick(name)}`;
    option.disabled = closesAt < Date.now() + offset;
  }
  const { closesAt } = project();
  $('closes').textContent = t('closes', timeText(closesAt));
}

function project() {
  return projects.find(({ id }) => id === $('project').value);
}

async function login() {
  await getJson('/api/login', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ company: $('company').value }) });
}

function certificates(signal) {
  return remoteCredentials('/api/signing', { signal, fetch: (path, init) => fetch(`${path}?project=${encodeURIComponent(project().id)}`, init) });
}

function isFirst({ algorithm, prefix }, index, all) {
  return all.findIndex((other) => other.algorithm === algorithm && String(other.prefix) === String(prefix)) === index;
}

/** Another company has other certificates, and its files other digests. */
async function changed() {
  files.clear();
  hideSign();
  await login();
  draw();
}
$('company').addEventListener('change', () => void changed());
$('project').addEventListener('change', () => void changed());
files.addEventListener('hefu-digests', ({ detail }) => {
  if (signed !== undefined) return void (detail.complete && submit());
  if (detail.complete && pending.get() === null) showSign();
  else if (!detail.complete && pending.get() === null) hideSign();
});

function hideSign() {
  sign.hidden = true;
  $('sign-later').hidden = false;
}

function showSign() {
  $('sign-later').hidden = true;
  sign.hidden = false;
  sign.deadline = project().closesAt;
  sign.clockOffset = offset;
  // A new flow for every choice of company and project; what is pending is of one.
  sign.flow = {
    certificates,
    begin: async (ref, signal) => {
      const requestId = newRequestId();
      pending.set({ requestId, company: $('company').value, project: project().id, ref, files: files.files.map(({ name, size, lastModified }) => ({ name, size, lastModified })) });
      return remoteSession('/api/signing', { requestId, signal, order: { project: project().id, ref, files: files.files.map(({ name, length, head, digests }) => ({ name, length, head, digests })) } });
    },
    resume: async (signal) => {
      const before = pending.get();
      return before === null ? undefined : remoteSession('/api/signing', { requestId: before.requestId, signal });
    },
  };
}

sign.addEventListener('hefu-signed', ({ detail }) => {
  signed = detail.signatures;
  void submit();
});
for (const type of ['hefu-sign-cancelled', 'hefu-sign-failed']) {
  sign.addEventListener(type, ({ detail }) => {
    // What may have been signed stays pending, to be found out and not to be signed again.
    const outcome = detail.outcome ?? detail.error?.outcome;
    if (outcome === 'not-signed' || detail.error?.provider?.httpStatus === 404) pending.set(null);
  });
}

async function submit() {
  const before = pending.get();
  $('step-receipt').hidden = false;
  $('submit-error').hidden = true;
  $('submit-again').hidden = true;
  // After a reload the files have to be chosen again: their digests are in the order, but the page must have them to upload.
  const chosen = files.files;
  const matches = before.files.every(({ name, size }, index) => chosen[index]?.name === name && chosen[index]?.size === size);
  if (!matches) {
    $('upload-text').textContent = t('filesAgain');
    return;
  }
  try {
    const body = packOctets({
      project: before.project, requestId: before.requestId,
      files: chosen.map(({ name, length, head, digests }, index) => ({ name, length, head, digests, message: signed.find(({ itemId }) => itemId === `file-${index}`).message })),
    });
    const receipt = await getJson('/api/bids', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    show(receipt);
    await upload(receipt);
    pending.set(null);
  } catch (error) {
    $('submit-error').textContent = error.texts === undefined ? t('submitFailed') : pick(error.texts);
    $('submit-error').hidden = false;
    $('submit-again').textContent = t('submitAgain');
    $('submit-again').hidden = error.texts !== undefined;
  }
}
$('submit-again').addEventListener('click', () => void submit());
addEventListener('online', () => { if (!$('submit-again').hidden) void submit(); });

function show({ id, receivedAt, conclusion, identity, files: received }) {
  const rows = [[t('number'), id], [t('receivedAt'), timeText(receivedAt)], [t('verdict'), t(conclusion), conclusion], [t('signedBy'), identity?.name ?? ''], ...received.map(({ name, sha256 }) => [t('file'), `${name}\nSHA-256 ${sha256}`])];
  $('receipt').replaceChildren(...rows.flatMap(([name, value, kind]) => {
    const dt = document.createElement('dt');
    const dd = document.createElement('dd');
    dt.textContent = name;
    dd.textContent = value;
    dd.className = kind ?? '';
    return [dt, dd];
  }));
}

async function upload({ id, files: received }) {
  const sources = files.sources;
  const total = sources.reduce((sum, { size }) => sum + size, 0) || 1;
  let before = 0;
  $('upload-text').textContent = t('uploading');
  for (const [index, { uploaded }] of received.entries()) {
    if (!uploaded) await put(`/api/bids/${id}/files/${index}`, sources[index], (done) => { $('upload').value = (before + done) / total; });
    before += sources[index].size;
  }
  $('upload').value = 1;
  $('upload-text').textContent = t('uploaded');
}

/** With progress, which fetch has not. */
function put(path, file, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', path);
    request.upload.onprogress = ({ loaded }) => onProgress(loaded);
    request.onload = () => (request.status < 300 ? resolve() : reject(Object.assign(new Error(String(request.status)), { texts: JSON.parse(request.responseText || '{}').message })));
    request.onerror = () => reject(new Error('network'));
    request.send(file);
  });
}
