import { inquireRevocation } from '../ask-revocation.js';
import { choosePath, type ChoosePathInput } from '../choose-path.js';
import type { Evidence } from '../evidence.js';
import type { ScenePolicy } from '../policy.js';
import { revocationSubjects } from '../revocation/check.js';

/**
 * Whether an expired certificate is known not to have been revoked while it was valid (EN 319 102-1 §5.2.6: OUT_OF_BOUNDS_NOT_REVOKED
 * as against OUT_OF_BOUNDS_NO_POE): evidence issued within its validity, or that keeps expired ones, says so, however old it is.
 */
export async function isKnownNotRevoked(sought: ChoosePathInput, evidence: Evidence, scene: ScenePolicy): Promise<boolean> {
  const { best, list, candidates } = await choosePath({ ...sought, signedAt: sought.certificate.validity.notAfter });
  if (best === undefined || revocationSubjects(best.path).length === 0) return false;
  const inquiry = inquireRevocation({
    ...sought, path: best.path, service: best.decision.anchor?.statement.service, signers: list.signers, candidates, scene,
    crls: evidence.crls, ocsp: evidence.ocsp ?? [], clockSkew: sought.policy.clockSkew,
  });
  if (inquiry.notAsked !== undefined) return false;
  return (await inquiry.ask(0, { at: sought.at, counts: () => true })).status === 'good';
}
