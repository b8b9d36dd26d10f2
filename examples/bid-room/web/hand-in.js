import { packOctets } from '@hefu/sign';
import { getJson } from './texts.js';

/**
 * Brings messages and digests, for which there is a receipt. Sent twice it is the same bid.
 * @throws Error with `texts` where the platform refuses, without where it could not be reached
 */
export function handIn({ project, requestId }, files, signatures) {
  const body = packOctets({
    project, requestId,
    files: files.map(({ name, length, head, digests }, index) => ({ name, length, head, digests, message: signatures.find(({ itemId }) => itemId === `file-${index}`).message })),
  });
  return getJson('/api/bids', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

/** The files of a receipt that are not there yet. @throws as `handIn` */
export async function uploadFiles({ id, files }, sources, onProgress) {
  const total = sources.reduce((sum, { size }) => sum + size, 0) || 1;
  let before = 0;
  for (const [index, { uploaded }] of files.entries()) {
    if (!uploaded) await put(`/api/bids/${id}/files/${index}`, sources[index], (done) => onProgress((before + done) / total));
    before += sources[index].size;
  }
  onProgress(1);
}

/** With progress, which fetch has not. */
function put(path, file, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', path);
    request.upload.onprogress = ({ loaded }) => onProgress(loaded);
    request.onload = () => (request.status < 300 ? resolve() : reject(Object.assign(new Error(String(request.status)), { texts: textsOf(request.responseText) })));
    request.onerror = () => reject(new Error('network'));
    request.send(file);
  });
}

function textsOf(body) {
  try {
    return JSON.parse(body).message;
  } catch {
    return undefined;
  }
}
