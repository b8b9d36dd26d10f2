/** What `src/verify/rehearsal-material.ts` is made of. Needs the sandbox's dist. @returns its text */
export function makeRehearsal(): Promise<string>;
