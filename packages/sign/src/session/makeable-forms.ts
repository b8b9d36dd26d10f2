import { PkiError, type Certificate } from '@hefu/pki';
import type { IntendedForm } from '@hefu/verify';
import type { Capabilities } from '../adapter/index.js';
import { SignError } from '../error.js';
import type { SignErrorCode } from '../errors/codes.js';
import { possibleForms, type MessageForm } from './message-form.js';
import { chooseAlgorithm, prepareItem, profileOf, signingItem, takesContent, type Preparation } from './prepare-items.js';

/** A form that key, credential and provider can make, with nothing left open. */
export interface MakeableForm {
  readonly form: MessageForm;
  /** As the judge will find it. */
  readonly intended: IntendedForm;
}

export interface MakeableForms {
  /** Best first. */
  readonly makeable: readonly MakeableForm[];
  /** Why not even the best can be made, where none can. */
  readonly code?: SignErrorCode;
}

/** Those of the possible forms that the credential's and the provider's declarations allow. The contents, which may be too large for one, are not looked at. */
export function makeableForms(certificate: Certificate, preparation: Preparation, capabilities: Capabilities): MakeableForms {
  const makeable: MakeableForm[] = [];
  let code: SignErrorCode | undefined;
  for (const form of possibleForms(certificate, preparation.credential, preparation.form)) {
    try {
      makeable.push({ form, intended: makeWith({ ...preparation, form }, capabilities) });
    } catch (error) {
      if (!(error instanceof SignError || error instanceof PkiError)) throw error;
      code ??= error instanceof SignError ? error.code : 'ALGORITHM_UNSUPPORTED';
    }
  }
  return makeable.length > 0 || code === undefined ? { makeable } : { makeable, code };
}

/** @throws SignError for what cannot be made */
function makeWith(preparation: Preparation, capabilities: Capabilities): IntendedForm {
  chooseAlgorithm(preparation, capabilities);
  const { profile } = profileOf(preparation);
  const sample = { itemId: 'sample', label: '', length: 0, head: new Uint8Array(0), digest: new Uint8Array(profile.digest.outputLength), digests: [] };
  signingItem(sample, prepareItem(sample, preparation), capabilities, takesContent(preparation, capabilities) ? sample.head : undefined);
  return { variant: profile.variant, signatureAlgorithm: profile.algorithm.name, digestAlgorithm: profile.digest.name };
}
