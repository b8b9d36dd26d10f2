export { createSigningBackend, DEFAULT_BACKEND_LIMITS } from './signing-backend.js';
export type { SigningBackend, SigningBackendLimits, SigningBackendOptions } from './signing-backend.js';
export type { OpenSession } from './sessions.js';
export { createCosignBackend } from './cosign-backend.js';
export type { CosignBackendOptions } from './cosign-backend.js';
export type { Mounted, MountOptions, OwnPages } from './mount.js';
export { certificateView } from '../components/certificate-view.js';
export type { CertificateView, CertificateViewOptions } from '../components/certificate-view.js';
