/**
 * A copy of the working tree to mutate: what is under git's eye, changed or not, and the links in `node_modules`, which lead
 * to the same packages. Links between packages of ours lead into the copy, so that a test that imports another package by
 * its name gets the mutated one. Nothing in the working tree is touched, whatever becomes of the run.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, globSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, realpathSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { root } from './areas.ts'

/** The links of one `node_modules`, each to where it led; those that led into the tree lead into the copy. */
function copyLinks(from: string, to: string, copy: string): void {
  mkdirSync(to, { recursive: true })
  for (const name of readdirSync(from)) {
    const [source, target] = [join(from, name), join(to, name)]
    if (lstatSync(source).isSymbolicLink()) {
      const place = realpathSync(join(dirname(source), readlinkSync(source)))
      const inside = relative(root, place)
      symlinkSync(inside.startsWith('..') || inside.startsWith('node_modules') ? place : join(copy, inside), target)
    } else if (name.startsWith('@')) copyLinks(source, target, copy)
    else if (name === '.bin') symlinkSync(source, target)
  }
}

/** Gives its folder; whoever asked for it removes it. */
export function copyTree(): string {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'guichet-mutation-')))
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 2 ** 20 })
  for (const path of git('ls-files', '-z', '--cached', '--others', '--exclude-standard').split('\0'))
    if (path !== '' && existsSync(join(root, path))) cpSync(join(root, path), join(copy, path), { verbatimSymlinks: true })
  for (const path of ['node_modules', ...globSync('{schemas,packages/*,examples/*}/node_modules', { cwd: root })])
    copyLinks(join(root, path), join(copy, path), copy)
  return copy
}
