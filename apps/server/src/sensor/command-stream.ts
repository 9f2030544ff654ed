import type { ServerResponse } from 'node:http'
import type { SensorCommand, SensorResult } from '@holdfast/model'
import { COMMAND_BEAT_MS, MAX_PENDING_COMMANDS } from './limits.ts'

/** The open answer of `GET /sensor/v1/commands`: commands go out as JSON lines, their results come back by id. */
export class CommandStream {
  readonly start: string
  readonly #response: ServerResponse
  readonly #beat: NodeJS.Timeout
  readonly #pending = new Map<string, (result: SensorResult) => void>()
  #nextId = 1

  constructor(start: string, response: ServerResponse, onClose: (stream: CommandStream) => void) {
    this.start = start
    this.#response = response
    response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' })
    response.write('\n')
    this.#beat = setInterval(() => response.write('\n'), COMMAND_BEAT_MS).unref()
    response.once('close', () => {
      clearInterval(this.#beat)
      for (const answer of this.#pending.values()) answer({ ok: false, error: 'the sensor went away' })
      this.#pending.clear()
      onClose(this)
    })
  }

  send(command: SensorCommand, timeoutMs: number): Promise<SensorResult> {
    if (this.#pending.size >= MAX_PENDING_COMMANDS) {
      return Promise.resolve({ ok: false, error: `${MAX_PENDING_COMMANDS} commands wait for their answers already` })
    }
    const id = `${this.start}.${this.#nextId++}`
    return new Promise((resolve) => {
      const timer = setTimeout(() => answer({ ok: false, error: `no answer within ${timeoutMs} ms` }), timeoutMs)
      const answer = (result: SensorResult): void => {
        clearTimeout(timer)
        this.#pending.delete(id)
        resolve(result)
      }
      this.#pending.set(id, answer)
      this.#response.write(`${JSON.stringify({ id, command })}\n`)
    })
  }

  /** False where nobody waits for it any more. */
  answer(id: string, result: SensorResult): boolean {
    const waiting = this.#pending.get(id)
    waiting?.(result)
    return waiting !== undefined
  }

  end(): void {
    this.#response.end()
  }
}
