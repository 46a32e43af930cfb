/**
 * The bundler's helper for module namespaces walks objects with `for ... in`, which meets whatever a page has put on
 * `Object.prototype`, and then fails. It is made to look at own keys alone.
 */
import type { Plugin } from 'vite'

export function ownKeys(): Plugin {
  return {
    name: 'guichet-own-keys',
    renderChunk(code) {
      if (!code.includes('__export')) return null
      const helper = /for \(var (\w+) in (\w+)\)/g
      if (!helper.test(code)) throw new Error('the helper for namespaces has changed: see build/own-keys.ts')
      return { code: code.replace(helper, 'for (var $1 of Object.keys($2))'), map: null }
    },
  }
}
