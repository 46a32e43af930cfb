/** Texts that would run, call out or lead away if anything took them for more than text; for lines that look in a browser. */
import type { ServiceDefinition } from '@guichet/schemas'

export const canary = 'canary.example'
const call = 'globalThis.struck=1;alert(1)'
export const shapes = [
  `<script>${call}</script>`,
  `<img src=x onerror="${call}">`,
  `<svg onload="${call}">`,
  `<svg><script>${call}</script></svg>`,
  `<math><mtext></table><img src onerror="${call}">`,
  `<iframe srcdoc="<script>parent.${call}</script>">`,
  `<iframe src="javascript:parent.${call}">`,
  `<template shadowrootmode=open><img src=x onerror="${call}"></template>`,
  `<a href="javascript:${call}">x</a>`,
  `[x](javascript:${call})`,
  `<details open ontoggle="${call}">`,
  `<input autofocus onfocus="${call}">`,
  `<body onload="${call}">`,
  `<style>@import '//${canary}/x.css';</style>`,
  `<link rel=stylesheet href="//${canary}/x.css">`,
  `<img src="//${canary}/x.png">`,
  `![x](//${canary}/x.png)`,
  `<base href="//${canary}/">`,
  `<meta http-equiv=refresh content="0;url=//${canary}/">`,
  `<form action="//${canary}/"><button>x</button></form>`,
  `{{constructor.constructor('${call}')()}}`,
  `\${${call}}`,
  `<guichet-service src="//${canary}/"></guichet-service>`,
  `<object data="//${canary}/x.svg">`,
]
const starts = ['', '">', "'>", '-->', ']]>', '</title>', '</textarea>', '</script>', '\u0000', '&lt;', '`', '<!--', '*/']
export const payloads = starts.flatMap((start) => shapes.map((shape) => start + shape))
/** What is in every payload, and in nothing else. */
export const marks = ['struck', 'canary'] as const

/** Gives the payloads one after the other, from the one at `from` on. `take`: only those that fit. */
export function payloadsFrom(from: number, take: (payload: string) => boolean = () => true): () => string {
  const fitting = payloads.filter(take)
  let next = from
  return () => fitting[next++ % fitting.length] as string
}

const isText = (value: object, languages: readonly string[]) => {
  const entries = Object.entries(value)
  return entries.length > 0 && entries.every(([tag, words]) => languages.includes(tag) && typeof words === 'string')
}

/** The definition with a payload in the place of each text that people read. */
export function hostileTexts(definition: ServiceDefinition, next: () => string): ServiceDefinition {
  const turn = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turn)
    if (typeof value !== 'object' || value === null) return value
    if (isText(value, definition.languages)) {
      const payload = next()
      return Object.fromEntries(Object.keys(value).map((tag) => [tag, payload]))
    }
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, turn(part)]))
  }
  return turn(definition) as ServiceDefinition
}
