import { readConfig } from '../config.ts'
import { languages } from '../messages.ts'
import { UsageError } from '../usage-error.ts'
import { type Command, CommandFailed } from './command.ts'

export const embed: Command = {
  name: 'embed',
  summary: 'Prints the tags that put a service into a page, with digests that pin them.',
  words: '[agency/service]',
  takes: [0, 1],
  about: [
    'Prints what to copy into a page for a service: one tag, or with --pinned the tag that names a release and its digest, so that the browser refuses a file of which a byte was changed. Above it stands the Content-Security-Policy that the page needs at least.',
    'Without a service it prints the release of this installation, the digest of each of its files, and the releases that pages may still have pinned.',
    'It reads the built files, BASE_URL and DATA_DIR; the server need not run.',
  ],
  options: {
    pinned: { help: 'The tag that names a release that never changes.' },
    element: { value: 'name', help: 'service (the default), guide, status or catalog.' },
    for: { value: 'host', help: 'What the page is made with: html (the default), cms, react, vue, or frame: a page that must not see the answers.' },
    lang: { value: 'language', help: 'Language of the sentence that stands where the element could not; by default en.' },
  },
  examples: ['guichet embed', 'guichet embed demo/library-card', 'guichet embed demo/library-card --pinned --for cms --lang el'],
  exits: { 1: 'The files are not built.' },
  async run({ words: [wanted], flag, value, env, out, err }) {
    const [{ elements, embedTags, hosts }, { currentRelease, servedReleases }, { builtFolders }] = await Promise.all([
      import('../embedding/tags.ts'),
      import('../embedding/releases.ts'),
      import('../web.ts'),
    ])
    const config = readConfig(env)
    const release = await currentRelease(builtFolders.runtime)
    if (!release) throw new CommandFailed('The embedding files are not built: run npm run build first.')
    if (wanted === undefined) {
      out.write(`${release.release}\n`)
      for (const [file, digest] of Object.entries(release.files)) if (!file.includes('/')) out.write(`  ${file.padEnd(12)}${digest}\n`)
      const others = (await servedReleases(builtFolders.runtime, config.dataDir)).filter((name) => name !== release.release)
      if (others.length > 0) out.write(`Served besides, for pages that pinned them: ${others.join(', ')}\n`)
      return 0
    }
    const [, agency, service] = /^([^/\s]+)\/([^/\s]+)$/.exec(wanted) ?? []
    if (!agency || !service) throw new UsageError('embed needs a service, such as demo/library-card.')
    const [element, host, language] = [value('element') ?? 'service', value('for') ?? 'html', value('lang') ?? 'en']
    const oneOf = (name: string, given: string, list: readonly string[]) => {
      if (!list.includes(given)) throw new UsageError(`--${name} takes ${list.join(', ')}, and not ${given}.`)
    }
    oneOf('element', element, elements)
    oneOf('for', host, hosts)
    oneOf('lang', language, languages)
    if (host === 'frame' && element !== 'service') throw new UsageError('Only a service is shown in a frame.')
    const server = config.baseUrlGiven ? config.baseUrl : `http://${config.host}:${config.port}`
    const tags = embedTags({ server, agency, service, release, language })
    const tag = tags.find((one) => one.element === element && one.host === host && one.pinned === flag('pinned'))
    if (!tag) throw new CommandFailed('There is no such tag.')
    if (!config.baseUrlGiven) err.write(`BASE_URL is not set, so the tag names ${server}.\n`)
    err.write(`Content-Security-Policy: ${tag.policy}\n`)
    const where = { page: 'Where it is to be seen:', site: 'Once for the whole site, such as in its footer:', component: 'A file of the application:' }
    for (const { place, code } of tag.pieces) {
      if (tag.pieces.length > 1) err.write(`${where[place]}\n`)
      out.write(`${code}\n`)
    }
    return 0
  },
}
