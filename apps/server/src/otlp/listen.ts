import type { AddressInfo, Server } from 'node:net'

/** Listens and answers the port, which the system chose if 0 was asked for. Rejects where the port is taken. */
export function listen(server: Server, options: { readonly host: string; readonly port: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port) // a TCP server that listens has such an address
    })
  })
}
