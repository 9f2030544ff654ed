import type { Server, Socket } from 'node:net'
import { MAX_CONNECTIONS_PER_ADDRESS } from './limits.ts'

type Remote = { readonly remoteAddress?: string | undefined; readonly remotePort?: number | undefined }

/** Holds the connections of each address to a bound, and closes them all at the end. */
export class Connections {
  readonly #byAddress = new Map<string, Set<Socket>>()
  /** Requests in progress by {@link nameOf}: HTTP/2 hands out a proxy of the socket, which is not the same object. */
  readonly #busy = new Map<string, number>()
  readonly #onRefused: (address: string) => void

  constructor(server: Server, onRefused: (address: string) => void) {
    this.#onRefused = onRefused
    server.on('connection', (socket: Socket) => this.#add(socket))
  }

  /** A request has begun on the connection; it is over when the result is called. */
  begin(socket: Remote): () => void {
    const name = nameOf(socket)
    this.#busy.set(name, (this.#busy.get(name) ?? 0) + 1)
    return () => {
      const left = (this.#busy.get(name) ?? 1) - 1
      if (left > 0) this.#busy.set(name, left)
      else this.#busy.delete(name)
    }
  }

  closeAll(): void {
    for (const sockets of this.#byAddress.values()) {
      for (const socket of sockets) socket.destroy()
    }
  }

  #add(socket: Socket): void {
    const address = socket.remoteAddress ?? 'unknown'
    const sockets = this.#byAddress.get(address) ?? new Set<Socket>()
    this.#byAddress.set(address, sockets)
    if (sockets.size >= MAX_CONNECTIONS_PER_ADDRESS) {
      this.#onRefused(address)
      // The longest idle one makes room: whoever opens sockets to sit on them must not shut out the working senders.
      const idle = sockets.values().find((candidate) => !this.#busy.has(nameOf(candidate)))
      if (idle === undefined) return void socket.destroy()
      idle.destroy()
      sockets.delete(idle)
    }
    sockets.add(socket)
    socket.once('close', () => {
      sockets.delete(socket)
      if (sockets.size === 0 && this.#byAddress.get(address) === sockets) this.#byAddress.delete(address)
    })
  }
}

function nameOf({ remoteAddress, remotePort }: Remote): string {
  return `${remoteAddress ?? ''} ${remotePort ?? 0}`
}

/** True for addresses of this machine. */
export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.')
}
