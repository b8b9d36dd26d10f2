import type { Challenge, QuestionChallenge } from '@hefu/sign';

/** Whether a challenge is answered here, or only shown. */
export function isQuestion(challenge: Challenge): challenge is QuestionChallenge {
  return challenge.type !== 'qr' && challenge.type !== 'push';
}
