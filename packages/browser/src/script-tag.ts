// What a page has under the name `Hefu` by a script tag alone: everything, elements included. The worker lies beside the script.
import './floor.js';
import { setDigestWorker } from './digest/digest-worker-address.js';

export * from './index.js';
export * from './components/index.js';

const script = document.currentScript as HTMLScriptElement | null;
if (script !== null) setDigestWorker(new URL('hefu-digest-worker.js', script.src).href);
