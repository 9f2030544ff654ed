import type { SocketEnd } from '@holdfast/model'
import type { AttributeReader } from './attribute-reader.ts'
import type { Dialect } from './dialect.ts'

const PROTOCOLS = ['tcp', 'udp', 'unix'] as const

/** What `@holdfast/sdk/register` tells of a socket: both ends, and in the record's own span who used it. */
export const holdfastSocket: Dialect = {
  name: 'holdfast-socket',
  recognises: ({ record }) => record.kind === 'log' && record.eventName === 'holdfast.socket',
  read: (_received, reader) => {
    const protocol = PROTOCOLS.find((known) => known === reader.text('network.transport'))
    const local = endOf(reader, 'network.local')
    const remote = endOf(reader, 'network.peer')
    const pid = reader.number('process.pid') ?? 0
    const name = reader.text('server.address')
    // Half of a five-tuple joins nothing; the record stays visible as a step.
    if (protocol === undefined || local === undefined || remote === undefined) return { acts: [] }
    return { acts: [{ kind: 'socket', protocol, local, remote, pid, ...(name === undefined ? {} : { name }) }] }
  },
}

function endOf(reader: AttributeReader, prefix: 'network.local' | 'network.peer'): SocketEnd | undefined {
  const address = reader.text(`${prefix}.address`)
  const port = reader.number(`${prefix}.port`)
  if (address === undefined || port === undefined || !Number.isInteger(port) || port < 0 || port > 65_535)
    return undefined
  // A socket of IPv6 that speaks IPv4: the kernel names the address that is on the wire.
  return { address: address.replace(/^::ffff:(?=\d+\.)/i, ''), port }
}
