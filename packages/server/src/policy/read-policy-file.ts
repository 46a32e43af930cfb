import { readFileSync } from 'node:fs'
import type { Policy } from '@guichet/schemas'
import { CommandFailed } from '../commands/command.ts'
import { settlePolicy } from './settle.ts'

/** A policy as an operator hands it in. @throws CommandFailed when it is none, or cannot be meant */
export function readPolicyFile(path: string): Policy {
  let policy: Policy
  try {
    policy = JSON.parse(readFileSync(path, 'utf8')) as Policy
  } catch {
    throw new CommandFailed(`${path} cannot be read as JSON.`)
  }
  try {
    settlePolicy(policy)
  } catch (error) {
    throw new CommandFailed(`${path} is no policy that can be kept to: ${(error as Error).message}.`)
  }
  return policy
}
