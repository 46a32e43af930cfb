/** The page that checks receipts without a network: one file, to be kept and opened from anywhere. */
import { type KeySet, type NoteKey, readKeySet, readNoteKey, type Verdict, verifyReceipt } from '../index.ts'
import strings from './strings.json' with { type: 'json' }

type Language = keyof (typeof strings)['title']
const languages = Object.keys(strings.title) as Language[]

/** What the server put into this copy when it was fetched: the keys of that day. */
interface Built {
  server: string
  keys: KeySet
  witnesses: readonly string[]
}
const built = JSON.parse(document.getElementById('built')?.textContent ?? 'null') as Built | null

const asked = [new URLSearchParams(location.search).get('lang') ?? '', ...navigator.languages].map((tag) => tag.split('-')[0])
let language = languages.find((each) => asked[0] === each) ?? (asked.find((tag) => languages.includes(tag as Language)) as Language | undefined) ?? 'en'

const say = (key: string, params: Record<string, string> = {}): string => {
  const text = (strings as unknown as Record<string, Record<Language, string>>)[key]?.[language] ?? key
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => params[name] ?? whole)
}

type Child = Node | string | null | false | readonly Child[]
function h<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Record<string, string | boolean> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) if (value !== false) element.setAttribute(key, value === true ? '' : value)
  const append = (child: Child): void => {
    if (child instanceof Node || typeof child === 'string') element.append(child)
    else if (child) for (const each of child) append(each)
  }
  append(children)
  return element
}

/** Kept when the language changes, so that nothing has to be chosen again. */
const input = (id: string, multiple = false) => h('input', { type: 'file', id, multiple })
const inputs = {
  receipt: input('receipt'),
  answers: input('answers'),
  files: input('files', true),
  keys: input('keys'),
  checkpoints: input('checkpoints', true),
}
inputs.receipt.setAttribute('aria-describedby', 'receipt-hint')
const result = h('div', { 'aria-live': 'polite' })
let shown: (() => Node) | null = null

function draw() {
  document.documentElement.lang = language
  document.documentElement.dir = language === 'fa' ? 'rtl' : 'ltr'
  document.title = say('title')
  const field = (name: keyof typeof inputs, hint?: string) => [
    h('label', { for: name }, say(name)),
    hint ? h('p', { class: 'hint', id: `${name}-hint` }, hint) : null,
    inputs[name],
  ]
  const form = h(
    'form',
    { novalidate: true },
    field('receipt', say('receipt.hint')),
    h(
      'details',
      {},
      h('summary', {}, say('more')),
      field('files'),
      field('answers'),
      field('keys', built ? say('keys.built', { server: built.server }) : undefined),
      field('checkpoints'),
    ),
    h('button', { class: 'go' }, say('check')),
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void check()
  })
  const choices = languages.map((each) => {
    const name = new Intl.DisplayNames([each], { type: 'language' }).of(each) ?? each
    const button = h('button', { type: 'button', lang: each, 'aria-current': each === language ? 'true' : false }, name)
    button.addEventListener('click', () => {
      language = each
      draw()
      document.querySelector<HTMLButtonElement>('nav [aria-current]')?.focus()
    })
    return button
  })
  document.body.replaceChildren(
    h('nav', { 'aria-label': say('languages') }, choices),
    h('main', {}, h('h1', {}, say('title')), h('p', {}, say('lead')), form, result),
  )
  if (shown) result.replaceChildren(shown())
}

function show(make: () => Node) {
  shown = make
  const node = make()
  result.replaceChildren(node)
  result.querySelector<HTMLElement>('h2, p')?.focus()
}
const complain = (key: string, params: Record<string, string> = {}) => show(() => h('p', { class: 'wrong', role: 'alert', tabindex: '-1' }, say(key, params)))

/** A file that was chosen is not what it should be. */
class Unusable extends Error {}

async function parsed<T>(file: File | undefined, read: (value: unknown) => T | null): Promise<T | undefined> {
  if (!file) return undefined
  try {
    const value = read(JSON.parse(await file.text()))
    if (value !== null) return value
  } catch {}
  throw new Unusable(file.name)
}

async function check() {
  const [receipt] = inputs.receipt.files ?? []
  if (!receipt) {
    complain('choose')
    return
  }
  try {
    const files = [...(inputs.files.files ?? [])]
    const answers = await parsed(inputs.answers.files?.[0], (value) => ({ value }))
    const given = await parsed(inputs.keys.files?.[0], readKeySet)
    const witnesses = (await Promise.all((built?.witnesses ?? []).map(readNoteKey))).filter((key): key is NoteKey => key !== null)
    const verdict = await verifyReceipt({
      file: await receipt.text(),
      keys: given ?? built?.keys ?? null,
      ...(answers ? { answers: answers.value } : {}),
      files: await Promise.all(
        files.map(async (file) => ({ name: file.name, sha256: new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer())) })),
      ),
      checkpoints: await Promise.all([...(inputs.checkpoints.files ?? [])].map((file) => file.text())),
      witnesses,
    })
    show(() => told(verdict))
  } catch (error) {
    if (error instanceof Unusable) complain('unreadable', { name: error.message })
    else complain('unsupported')
  }
}

const date = (moment: string) => {
  const time = new Date(moment)
  return Number.isNaN(time.getTime()) ? moment : new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'medium' }).format(time)
}
const number = (value: number) => new Intl.NumberFormat(language).format(value)

function told(verdict: Verdict): Node {
  const { signature, revokedAt, receipt, kid, content, files, strangers, log, witnesses, fork, useless } = verdict
  const doubtful = content === 'differs' || log.state === 'wrong' || strangers.length > 0 || fork
  const tone = signature === 'trusted' && !doubtful ? 'good' : signature === 'own-key' && !doubtful ? '' : 'bad'
  const heading = h('h2', { tabindex: '-1' }, say(signature === 'trusted' && doubtful ? 'doubt' : signature))
  const fact = (key: string, value: Child) => [h('dt', {}, say(key)), h('dd', {}, value)]
  const ltr = (text: string) => h('bdi', { dir: 'ltr' }, text)
  if (!receipt || signature === 'forged' || signature === 'malformed')
    return h('section', { class: `verdict ${tone}` }, heading, h('p', {}, say(`${signature}.what`)), kid ? h('dl', {}, fact('key', ltr(kid))) : null)
  return h(
    'section',
    { class: `verdict ${tone}` },
    heading,
    h('p', {}, say(`${signature}.what`, { date: date(revokedAt ?? '') })),
    revokedAt !== null && signature !== 'revoked' && h('p', {}, say('revoked.before', { date: date(revokedAt) })),
    fork && h('p', { class: 'wrong' }, say('fork')),
    h('h3', {}, say('says')),
    h(
      'dl',
      {},
      fact('server', ltr(receipt.iss)),
      fact('service', ltr(`${receipt.agency}/${receipt.service}`)),
      fact('number', ltr(receipt.submission)),
      fact('received', date(receipt.receivedAt)),
      fact('key', ltr(kid ?? '')),
    ),
    h('h3', {}, say('content')),
    h('p', { class: content === 'differs' ? 'wrong' : '' }, say(`content.${content}`)),
    (files.length > 0 || strangers.length > 0) &&
      h(
        'ul',
        {},
        files.map(({ target, state }) => h('li', {}, say(`file.${state}`, { name: target }))),
        strangers.map((name) => h('li', { class: 'wrong' }, say('file.stranger', { name }))),
      ),
    h('h3', {}, say('log')),
    h(
      'p',
      { class: log.state === 'wrong' ? 'wrong' : '' },
      log.state === 'in' ? say('log.in', { index: number(log.index + 1), size: number(log.size) }) : say(`log.${log.state}`),
    ),
    log.state === 'in' &&
      (witnesses.length > 0
        ? h(
            'ul',
            {},
            witnesses.map(({ name, at }) => h('li', {}, say('witness', { name, date: date(at) }))),
          )
        : h('p', {}, say('witness.none'))),
    useless > 0 && h('p', {}, say('useless')),
  )
}

draw()
