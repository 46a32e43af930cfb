/** Temporary folders and processes that are gone when the bench is, however it ends. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folders = new Set<string>()
const children = new Set<ChildProcess>()

process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
// Ends by `exit`, which cleans up.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))

export function newFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `guichet-bench-${name}-`))
  folders.add(folder)
  return folder
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  folders.delete(folder)
}

/** @throws where the disk has not so much left */
export function needDisk(gigabytes: number): void {
  const { bavail, bsize } = statfsSync(tmpdir())
  const left = (bavail * bsize) / 1e9
  if (left < gigabytes) throw new Error(`${gigabytes} GB are needed in ${tmpdir()}, and there are ${left.toFixed(1)}.`)
}

export interface Program {
  pid: number
  /** What it has written so far. */
  said(): string
  /** Resolves with the first match in what it writes. @throws when it ends before, or says nothing for so long */
  says(pattern: RegExp, seconds?: number): Promise<RegExpExecArray>
  /** Ends it in good order, and after ten seconds without. */
  stop(): Promise<void>
}

/** `log`: file for standard error, which else is kept in memory with the rest. */
export function start(command: string, args: readonly string[], { env, cwd, log }: { env?: Record<string, string>; cwd?: string; log?: string } = {}): Program {
  const file = log === undefined ? null : openSync(log, 'a')
  const child = spawn(command, args, { cwd, env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', file ?? 'pipe'] })
  if (file !== null) closeSync(file)
  children.add(child)
  let said = ''
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      said += String(error)
      resolve()
    })
    child.once('close', () => resolve())
  })
  void ended.then(() => children.delete(child))
  const heard = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (piece) => {
      // Only the beginning is looked for.
      if (said.length < 1_000_000) said += piece
      for (const listener of heard) listener()
    })
  return {
    pid: child.pid ?? 0,
    said: () => said,
    async says(pattern, seconds = 60) {
      let listener = () => {}
      let timer: NodeJS.Timeout | undefined
      try {
        return await new Promise<RegExpExecArray>((resolve, reject) => {
          listener = () => {
            const found = pattern.exec(said)
            if (found) resolve(found)
          }
          heard.add(listener)
          listener()
          const fail = (why: string) => reject(new Error(`${command} ${args.join(' ')} ${why}: ${said.slice(-2000)}`))
          timer = setTimeout(() => fail(`did not say ${pattern} in ${seconds} s`), seconds * 1000)
          void ended.then(() => fail('ended'))
        })
      } finally {
        heard.delete(listener)
        clearTimeout(timer)
      }
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await ended
      clearTimeout(timer)
    },
  }
}

const hertz = 100

/** Processor time of a process so far, in milliseconds. */
export function processorTime(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / hertz
}

/** Resident memory in bytes. */
export function memoryOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
}

export const openFiles = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length
