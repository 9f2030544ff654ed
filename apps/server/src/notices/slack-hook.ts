import { parseSlackCall, type SlackApproval } from '@holdfast/connectors'
import type { Recorder } from '@holdfast/recorder'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { Caller } from '../http/auth.ts'
import { HttpError } from '../http/problem.ts'
import { SLACK_ACTIONS_REMEMBERED, SLACK_BODY_BYTES } from './limits.ts'

/** One Slack app whose buttons are listened to. */
export type SlackApp = {
  /** Name of the channel in the configuration. */
  readonly name: string
  readonly signingSecret: string
  /** Slack user id to the name of an account. */
  readonly users: ReadonlyMap<string, string>
}

export type SlackHookSources = {
  readonly apps: readonly SlackApp[]
  /** The caller that an account stands for; undefined where there is none or it is over. */
  readonly callerOf: (account: string) => Caller | undefined
  /** Says yes to a plan by its hash as that caller. Resolves with how it ended; rejects with HttpError where it is refused. */
  readonly approve: (plan: string, by: Caller) => Promise<string>
  readonly recorder: Pick<Recorder, 'appendControl'>
  readonly nowMs: () => number
  readonly logger: Logger
}

/**
 * Where Slack tells of pressed buttons. A call is believed for its signature alone, and a person for being mapped to an account
 * by the operator; what the account may approve is decided where plans are, as for any other caller. Refusals are on record.
 */
export class SlackHook {
  readonly #sources: SlackHookSources
  /** Slack repeats a call that was not answered in three seconds. */
  readonly #seen = new Set<string>()
  readonly #running = new Set<Promise<void>>()

  constructor(sources: SlackHookSources) {
    this.#sources = sources
  }

  /** Adds the route. The body is read as it came, because that is what was signed. */
  async register(app: FastifyInstance): Promise<void> {
    if (this.#sources.apps.length === 0) return
    await app.register(async (scope) => {
      scope.addContentTypeParser(
        'application/x-www-form-urlencoded',
        { parseAs: 'buffer', bodyLimit: SLACK_BODY_BYTES },
        (_request, body, done) => done(null, body),
      )
      scope.post('/api/v1/hooks/slack', async (request, reply) => {
        const { headers, body } = request
        this.take({
          signature: textOf(headers['x-slack-signature']),
          timestamp: textOf(headers['x-slack-request-timestamp']),
          body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
        })
        // Within Slack's three seconds: what comes of it is told on the card.
        return reply.status(200).send()
      })
    })
  }

  /** Takes one call and acts on it in the background. Throws 401 where it is not Slack's. */
  take(call: {
    readonly signature: string | undefined
    readonly timestamp: string | undefined
    readonly body: Buffer
  }): void {
    const nowSeconds = Math.floor(this.#sources.nowMs() / 1_000)
    const tried = this.#sources.apps.map((app) => ({
      app,
      parsed: parseSlackCall({ ...call, signingSecret: app.signingSecret, nowSeconds }),
    }))
    const found = tried.find(({ parsed }) => parsed.status !== 'refused')
    if (found === undefined) {
      const [first] = tried
      throw new HttpError(401, first?.parsed.status === 'refused' ? first.parsed.reason : 'no Slack app is configured')
    }
    if (found.parsed.status !== 'approve') return
    const { approval } = found.parsed
    if (this.#seen.has(approval.actionId)) return
    this.#remember(approval.actionId)
    const run = this.#approve(found.app, approval)
      .catch((error: unknown) =>
        this.#sources.logger.error({ err: error }, 'an approval by Slack could not be recorded'),
      )
      .finally(() => this.#running.delete(run))
    this.#running.add(run)
  }

  /** Resolves when nothing is being worked on. */
  async settled(): Promise<void> {
    await Promise.all(this.#running)
  }

  async #approve({ name, users }: SlackApp, { userId, plan }: SlackApproval): Promise<void> {
    const { callerOf, approve } = this.#sources
    const account = users.get(userId)
    const caller = account === undefined ? undefined : callerOf(account)
    const who = account === undefined ? `Slack user ${userId}` : `${account} by Slack`
    if (caller === undefined) {
      const why = account === undefined ? 'nobody here is that user' : 'the account is none, or is over'
      return this.#record({ by: `slack:${userId}`, plan, outcome: 'refused', detail: `${name}: ${who}: ${why}` })
    }
    try {
      const ended = await approve(plan, caller)
      await this.#record({ by: caller.name, plan, outcome: 'done', detail: `${name}: ${ended}` })
    } catch (error) {
      if (!(error instanceof HttpError)) throw error
      await this.#record({ by: caller.name, plan, outcome: 'refused', detail: `${name}: ${error.message}` })
    }
  }

  async #record(said: {
    readonly by: string
    readonly plan: string
    readonly outcome: 'done' | 'refused'
    readonly detail: string
  }): Promise<void> {
    const { by, plan, outcome, detail } = said
    await this.#sources.recorder.appendControl({
      kind: 'operator-action',
      action: 'approve plan by Slack',
      by,
      target: plan,
      detail: detail.slice(0, 1_000),
      outcome,
    })
  }

  #remember(id: string): void {
    this.#seen.add(id)
    const oldest = this.#seen.values().next().value
    if (this.#seen.size > SLACK_ACTIONS_REMEMBERED && oldest !== undefined) this.#seen.delete(oldest)
  }
}

function textOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined
}
