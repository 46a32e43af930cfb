/**
 * Makes, from the doc blocks of the elements, what editors and frameworks read: custom-elements.json, and types for plain
 * TypeScript, React and Vue. `node packages/runtime/build/manifest.ts` writes them; a test tells when they are stale.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

interface Named {
  name: string
  description: string
}
interface Element {
  file: string
  className: string
  tag: string
  description: string
  attributes: (Named & { type: string })[]
  events: (Named & { type: string })[]
  properties: (Named & { type: string; readonly: boolean })[]
  methods: (Named & { signature: string })[]
  cssProperties: Named[]
}

/** The element of a module, as its doc block has it. @throws if the block leaves out what the code has. */
function elementOf(file: string, code: string): Element {
  const block = /\/\*\*\n((?: \*.*\n)+?) \*\/\nexport class (\w+) extends HTMLElement/.exec(code)
  if (!block) throw new Error(`${file}: no doc block stands right above its class`)
  const lines = (block[1] as string).split('\n').map((line) => line.replace(/^ \* ?/, ''))
  const prose = lines.slice(
    0,
    lines.findIndex((line) => line.startsWith('@')),
  )
  const all = (pattern: RegExp) => lines.map((line) => pattern.exec(line)?.groups).filter((groups) => groups !== undefined)
  const element: Element = {
    file,
    className: block[2] as string,
    tag: all(/^@tag (?<tag>\S+)$/)[0]?.tag ?? '',
    description: prose.join(' ').trim(),
    attributes: all(/^@attr \{(?<type>.+?)\} (?<name>\S+) - (?<description>.+)$/) as never,
    events: all(/^@fires \{(?<type>.+)\} (?<name>\S+) - (?<description>.+)$/) as never,
    properties: all(/^@prop \{(?<type>.+?)\} (?<name>\w+) - (?<description>.+)$/).map((property) => ({
      ...property,
      readonly: !code.includes(`\n  set ${property.name}(`),
    })) as never,
    methods: all(/^@method (?<name>\w+)(?<signature>\(.*?\): \S+) - (?<description>.+)$/) as never,
    cssProperties: all(/^@cssprop (?<name>\S+) - (?<description>.+)$/) as never,
  }
  const same = (what: string, documented: readonly string[], used: readonly string[]) => {
    const missing = used.filter((name) => !documented.includes(name))
    if (missing.length > 0) throw new Error(`${file}: its doc block lacks ${what} ${missing.join(', ')}`)
  }
  const names = (list: readonly Named[]) => list.map(({ name }) => name)
  const observed = /observedAttributes = \[(.*?)\]/.exec(code)?.[1] ?? ''
  same('attribute', names(element.attributes), observed.match(/[\w-]+/g) ?? [])
  same(
    'event',
    names(element.events),
    [...code.matchAll(/#tell\('([\w-]+)'/g)].map(([, name]) => name as string),
  )
  same(
    'property',
    names(element.properties),
    [...code.matchAll(/\n {2}[gs]et (\w+)\(/g)].map(([, name]) => name as string),
  )
  return element
}

function readElements(): Element[] {
  const elements = readdirSync(join(root, 'src'))
    .filter((file) => file.endsWith('-element.ts'))
    .map((file) => ({ file, code: readFileSync(join(root, 'src', file), 'utf8') }))
    .filter(({ code }) => code.includes('extends HTMLElement'))
    .map(({ file, code }) => elementOf(file, code))
  // All are drawn with the same style sheet.
  const { cssProperties } = elements.find(({ tag }) => tag === 'guichet-service') as Element
  return elements.map((element) => ({ ...element, cssProperties }))
}

const manifestOf = (elements: readonly Element[]) => ({
  schemaVersion: '2.1.0',
  readme: '../../../docs/embedding.md',
  modules: elements.map(({ file, className, tag, description, attributes, events, properties, methods, cssProperties }) => ({
    kind: 'javascript-module',
    path: `../src/${file}`,
    declarations: [
      {
        kind: 'class',
        name: className,
        customElement: true,
        tagName: tag,
        description,
        superclass: { name: 'HTMLElement' },
        attributes: attributes.map(({ name, type, description }) => ({ name, type: { text: type }, description })),
        members: [
          ...properties.map(({ name, type, readonly, description }) => ({
            kind: 'field',
            name,
            description,
            type: { text: type },
            ...(readonly ? { readonly } : {}),
          })),
          ...methods.map(({ name, signature, description }) => ({ kind: 'method', name, description, type: { text: signature } })),
        ],
        events: events.map(({ name, type, description }) => ({ name, type: { text: type }, description })),
        cssProperties,
      },
    ],
    exports: [
      { kind: 'js', name: className, declaration: { name: className } },
      { kind: 'custom-element-definition', name: tag, declaration: { name: className } },
    ],
  })),
})

const header = '// Made by packages/runtime/build/manifest.ts from the doc blocks of the elements.\n'
const publicName = (className: string) => `${className}Element`

function plainTypes(elements: readonly Element[]): string {
  const events = new Map<string, Set<string>>()
  for (const { name, type } of elements.flatMap((element) => element.events)) events.set(name, (events.get(name) ?? new Set()).add(type))
  const classes = elements.map(
    ({ className, description, properties, methods }) =>
      `/** ${description} */\nexport interface ${publicName(className)} extends HTMLElement {\n${[
        ...properties.map(({ name, type, readonly, description }) => `  /** ${description} */\n  ${readonly ? 'readonly ' : ''}${name}: ${type}\n`),
        ...methods.map(({ name, signature, description }) => `  /** ${description} */\n  ${name}${signature}\n`),
      ].join('')}}`,
  )
  const attributes = elements.map(
    ({ className, attributes }) =>
      `export interface ${className}Attributes {\n${attributes.map(({ name, description }) => `  /** ${description} */\n  ${name}?: string\n`).join('')}}`,
  )
  return `${header}/** \`/// <reference types="@guichet/runtime/types/elements" />\` gives elements and events their types. */
${[...classes, ...attributes].join('\n\n')}

export interface GuichetEvents {
${[...events].map(([name, types]) => `  '${name}': ${[...types].join(' | ')}`).join('\n')}
}

declare global {
  interface HTMLElementTagNameMap {
${elements.map(({ tag, className }) => `    '${tag}': ${publicName(className)}`).join('\n')}
  }
  interface HTMLElementEventMap extends GuichetEvents {}
  interface DocumentEventMap extends GuichetEvents {}
}
`
}

const camel = (name: string) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

const reactTypes = (elements: readonly Element[]) => `${header}import type { DetailedHTMLProps, HTMLAttributes } from 'react'
import type * as Guichet from './elements.d.ts'

type Props<Element, Attributes> = DetailedHTMLProps<HTMLAttributes<Element>, Element> & Attributes

/** React 19 listens to \`onguichet-ready\` and its like on custom elements. */
declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
${elements
  .map(
    ({ tag, className, events }) =>
      `      '${tag}': Props<Guichet.${publicName(className)}, Guichet.${className}Attributes> & {\n${events
        .map(({ name }) => `        'on${name}'?: (event: Guichet.GuichetEvents['${name}']) => void\n`)
        .join('')}      }`,
  )
  .join('\n')}
    }
  }
}
`
const vueTypes = (elements: readonly Element[]) => `${header}import type { DefineComponent } from 'vue'
import type * as Guichet from './elements.d.ts'

declare module 'vue' {
  interface GlobalComponents {
${elements
  .map(
    ({ tag, className, events }) =>
      `    '${tag}': DefineComponent<\n      Guichet.${className}Attributes & {\n${events
        .map(({ name }) => `        ${camel(`on-${name}`)}?: (event: Guichet.GuichetEvents['${name}']) => void\n`)
        .join('')}      }\n    >`,
  )
  .join('\n')}
  }
}
`

/** Path to content, from the package's folder. */
export function manifestFiles(): Record<string, string> {
  const elements = readElements()
  return {
    'generated/custom-elements.json': `${JSON.stringify(manifestOf(elements), null, 2)}\n`,
    'generated/types/elements.d.ts': plainTypes(elements),
    'generated/types/react.d.ts': reactTypes(elements),
    'generated/types/vue.d.ts': vueTypes(elements),
  }
}

if (import.meta.main)
  for (const [path, content] of Object.entries(manifestFiles())) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
