import type { PublicKey } from '@hefu/crypto';
import { worded } from './diagnoses.js';
import { holds, RecoveredValues } from './holds.js';
import { DEFAULT_DIAGNOSIS_BUDGET, type DiagnoseValueInput, type Diagnosis, type Finding } from './model.js';
import { valueForms } from './value-forms.js';
import { classicalHypotheses, keyOrNothing, sm2Hypotheses, type Hypothesis } from './value-hypotheses.js';

/**
 * Which known mistake a signature value that does not verify is, if one is recognisable: what was hashed, with which key, or in
 * which form the value came. Each answer is a verification that held, so a value that is just wrong gets none.
 *
 * It is no verification: a value that is right as it stands gets no answer either.
 * @returns undefined when no mistake is recognised within the budget
 */
export async function diagnoseValue(input: DiagnoseValueInput): Promise<Diagnosis | undefined> {
  const key = keyOrNothing((): PublicKey => input.certificate.spki.key);
  if (key === undefined || !input.algorithm.supportsKey(key)) return undefined;
  // The value of another certificate's key may have another width. Once for each key: what is recovered of a value is found by its object.
  const forms = new Map<PublicKey, ReturnType<typeof valueForms>>();
  const formsFor = (other: PublicKey): ReturnType<typeof valueForms> => {
    let found = forms.get(other);
    if (found === undefined) forms.set(other, (found = valueForms(input.value, other)));
    return found;
  };
  const hypotheses = input.algorithm.messagePrefix !== undefined && input.algorithm.verifyDigest !== undefined ? sm2Hypotheses(input, key) : classicalHypotheses(input, key);
  const recovered = new RecoveredValues();
  let left = input.budget ?? DEFAULT_DIAGNOSIS_BUDGET;
  for (const hypothesis of hypotheses) {
    for (const { form, value } of formsFor(hypothesis.key)) {
      if (left-- <= 0) return undefined;
      if (await holds(hypothesis, value, input, recovered)) {
        const finding = findingOf(hypothesis, form);
        return finding === undefined ? undefined : worded(finding);
      }
    }
  }
  return undefined;
}

function findingOf({ code, evidence }: Hypothesis, form: string | undefined): Finding | undefined {
  const found = form === undefined ? evidence : { ...evidence, form };
  if (code !== undefined) return { code, evidence: found };
  return form === undefined ? undefined : { code: 'VALUE_FORM', evidence: found };
}
