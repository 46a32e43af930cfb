/**
 * What the modules of a pinned release begin with (build/pinned.ts): it fetches whatever they load in turn with its digest, so
 * that the browser refuses a file of which a byte was changed. The page vouches for the module itself, with `integrity`.
 *
 * A module that was fetched once is what every later `import` of its address gets, so it is fetched with its digest first, and
 * imported only when that came out right; those that it imports itself before it, as a browser would fetch them without any.
 */

/** Address within the release to digest (SHA-256, base64) and the files that it imports at once, parted by blanks. */
export type Digests = Readonly<Record<string, string>>

/** `own`: address of the module. Gives what stands in for `import()`. */
export function pinning(own: string, digests: Digests): (path: string) => Promise<unknown> {
  const checked = new Map<string, Promise<unknown>>()
  /** A policy that goes by nonces lets in what carries one. */
  const { nonce } = [...document.scripts].find(({ src }) => src === own) ?? {}
  const addressOf = (path: string) => new URL(path, own).href

  function check(path: string): Promise<unknown> {
    const known = checked.get(path)
    if (known) return known
    const fetching = fetchChecked(path)
    checked.set(path, fetching)
    // The line may only have been gone: another try asks again.
    fetching.catch(() => checked.delete(path))
    return fetching
  }

  async function fetchChecked(path: string) {
    const [digest, ...needs] = (digests[path] ?? '').split(' ')
    if (!digest) throw new Error(`${path} is no file of this release`)
    await Promise.all(needs.map(check))
    const link = document.createElement('link')
    // Browsers of before 2023 know no modulepreload, and never say that nothing came of it.
    if (!link.relList.supports('modulepreload')) throw new Error('this browser cannot check what it loads')
    // A module that did not come is never asked for again; what is fetched is, and then lies in the cache.
    await fetch(addressOf(path), { integrity: `sha256-${digest}` })
    Object.assign(link, { rel: 'modulepreload', crossOrigin: 'anonymous', integrity: `sha256-${digest}`, nonce, href: addressOf(path) })
    try {
      await new Promise((come, refuse) => {
        link.onload = come
        link.onerror = () => refuse(new Error(`${addressOf(path)} did not come, or is not what was pinned`))
        document.head.append(link)
      })
    } finally {
      link.remove()
    }
  }

  return async (path) => {
    await check(path)
    return import(/* @vite-ignore */ addressOf(path))
  }
}
