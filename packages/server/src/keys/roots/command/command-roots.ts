/**
 * Roots behind a command: a small program that asks a key management service or a hardware module. It is started with one
 * word (`wrap`, `unwrap`, `current`, `renew`, `retire`), gets a JSON object on standard input, and answers with one on
 * standard output; any other ending than 0 is a refusal. docs/encryption.md has the contract. It is called when a month's
 * key is read for the first time or written, not for a submission.
 */
import { spawnSync } from 'node:child_process'
import { RootFailed, type RootKeys } from '../root-keys.ts'

const patience = 10_000

export function openCommandRoots(command: string): RootKeys {
  const ask = (word: string, input: object): Record<string, unknown> => {
    // No shell: nothing of what is given can be taken for a command.
    const { status, stdout, error } = spawnSync(command, [word], { input: JSON.stringify(input), timeout: patience, encoding: 'utf8', maxBuffer: 1_000_000 })
    if (error || status !== 0) throw new RootFailed(`${command} ${word} failed (${error ? (error as NodeJS.ErrnoException).code : `it ended with ${status}`}).`)
    try {
      const answer = JSON.parse(stdout)
      if (typeof answer === 'object' && answer !== null) return answer
    } catch {}
    throw new RootFailed(`${command} ${word} answered with something that is no JSON object.`)
  }
  const text = (word: string, answer: Record<string, unknown>, name: string): string => {
    const value = answer[name]
    if (typeof value !== 'string' || value === '') throw new RootFailed(`${command} ${word} gave no ${name}.`)
    return value
  }
  return {
    current() {
      const { root } = ask('current', {})
      return typeof root === 'string' && root !== '' ? root : null
    },
    wrap(about, key) {
      const answer = ask('wrap', { about, key: Buffer.from(key).toString('base64url') })
      return { root: text('wrap', answer, 'root'), wrapped: text('wrap', answer, 'wrapped') }
    },
    unwrap: (root, about, wrapped) => Buffer.from(text('unwrap', ask('unwrap', { root, about, wrapped }), 'key'), 'base64url'),
    renew: () => text('renew', ask('renew', {}), 'root'),
    retire() {
      const { roots } = ask('retire', {})
      return Array.isArray(roots) ? roots.filter((root) => typeof root === 'string') : []
    },
  }
}
