import { expect, it } from 'vitest'
import { mailServer } from './mail.ts'

it.each([
  ['smtps://mail.example.org', { host: 'mail.example.org', port: 465, secure: true, requireTLS: true }],
  ['smtp://mail.example.org', { host: 'mail.example.org', port: 587, secure: false, requireTLS: true }],
  ['smtp://mail.example.org:25', { port: 25, secure: false, requireTLS: true }],
  ['smtp://10.0.0.5:25', { requireTLS: true }],
  ['smtp://localhost.example.org', { requireTLS: true }],
  ['smtp://127.0.0.1:2525', { host: '127.0.0.1', port: 2525, requireTLS: false }],
  ['smtp://[::1]:2525', { host: '::1', requireTLS: false }],
  ['smtp://localhost', { requireTLS: false }],
  ['smtps://a%40b:p%3Aw%2F@mail.example.org', { auth: { user: 'a@b', pass: 'p:w/' } }],
])('%s is spoken to in the clear on this machine alone', (url, options) => {
  expect(mailServer(new URL(url))).toMatchObject(options)
})
