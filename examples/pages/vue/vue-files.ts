/** Compiles `.vue` files with Vue's own compiler, as its Vite plugin does; the elements are told apart from components. */
import type { Plugin } from 'vite'
import { compileScript, parse } from 'vue/compiler-sfc'

export const vueFiles = (): Plugin => ({
  name: 'vue-files',
  transform(code, id) {
    if (!id.endsWith('.vue')) return null
    const { descriptor } = parse(code, { filename: id })
    const compilerOptions = { isCustomElement: (tag: string) => tag.startsWith('guichet-') }
    const { content } = compileScript(descriptor, { id, inlineTemplate: true, templateOptions: { compilerOptions } })
    return { code: content, moduleType: 'ts', map: null }
  },
})
