import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { type Command, CommandFailed } from './command.ts'

const read = (path: string): Buffer => {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new CommandFailed(`${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
}
const parse = (path: string): unknown => {
  try {
    return JSON.parse(read(path).toString('utf8'))
  } catch (error) {
    if (error instanceof CommandFailed) throw error
    throw new CommandFailed(`${path} is no JSON.`)
  }
}
/** Several paths or keys in one option. */
const list = (value: string | null) => (value === null ? [] : value.split(',').flatMap((part) => part.trim() || []))

export const verify: Command = {
  name: 'verify',
  summary: 'Checks a receipt, without asking anybody.',
  words: '<receipt file>',
  takes: [1, 1],
  about: [
    'Says whether the receipt is authentic, whether it is about the answers and files that you have, and whether it is in the log. Needs no server and no network.',
    'Keys come from the agency: its /.well-known/guichet/keys.json, or what it has printed. Without --keys the keys are used that came with the receipt, which proves nothing until their fingerprint is compared.',
  ],
  options: {
    keys: { value: 'file', help: 'The keys of the agency, as keys.json has them.' },
    answers: { value: 'file', help: 'The answers that you have, as JSON. Default: those in the receipt file.' },
    file: { value: 'files', help: 'Files that were sent with them, separated by commas.' },
    checkpoint: {
      value: 'files',
      help: 'Signed checkpoints from elsewhere, separated by commas: one that contradicts the receipt proves that the log was forked.',
    },
    witness: { value: 'keys', help: 'Keys of witnesses that you believe, separated by commas.' },
    json: { help: 'Prints what was found as JSON.' },
  },
  examples: ['guichet verify receipt.json --keys keys.json', 'guichet verify receipt.json --keys keys.json --file plan.pdf,photo.jpg --checkpoint gazette.txt'],
  exits: {
    1: 'Not authentic, signed by a revoked key and not shown by the log, not about what was given, contradicted by the log, or not shown by keys of the agency.',
  },
  async run({ words, value, flag, out }) {
    const { readKeySet, readNoteKey, verifyReceipt } = await import('@guichet/receipts')
    const keysFile = value('keys')
    const keys = keysFile === null ? null : readKeySet(parse(keysFile))
    if (keysFile !== null && !keys) throw new CommandFailed(`${keysFile} holds no keys.`)
    const witnesses = []
    for (const text of list(value('witness'))) {
      const key = await readNoteKey(text)
      if (key?.kind !== 'cosignature') throw new CommandFailed(`This is no key of a witness: ${text}`)
      witnesses.push(key)
    }
    const answersFile = value('answers')
    const verdict = await verifyReceipt({
      file: read(words[0] as string).toString('utf8'),
      keys,
      ...(answersFile === null ? {} : { answers: parse(answersFile) }),
      files: list(value('file')).map((path) => ({ name: basename(path), sha256: createHash('sha256').update(read(path)).digest() })),
      checkpoints: list(value('checkpoint')).map((path) => read(path).toString('utf8')),
      witnesses,
    })
    const good =
      verdict.signature === 'trusted' && verdict.content !== 'differs' && verdict.log.state !== 'wrong' && verdict.strangers.length === 0 && !verdict.fork
    if (flag('json')) out.write(`${JSON.stringify(verdict, null, 2)}\n`)
    else for (const line of tell(verdict)) out.write(`${line}\n`)
    return good ? 0 : 1
  },
}

function* tell({
  signature,
  revokedAt,
  receipt,
  kid,
  content,
  files,
  strangers,
  log,
  witnesses,
  fork,
  useless,
}: import('@guichet/receipts').Verdict): Generator<string> {
  if (signature === 'malformed' || !receipt) return yield 'NOT A RECEIPT: the file is damaged, or something else.'
  if (signature === 'forged') return yield `NOT AUTHENTIC: no key of the agency has signed this. It names the key ${kid}.`
  if (signature === 'revoked')
    yield `NOT SHOWN TO BE AUTHENTIC: signed by a key revoked on ${revokedAt} (${kid}), and not shown by the log. Fetch the receipt again with the tracking code.`
  else if (signature === 'trusted') yield `AUTHENTIC: signed by the agency’s key ${kid}.`
  else yield `NOT SHOWN TO BE AUTHENTIC: signed by the key ${kid}, which came with the receipt. Compare it with the agency’s, or give --keys.`
  if (revokedAt !== null && signature !== 'revoked') yield `  The key was revoked on ${revokedAt}; the log shows that these answers were received at this time.`
  yield `  ${receipt.iss}, ${receipt.agency}/${receipt.service}, version ${receipt.version}`
  yield `  number ${receipt.submission}, received ${receipt.receivedAt}`
  if (content === 'same') yield 'CONTENT: these answers were received.'
  if (content === 'differs') yield 'CONTENT DIFFERS: these are not the answers that were received.'
  if (content === 'not-given') yield 'Content: not compared; give --answers.'
  for (const { target, size, state } of files)
    yield state === 'same' ? `FILE: ${target} (${size} bytes) is the one received.` : `File: ${target} (${size} bytes) was not given.`
  for (const name of strangers) yield `FILE DIFFERS: ${name} is none of the files that were received.`
  if (log.state === 'in') yield `IN THE LOG: event ${log.index + 1} of ${log.size} in ${log.origin}.`
  if (log.state === 'not-yet') yield 'Log: no proof yet; fetch the receipt again with the tracking code.'
  if (log.state === 'revoked') yield 'Log: the proof is signed by a key that was revoked; fetch the receipt again with the tracking code.'
  if (log.state === 'wrong') yield `LOG: what came with the receipt does not prove it (${log.why}).`
  for (const { name, at } of witnesses) yield `WITNESSED by ${name} at ${at}.`
  if (fork) yield 'FORKED: the log signed two different contents of one size. Keep both files: together they prove it.'
  if (useless > 0) yield `${useless} checkpoint(s) could not be compared: another log, another size, or not signed by it.`
}
