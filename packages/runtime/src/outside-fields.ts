/** Field types that the page brings itself, from modules of its own. */
import type { Loaded } from './load-fields.ts'

/** What a module of field types made outside exports as its default: one of these, or a list. */
export interface OutsideField {
  type: NonNullable<Loaded['type']>
  view: NonNullable<Loaded['view']>
}

/** By address; asked for once a page, again only after a failure. */
const modules = new Map<string, Promise<readonly OutsideField[]>>()

function typesAt(address: string): Promise<readonly OutsideField[]> {
  const known = modules.get(address)
  if (known) return known
  const loading = import(/* @vite-ignore */ address).then(({ default: given }) => {
    const list = [given].flat() as OutsideField[]
    for (const { type, view } of list)
      if (typeof type?.name !== 'string' || typeof view?.render !== 'function')
        throw new TypeError(`${address}: its default export must be { type, view }, or a list of these`)
    return list
  })
  loading.catch(() => modules.delete(address))
  modules.set(address, loading)
  return loading
}

/** `addresses`: of modules, parted by spaces, seen from the page. */
export async function outsideField(name: string, addresses: string): Promise<Loaded | undefined> {
  const list = addresses.split(/\s+/).filter(Boolean)
  const lists = await Promise.all(list.map((address) => typesAt(new URL(address, document.baseURI).href)))
  return lists.flat().find(({ type }) => type.name === name)
}
