import ipaddr from 'ipaddr.js'
import { PolicyError, type ReadRule } from '../rule.ts'

export interface NetworksOptions {
  /** CIDR. Empty: from anywhere. */
  allow: readonly string[]
}

/** `::10.0.0.1` was a way of writing addresses once; only `::ffff:10.0.0.1` is an IPv4 address in IPv6 clothes today. */
const isPlain = (address: string) =>
  address.includes(':') ? !address.includes('.') || /^::ffff:[\d.]+$/i.test(address) : ipaddr.IPv4.isValidFourPartDecimal(address)

type Network = readonly [ipaddr.IPv4 | ipaddr.IPv6, number]

function networkOf(text: string): Network {
  // Four numbers: ipaddr.js also reads older ways of writing an address, which people read otherwise.
  if (!ipaddr.isValidCIDR(text) || !isPlain(text.slice(0, text.lastIndexOf('/')))) throw new PolicyError('networks', 'network')
  return ipaddr.parseCIDR(text)
}

/** Everything that officers do with cases of the service. What an address is of another kind than lies in no network. */
export const networks: ReadRule<NetworksOptions> = {
  name: 'networks',
  stage: 'read',
  presets: { open: { allow: [] }, standard: { allow: [] }, confidential: { allow: [] }, sealed: { allow: [] } },
  settle({ allow }) {
    const allowed = allow.map(networkOf)
    return function readFromNetwork({ client }) {
      if (allowed.length === 0) return null
      const refusal = { status: 403, code: 'network' } as const
      if (client === null || !isPlain(client) || !ipaddr.isValid(client)) return refusal
      // An IPv4 address in IPv6 clothes is judged as what it is.
      const address = ipaddr.process(client)
      return allowed.some(([network, bits]) => network.kind() === address.kind() && address.match(network as never, bits)) ? null : refusal
    }
  },
  explain: ({ allow }) =>
    allow.length === 0
      ? { citizen: [], author: [{ key: 'rule.networks.any' }] }
      : { citizen: [{ key: 'rule.networks' }], author: [{ key: 'rule.networks.author', params: { networks: [...allow] } }] },
}
