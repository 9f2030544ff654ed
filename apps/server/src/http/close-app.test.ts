import { once } from 'node:events'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import fastify from 'fastify'
import { expect, test } from 'vitest'
import { closeApp, OpenConnections } from './close-app.ts'

test('an upload, a header and a reader that never end do not hold the end up, and an owed answer is given first', async () => {
  const app = fastify()
  const connections = new OpenConnections(app.server)
  const cutOff = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  app.post('/upload', async () => 'whole')
  app.get('/large', async () => Buffer.alloc(64 * 1024 * 1024))
  app.get('/owed', async () => {
    asked.resolve()
    await cutOff.promise
    return 'done'
  })
  let left = 3
  app.server.on('connection', (socket) => {
    socket.once('close', () => {
      left -= 1
      if (left === 0) cutOff.resolve()
    })
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo // a listening TCP server has one
  const head = 'HTTP/1.1\r\nhost: a\r\n'
  const stuck = [
    `POST /upload ${head}content-type: text/plain\r\ncontent-length: 100\r\n\r\nhalf`,
    `GET /large ${head}\r\n`,
    `GET /large ${head}`,
  ].map((text) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined).write(text)
    return socket
  })
  const owed = request({ port, host: '127.0.0.1', path: '/owed' }).end()
  const answered = once(owed, 'response')
  await Promise.all([asked.promise, ...stuck.map((socket) => once(socket, 'connect'))])
  const closed = closeApp(app, { connections, afterMs: 20 })
  const [response] = (await answered) as [{ readonly statusCode: number; readonly resume: () => void }] // of node:http
  expect(response.statusCode).toBe(200)
  response.resume()
  await closed
  for (const socket of stuck) socket.destroy()
})
