import type { FastifyReply } from 'fastify'

/** Aborts when whoever asked has closed the connection: a hunt over a large log is work for seconds. */
export function leftBy({ raw }: FastifyReply): AbortSignal {
  const left = new AbortController()
  if (raw.destroyed) left.abort()
  raw.once('close', () => {
    if (!raw.writableEnded) left.abort()
  })
  return left.signal
}
