import ipaddr from 'ipaddr.js'

/** Addresses that are in public ranges, but lead into the machine's own cloud. */
const metadata = new Set(['168.63.129.16'])
const globalUnicast = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number]

/** Whether a host of an address of the web is this very machine. */
export const isLoopback = (host: string): boolean => {
  const bare = host.toLowerCase().replace(/^\[|\]$|\.$/g, '')
  return bare === 'localhost' || (ipaddr.isValid(bare) && ipaddr.process(bare).range() === 'loopback')
}

/** Whether an IP address is one that anybody on the internet can reach. What can't be read is not. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  // An IPv4 address in IPv6 clothes is judged as what it is.
  const parsed = ipaddr.process(address)
  if (parsed.range() !== 'unicast') return false
  // ::127.0.0.1 and other leftovers of IPv6's youth are no special range, but lie outside of what is given out.
  return parsed instanceof ipaddr.IPv6 ? parsed.match(globalUnicast) : !metadata.has(parsed.toString())
}
