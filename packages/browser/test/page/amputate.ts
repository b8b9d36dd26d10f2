/**
 * Takes from a page what came after Chromium 86, before anything runs in it. A list of names only, since it is sent to the page:
 * what our rooms use or might be tempted to. Syntax is another test's.
 */
export function amputate(): void {
  const drop = (target: object | undefined, names: readonly string[]): void => {
    for (const name of names) if (target !== undefined) delete (target as Record<string, unknown>)[name];
  };
  drop(Array.prototype, ['at', 'findLast', 'findLastIndex', 'toSorted', 'toReversed', 'toSpliced', 'with']);
  drop(String.prototype, ['at', 'isWellFormed', 'toWellFormed']);
  drop(Object.getPrototypeOf(Uint8Array.prototype) as object, ['at', 'findLast', 'findLastIndex', 'toSorted', 'toReversed', 'with']);
  drop(Uint8Array, ['fromBase64', 'fromHex']);
  drop(Uint8Array.prototype, ['toBase64', 'toHex', 'setFromBase64', 'setFromHex']);
  drop(Object, ['hasOwn', 'groupBy']);
  drop(Map, ['groupBy']);
  drop(Array, ['fromAsync']);
  drop(Promise, ['withResolvers', 'try']);
  drop(Set.prototype, ['union', 'intersection', 'difference', 'symmetricDifference', 'isSubsetOf', 'isSupersetOf', 'isDisjointFrom']);
  drop(AbortSignal, ['any', 'timeout', 'abort']);
  drop(AbortSignal.prototype, ['reason', 'throwIfAborted']);
  drop(Response, ['json']);
  drop(URL, ['canParse', 'parse']);
  drop(Crypto.prototype, ['randomUUID']);
  drop(ArrayBuffer.prototype, ['resize', 'transfer', 'transferToFixedLength']);
  drop(globalThis, ['structuredClone', 'Iterator', 'scheduler', 'CompressionStream', 'DecompressionStream', 'WeakMapStrong']);
  // Without the getter a reason given to abort() is lost, as it was.
  const { abort } = AbortController.prototype;
  AbortController.prototype.abort = function (this: AbortController) {
    abort.call(this);
  };
}
