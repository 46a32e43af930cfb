/**
 * Where a file holds more than one module, `import()` of one of them gives an object that the bundler makes with a helper.
 * The helper walks objects with `for ... in`, which meets whatever a page has put on `Object.prototype`, and then fails;
 * and every first page would load it. Plain objects with getters do.
 */
import type { Plugin } from 'vite'

const made = /\/\* @__PURE__ \*\/ __exportAll\(\{([^{}]*)\}\)/g
const member = /([\w$]+): \(\) => ([\w$]+)/g
const helper = /^(?:import \{ \w+ as __exportAll \} from "[^"]*";|\/\/#region .*rolldown\/runtime\.js\n[\s\S]*?\/\/#endregion)\n/m

export function plainNamespaces(): Plugin {
  return {
    name: 'guichet-plain-namespaces',
    renderChunk(code) {
      if (!code.includes('__exportAll')) return null
      const plain = code.replace(helper, '').replace(made, (_, members: string) => `{${members.replace(member, 'get $1() { return $2 }')}}`)
      // A file of the helper's own may be left, which nothing imports any more.
      if (plain.includes('__exportAll(')) throw new Error('namespaces are made in another way now: see build/plain-namespaces.ts')
      return { code: plain, map: null }
    },
    generateBundle(_options, bundle) {
      for (const [name, output] of Object.entries(bundle))
        if (output.type === 'chunk' && output.moduleIds.every((id) => id.includes('rolldown/runtime'))) delete bundle[name]
    },
  }
}
