/**
 * In browsers: the engine that is there. What it is given was taken by the other engine when the service was published.
 * It goes back and tries again, which for some patterns never ends: those it does not try, and the server says what is
 * wrong when the answer is sent.
 */
export function compilePattern(source: string): { test(text: string): boolean } {
  const matcher = new RegExp(source, 'u')
  const bare = source.replace(/\\.|\[(\\.|[^\]])*\]|\(\?:/gu, 'c')
  const repeats = bare.match(/[*+]|\{\d+,/g)?.length ?? 0
  // A repeated group may share a text in as many ways as there are, if there is a choice anywhere.
  const groups = /\)[*+{]/.test(bare) && /[|?*+,]/.test(bare)
  return { test: (text) => (groups && text.length > 12) || text.length ** repeats > 1e7 || matcher.test(text) }
}
