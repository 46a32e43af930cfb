/** The real daemon of ClamAV with signatures of our own: no download, and nothing that is infected lies anywhere. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const findClamd = (): string | null => ['/usr/sbin/clamd', '/usr/local/sbin/clamd', '/opt/homebrew/sbin/clamd'].find((path) => existsSync(path)) ?? null

/** The text that every scanner is tried with, in two halves, so that this file is not taken for it. */
export const testVirus = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('')

export interface Clamd {
  /** SCANNER_URL. */
  url: string
  stop(): Promise<void>
}

/** @param infected contents that it knows, besides the test text */
export async function startClamd(binary: string, infected: readonly Uint8Array[] = []): Promise<Clamd> {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-clamd-'))
  const socket = join(folder, 'clamd.sock')
  mkdirSync(join(folder, 'signatures'))
  const signatures = [new Uint8Array(Buffer.from(testVirus)), ...infected].map(
    (bytes, i) => `${createHash('md5').update(bytes).digest('hex')}:${bytes.length}:Guichet.Test.${i}`,
  )
  writeFileSync(join(folder, 'signatures/own.hdb'), `${signatures.join('\n')}\n`)
  writeFileSync(
    join(folder, 'clamd.conf'),
    [`DatabaseDirectory ${join(folder, 'signatures')}`, `LocalSocket ${socket}`, 'Foreground yes', `TemporaryDirectory ${folder}`, 'LogVerbose no'].join('\n'),
  )
  const daemon: ChildProcess = spawn(binary, ['--config-file', join(folder, 'clamd.conf')], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  const listening = new Promise<void>((resolve, reject) => {
    const take = (piece: Buffer) => {
      said += piece
      // It says so itself, in these words.
      if (existsSync(socket) && /Self checking|Listening daemon|Limits:/.test(said)) resolve()
    }
    daemon.stdout?.on('data', take)
    daemon.stderr?.on('data', take)
    daemon.once('error', reject)
    daemon.once('exit', (code) => reject(new Error(`clamd ended with ${code}: ${said}`)))
  })
  const stop = async () => {
    const ended = daemon.exitCode !== null || daemon.signalCode !== null ? null : new Promise((resolve) => daemon.once('exit', resolve))
    daemon.kill('SIGKILL')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await listening
  } catch (error) {
    await stop()
    throw error
  }
  return { url: `clamd://${socket}`, stop }
}
