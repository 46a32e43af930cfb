import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { CommandFailed } from '../commands/command.ts'
import { readPolicyFile } from './read-policy-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'guichet-policy-file-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const path = join(folder, 'policy.json')
const read = (text: string) => {
  writeFileSync(path, text)
  return readPolicyFile(path)
}

it('reads a policy that can be kept to', () => {
  expect(read('{"preset":"open"}')).toEqual({ preset: 'open' })
})

it.each([
  ['no json', `${path} cannot be read as JSON.`],
  ['{"preset":"lax"}', `${path} is no policy that can be kept to: policy: shape.`],
  ['{"rules":{"x-own":{}}}', `${path} is no policy that can be kept to: x-own: rule-unknown.`],
  ['null', `${path} is no policy that can be kept to: policy: shape.`],
])('says of %s what is wrong with it', (text, said) => {
  expect(() => read(text)).toThrow(new CommandFailed(said))
})

it('says that there is none', () => {
  expect(() => readPolicyFile(join(folder, 'none.json'))).toThrow(new CommandFailed(`${join(folder, 'none.json')} cannot be read as JSON.`))
})
