import { hash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { createServer } from 'node:net'

/**
 * Makes this process the one sensor of a folder, until it ends however it ends; undefined where another is. The lock is a
 * socket in the abstract namespace, which leaves nothing behind.
 */
export function lockFolder(folder: string): Promise<Disposable | undefined> {
  const name = `\0holdfast-sensor-${hash('sha256', realpathSync(folder), 'hex').slice(0, 32)}`
  const server = createServer((socket) => socket.destroy())
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      if ('code' in error && error.code === 'EADDRINUSE') resolve(undefined)
      else reject(error)
    })
    server.listen(name, () => resolve({ [Symbol.dispose]: () => void server.close() }))
  })
}
