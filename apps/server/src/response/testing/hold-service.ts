import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import type { EffectOutcome, Offer, PlanStep, Responder } from '@holdfast/respond'

/** How a service behaves that is asked to hold something. */
export type Nature = 'honest' | 'lies' | 'half' | 'refuses' | 'breaks' | 'hangs'

/**
 * Two HTTP servers: one that is asked to hold targets, and the targets themselves, which answer to whoever tries them. What the
 * first says and what the second does differ where it lies.
 */
export class HoldService implements AsyncDisposable {
  nature: Nature
  /** What is in effect, whatever the service said. */
  readonly held = new Set<string>()
  /** Ever held, by agent: what tests of innocents look at. */
  readonly everHeld = new Set<string>()
  applied = 0
  /** Raised by a test: the targets are then others than they were. */
  version = 1
  readonly #control: Server
  readonly #targets: Server

  private constructor(nature: Nature) {
    this.nature = nature
    this.#control = createServer((request, response) => void this.#answer(request, response))
    this.#targets = createServer((request, response) => {
      // What is held lets nobody in.
      response.writeHead(this.held.has(decodeURIComponent((request.url ?? '/').slice(1))) ? 403 : 200).end()
    })
  }

  static async start(nature: Nature = 'honest'): Promise<HoldService> {
    const service = new HoldService(nature)
    for (const server of [service.#control, service.#targets])
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    return service
  }

  get url(): string {
    return urlOf(this.#control)
  }

  get targetsUrl(): string {
    return urlOf(this.#targets)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of [this.#control, this.#targets]) {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'GET') {
      response.end(JSON.stringify({ state: `v${this.version}` }))
      return
    }
    const { target, agent } = (await json(request)) as { readonly target: string; readonly agent: string } // HttpResponder's own
    if (request.method === 'DELETE') this.held.delete(target)
    else if (this.nature === 'breaks') return void request.socket.destroy()
    else if (this.nature === 'hangs') return
    else if (this.nature === 'refuses') return void response.writeHead(403).end('access denied')
    else {
      this.applied += 1
      if (this.nature !== 'lies') {
        this.held.add(target)
        this.everHeld.add(agent)
      }
      if (this.nature === 'half') return void response.writeHead(504).end('timed out after the first region')
    }
    response.end('done')
  }
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a listening TCP server has one
}

/** Speaks to a {@link HoldService} as a connector does: it claims what the service says, and probes the target itself. */
export class HttpResponder implements Responder {
  readonly name: string
  readonly #service: HoldService
  readonly #cuts: readonly string[]

  constructor(name: string, service: HoldService, { cuts = [] }: { readonly cuts?: readonly string[] } = {}) {
    this.name = name
    this.#service = service
    this.#cuts = cuts
  }

  readonly offers: Responder['offers'] = async ({ agents }) => {
    const state = await this.#state()
    return agents.flatMap(({ id }): readonly Offer[] => [
      {
        provider: this.name,
        agent: id,
        target: { kind: 'workload', name: id, state },
        serves: { kind: 'rung' },
      },
      ...this.#cuts.map((cut): Offer => ({
        provider: this.name,
        agent: id,
        target: { kind: 'identity', name: `${cut} of ${id}`, state },
        serves: { kind: 'cut', cut },
      })),
    ])
  }

  readonly plan: Responder['plan'] = async ({ target }) => ({
    status: 'possible',
    state: await this.#state(),
    words: `hold ${target.name}`,
  })

  readonly apply = (step: PlanStep): Promise<EffectOutcome> => this.#ask('POST', step)

  readonly probe: Responder['probe'] = async (step) => {
    const { status } = await fetch(`${this.#service.targetsUrl}/${encodeURIComponent(targetOf(step))}`)
    return [{ way: 'http', held: status === 403, detail: `the target answers ${status}` }]
  }

  readonly revert = (step: PlanStep): Promise<EffectOutcome> => this.#ask('DELETE', step)

  async #ask(method: 'POST' | 'DELETE', step: PlanStep): Promise<EffectOutcome> {
    const body = JSON.stringify({ target: targetOf(step), agent: step.agent })
    const response = await fetch(`${this.#service.url}/hold`, { method, body })
    const detail = await response.text()
    return { status: response.ok ? 'done' : 'failed', detail }
  }

  async #state(): Promise<string> {
    const response = await fetch(`${this.#service.url}/state`)
    return ((await response.json()) as { readonly state: string }).state // the service's own answer
  }
}

/** Each rung of a target is held by itself. */
function targetOf({ target, deed }: PlanStep): string {
  return `${target.name} ${deed.kind === 'rung' ? deed.rung : deed.cut}`
}
