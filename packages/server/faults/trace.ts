/**
 * What a traced server did to its data folder, and what of it would still be there if the power had failed at a given moment:
 * content counts once its file was synced, a name once its folder was. That is the least that POSIX promises; ext4, XFS and
 * Btrfs also keep the name of a file that is synced.
 */

/** Calls that change files, that sync them, or that answer. */
export const tracedCalls =
  'openat,pwrite64,pwritev,write,writev,fsync,fdatasync,ftruncate,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,close,dup,dup2,dup3,fcntl,sendto,sendmsg'

type Change = { at: number; bytes: Buffer } | { size: number }
type Write = Change & { ended: number }

export interface Content {
  synced: Buffer
  /** In order, since the last sync. */
  waiting: Write[]
}

export interface Disk {
  /** The name is there for the program; `durable` is what the disk has of the folder. */
  names: Map<string, Content | 'folder'>
  durable: Map<string, Content | 'folder'>
}

interface Call {
  name: string
  args: string
  result: number
  /** Line on which it began, and on which it came back. */
  began: number
  ended: number
}

/** Calls in the order in which they came back, for several threads at once. */
export function readTrace(text: string): Call[] {
  const open = new Map<string, { name: string; args: string; began: number }>()
  const calls: Call[] = []
  for (const [i, line] of text.split('\n').entries()) {
    const [, thread = '', rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? []
    const begun = /^(\w+)\((.*) <unfinished \.\.\.>$/.exec(rest)
    if (begun) {
      open.set(thread, { name: begun[1] as string, args: begun[2] as string, began: i })
      continue
    }
    const back = /^<\.\.\. (\w+) resumed>(.*)\) += (-?\d+)/.exec(rest)
    const before = open.get(thread)
    if (back && before && before.name === back[1]) {
      open.delete(thread)
      calls.push({ ...before, args: before.args + back[2], result: Number(back[3]), ended: i })
      continue
    }
    const whole = /^(\w+)\((.*)\) += (-?\d+)/.exec(rest)
    if (whole) calls.push({ name: whole[1] as string, args: whole[2] as string, result: Number(whole[3]), began: i, ended: i })
  }
  return calls
}

const strings = (args: string): Buffer[] => [...args.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex = '']) => Buffer.from(hex.replaceAll('\\x', ''), 'hex'))
const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/'))

/** Replays calls; `answered` is told of each 201 that is about to leave, with the disk as it is then. */
export async function replay(
  calls: readonly Call[],
  folder: string,
  disk: Disk,
  moment: (kind: 'answer' | 'change', disk: Disk) => Promise<void> | void,
): Promise<void> {
  const open = new Map<number, { path: string; content: Content | 'folder'; at: number; append: boolean }>()
  const inside = (path: string) => path.startsWith(`${folder}/`) || path === folder
  const made = (path: string) => {
    const found = disk.names.get(path)
    if (found && found !== 'folder') return found
    const content: Content = { synced: Buffer.alloc(0), waiting: [] }
    disk.names.set(path, content)
    return content
  }
  for (const { name, args, result, began, ended } of calls) {
    if (result < 0) continue
    const fd = Number.parseInt(args, 10)
    const file = open.get(fd)
    const paths = () => strings(args).map(String)
    switch (name) {
      case 'openat': {
        const [path = ''] = paths()
        if (!inside(path)) open.delete(result)
        else if (disk.names.get(path) === 'folder' || path === folder) open.set(result, { path, content: 'folder', at: 0, append: false })
        else {
          const content = made(path)
          if (args.includes('O_TRUNC')) content.waiting.push({ size: 0, ended })
          open.set(result, { path, content, at: 0, append: args.includes('O_APPEND') })
        }
        break
      }
      case 'close':
        open.delete(fd)
        break
      case 'write':
      case 'writev':
      case 'sendto':
      case 'sendmsg': {
        const bytes = Buffer.concat(strings(args))
        if (bytes.subarray(0, 12).toString('latin1') === 'HTTP/1.1 201') {
          // A socket, though its number may be that of a file whose closing has not come back yet. No file begins like this.
          open.delete(fd)
          await moment('answer', disk)
        } else if (!file) break
        else if (file.content !== 'folder') {
          file.content.waiting.push({ at: file.at, bytes: bytes.subarray(0, result), ended })
          file.at += result
          await moment('change', disk)
        }
        break
      }
      case 'pwrite64':
      case 'pwritev':
        if (file && file.content !== 'folder') {
          const at = Number(/, (\d+)$/.exec(args)?.[1])
          file.content.waiting.push({ at, bytes: Buffer.concat(strings(args)).subarray(0, result), ended })
          await moment('change', disk)
        }
        break
      case 'ftruncate':
        if (file && file.content !== 'folder') file.content.waiting.push({ size: Number(/, (\d+)$/.exec(args)?.[1]), ended })
        break
      case 'fsync':
      case 'fdatasync':
        if (!file) break
        if (file.content === 'folder') {
          for (const path of new Set([...disk.names.keys(), ...disk.durable.keys()])) {
            if (folderOf(path) !== file.path) continue
            const entry = disk.names.get(path)
            if (entry) disk.durable.set(path, entry)
            else disk.durable.delete(path)
          }
        } else {
          // A sync answers for what was written when it began.
          const { synced, waiting } = file.content
          file.content.synced = written(
            synced,
            waiting.filter((write) => write.ended < began),
          )
          file.content.waiting = waiting.filter((write) => write.ended >= began)
        }
        await moment('change', disk)
        break
      case 'rename':
      case 'renameat':
      case 'renameat2': {
        const [from = '', to = ''] = paths()
        const entry = disk.names.get(from)
        if (entry && inside(to)) disk.names.set(to, entry)
        disk.names.delete(from)
        break
      }
      case 'link':
      case 'linkat': {
        const [from = '', to = ''] = paths()
        const entry = disk.names.get(from)
        if (entry && inside(to)) disk.names.set(to, entry)
        break
      }
      case 'unlink':
      case 'unlinkat':
        disk.names.delete(paths()[0] ?? '')
        break
      case 'mkdir':
      case 'mkdirat': {
        const [path = ''] = paths()
        if (inside(path)) disk.names.set(path, 'folder')
      }
    }
  }
}

export function written(content: Buffer, writes: readonly Change[]): Buffer {
  let bytes = content
  let owned = false
  const size = (to: number) => {
    const next = Buffer.alloc(to)
    bytes.copy(next, 0, 0, Math.min(to, bytes.length))
    bytes = next
    owned = true
  }
  for (const write of writes) {
    if ('size' in write) size(write.size)
    else {
      const end = write.at + write.bytes.length
      if (end > bytes.length || !owned) size(Math.max(end, bytes.length))
      write.bytes.copy(bytes, write.at)
    }
  }
  return bytes
}
