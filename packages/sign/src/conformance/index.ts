export { CONFORMANCE_CHECKS, describeAdapterConformance, runAdapterConformance } from './run.js';
export type { ConformanceReport, ConformanceRow, RunOptions, TestFramework } from './run.js';
export { CONFORMANCE_LEVELS, ConformanceFailure } from './subject.js';
export type { ConformanceCheck, ConformanceHarness, ConformanceLevel, ConformanceSubject, Fault, MakeSubject, SentRequest } from './subject.js';
export { MUTANTS, runMutations } from './mutants.js';
export type { Mutant, MutationOptions, MutationResult } from './mutants.js';
export { createScriptedProvider } from './scripted-provider.js';
export type { Script, ScriptedProvider } from './scripted-provider.js';
