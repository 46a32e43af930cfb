/** What the address says: which screen, and what its list is narrowed to. Pure, so that reload, back and links work alike. */

/** Parts of a list, as the server's query names them. */
export interface ListFilter {
  /** `mine`: those assigned to me; `open`: all that are not closed; `free`: open and assigned to nobody; `all`: closed ones too, newest first. */
  queue: Queue
  service?: string
  stage?: string
  status?: string
  due?: 'overdue' | 'soon'
  /** Where the page begins, as the page before said. */
  after?: string
}

export const queues = ['open', 'mine', 'free', 'all'] as const
export type Queue = (typeof queues)[number]

export type Place =
  | { screen: 'inbox'; filter: ListFilter }
  | { screen: 'case'; id: string; filter: ListFilter }
  | { screen: 'audit'; query: string }
  | { screen: 'keys' }
  | { screen: 'approvals' }
  | { screen: 'mails' }
  | { screen: 'stop'; token: string }

const texts = ['service', 'stage', 'status', 'after'] as const

/** @param hash The fragment of the address, such as `#/cases/01k?queue=mine`. What it says that means nothing is left out. */
export function readPlace(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?')
  if (path === 'keys' || path === 'approvals' || path === 'mails') return { screen: path }
  const token = /^stop\/([\w.-]{1,300})$/.exec(path)?.[1]
  if (token) return { screen: 'stop', token }
  if (path === 'audit') return { screen: 'audit', query }
  const asked = new URLSearchParams(query)
  const queue = queues.find((one) => one === asked.get('queue')) ?? 'open'
  const filter: ListFilter = { queue }
  for (const name of texts) {
    const value = asked.get(name)
    if (value) filter[name] = value
  }
  // Stages are named by their service.
  if (filter.service === undefined) delete filter.stage
  const due = asked.get('due')
  if ((due === 'overdue' || due === 'soon') && queue !== 'all') filter.due = due
  const id = /^cases\/([\w-]{1,60})$/.exec(path)?.[1]
  return id ? { screen: 'case', id, filter } : { screen: 'inbox', filter }
}

/** The query of a list, in an order that does not depend on how it was put together. */
export function queryOf(filter: ListFilter): string {
  const query = new URLSearchParams()
  if (filter.queue !== 'open') query.set('queue', filter.queue)
  for (const name of ['service', 'stage', 'status', 'due', 'after'] as const) {
    const value = filter[name]
    if (value) query.set(name, value)
  }
  return query.toString()
}

const withQuery = (path: string, query: string) => (query === '' ? path : `${path}?${query}`)

export const inboxAt = (filter: ListFilter) => withQuery('#/', queryOf(filter))
export const caseAt = (id: string, filter: ListFilter) => withQuery(`#/cases/${id}`, queryOf(filter))
