/** T39: texts of authors and citizens that would begin a header, a line of the log, or paint over it. */

import { disposition } from '../../src/cases/hand-out-attachment.ts'
import { email } from '../../src/deliveries/email/email.ts'
import { openMailReceiver } from '../../src/testing/mail-receiver.ts'
import { createWorld, definitionOf, plainPolicy } from '../../src/testing/world.ts'
import type { Line } from '../line.ts'

const ends = ['\r\n', '\n', '\r', '\u2028', '\u2029', '\u0085', '\v', '\f', '\0', '%0d%0a', '\\r\\n', '\r\n ', '\r\n\t', '=0D=0A', '\u560d\u560a']
const smuggled = [
  'Bcc: evil@evil.example',
  'X-Smuggled: 1',
  '\r\n\r\n<script>alert(1)</script>',
  'Set-Cookie: a=b',
  '{"level":30,"msg":"forged"}',
  '\u001b[2J\u001b[31m',
  '\u202egpj.exe',
  '\u2066\u2069',
  '.\r\nMAIL FROM:<x@x>',
]
const payloads = ends.flatMap((end) => smuggled.map((what) => `Form${end}${what}`))

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
const control = /[\u0000-\u0008\u000a-\u001f\u007f\u0085\u202a-\u202e\u2066-\u2069\u2028\u2029]/

export const smuggledLines: Line = {
  attack: 'T39',
  name: 'smuggled-lines',
  what: 'line ends, escape sequences and direction marks in mails, file names, headers and logs',
  reach: 'no header, recipient or line more than there should be; no mark that hides what stands there',
  async run({ count }) {
    const chosen = payloads.slice(0, count({ quick: 40, usual: payloads.length, full: payloads.length }))
    const post = await openMailReceiver()
    const world = await createWorld({ SMTP_URL: post.url, MAIL_FROM: 'Guichet <post@city.example>' })
    const sender = email({ config: world.config, keys: world.adapters.keys, egress: {} as never } as never)
    let trials = 0
    let wrong = 0
    let first = ''
    const fault = (what: string, text: string) => {
      wrong++
      first ||= ` (${what}: ${JSON.stringify(text).slice(0, 80)})`
    }
    for (const text of chosen) {
      trials++
      const before = post.mails.length
      const payload = {
        to: 'citizen@home.example',
        language: 'en',
        title: text,
        agency: text,
        date: text,
        statusUrl: 'https://city.example/status',
        news: { state: text, text },
      }
      await sender.deliver(payload as never, { id: 'dlv_1', agency: 'agc_1', now: new Date(), signal: AbortSignal.timeout(10_000), attempt: 1 } as never)
      const mail = post.mails[before]
      const head = mail?.raw.split('\r\n\r\n')[0] ?? ''
      const names = head
        .split(/\r\n(?![ \t])/)
        .map((line) => line.slice(0, line.indexOf(':')).toLowerCase())
        .sort()
      const usual = [
        'auto-submitted',
        'content-language',
        'content-transfer-encoding',
        'content-type',
        'date',
        'from',
        'message-id',
        'mime-version',
        'subject',
        'to',
      ]
      if (!mail || post.mails.length !== before + 1 || mail.to.join() !== 'citizen@home.example' || names.join() !== usual.join())
        fault(`mail with ${names.filter((name) => !usual.includes(name)).join() || 'less'}`, text)

      trials++
      const shown = disposition(`${text}.pdf`)
      const decoded = decodeURIComponent(shown.split("UTF-8''")[1] ?? '')
      if (control.test(shown) || control.test(decoded) || /[/\\]/.test(decoded)) fault('file name', text)
    }
    await world.offer(definitionOf(), plainPolicy)
    for (const text of chosen) {
      trials++
      const encoded = encodeURIComponent(text)
      const headers = { 'User-Agent': text, 'X-Request-Id': text, Referer: text, 'Accept-Language': text, Cookie: `a=${text}` }
      const sendable = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replace(/[^\t\x20-\x7e]/g, '')]))
      const from = world.log.length
      const answer = await world.request(`/v1/services/city/${encoded}?q=${encoded}&lang=${encoded}`, { headers: sendable })
      await answer.text()
      for (const [name, value] of answer.headers) if (control.test(value)) fault(`header ${name}`, text)
      for (const line of world.log.slice(from)) {
        const one = line.replace(/\n$/, '')
        if (control.test(one) || /smuggled|evil\.example|forged/i.test(one)) fault('log', text)
        JSON.parse(one)
      }
    }
    await world.close()
    await post.close()
    // The control: the look finds what a careless writer would have written.
    const careless = `Subject: ${payloads[0]}`
    return {
      trials,
      figure: `${wrong} smuggled${first}`,
      good: wrong === 0,
      control: { what: 'a header written as it comes has a line more', noticed: control.test(careless) && careless.split(/\r\n(?![ \t])/).length > 1 },
    }
  },
}
