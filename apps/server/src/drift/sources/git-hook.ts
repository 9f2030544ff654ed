import { scanChange } from '@holdfast/capture'
import type { CapturePolicy } from '@holdfast/model'
import type { Recorder } from '@holdfast/recorder'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { GapCounter } from '../../gap-counter.ts'
import { HttpError } from '../../http/problem.ts'
import { GIT_BODY_BYTES } from '../limits.ts'
import type { GitHookConfig } from './config.ts'
import { isSigned } from './git-signature.ts'

export type GitHookSources = {
  readonly hooks: readonly (GitHookConfig & { readonly key: string })[]
  readonly recorder: Pick<Recorder, 'append'>
  readonly gaps: Pick<GapCounter, 'count'>
  readonly policy: () => CapturePolicy | undefined
}

export type GitCall = {
  readonly name: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Uint8Array
}

/** What is read of a call to find whom it is about; the rest is stored as it came and read by capture/change. */
const callSchema = z.looseObject({
  ref: z.string().optional(),
  repository: z.looseObject({ full_name: z.string().optional() }).optional(),
  project: z.looseObject({ path_with_namespace: z.string().optional() }).optional(),
  pull_request: z.looseObject({ base: z.looseObject({ ref: z.string() }) }).optional(),
  object_attributes: z.looseObject({ target_branch: z.string().optional() }).optional(),
})

/** Where Git hosts tell of pushes and merges. A call is believed for its signature alone; what is not is refused and counted. */
export class GitHook {
  readonly #sources: GitHookSources

  constructor(sources: GitHookSources) {
    this.#sources = sources
  }

  /** Adds the route. The body is read as it came, because that is what was signed. */
  async register(app: FastifyInstance): Promise<void> {
    if (this.#sources.hooks.length === 0) return
    await app.register(async (scope) => {
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: GIT_BODY_BYTES }, (_request, body, done) =>
        done(null, body),
      )
      scope.post<{ Params: { name: string } }>('/api/v1/hooks/git/:name', async ({ params, headers, body }) =>
        this.take({ name: params.name, headers, body: Buffer.isBuffer(body) ? body : Buffer.alloc(0) }),
      )
    })
  }

  /** Puts one call on record for each agent that it is about; answers how many. Throws HttpError where it is not believed. */
  async take({ name, headers, body }: GitCall): Promise<{ readonly recorded: number }> {
    const { hooks, recorder, gaps, policy } = this.#sources
    const hook = hooks.find((one) => one.name === name)
    const refuse = (detail: string): void =>
      gaps.count({
        // A name that nobody configured is the caller's own text: a flood of them would push other senders out of the count.
        sender: hook === undefined ? 'git, no configured name' : `git ${name}`,
        channel: 'change',
        reason: 'refused-rejected-records',
        records: 1,
        detail,
      })
    if (hook === undefined || !isSigned(hook.host, { headers, body, secret: hook.key })) {
      refuse('the webhook is not signed with the secret that is configured')
      throw new HttpError(401, 'not signed with the secret that is configured')
    }
    if (policy() === undefined) {
      gaps.count({
        sender: `git ${name}`,
        channel: 'change',
        reason: 'refused-no-policy',
        records: 1,
        detail: 'no capture policy',
      })
      throw new HttpError(409, 'no capture policy is in force, so nothing may be stored: set one first')
    }
    const text = new TextDecoder().decode(body)
    const about = parsed(text)
    if (about === undefined) {
      refuse('the webhook is no JSON of a Git host')
      throw new HttpError(400, 'the body is no JSON of a Git host')
    }
    const groups = hook.repositories
      .filter(({ repository, branch }) => repository === about.repository && branch === about.branch)
      .flatMap(({ agent, change }) => {
        // The host's own bytes, verbatim, within the frame that says whom they are about.
        const frame = `{"holdfastChange":{"agent":${JSON.stringify(agent)},"as":${JSON.stringify(change)},"record":${text}}}`
        return scanChange(frame, { instance: `git hook ${hook.name}`, credential: `git:${hook.name}` }) ?? []
      })
    if (groups.length === 0) return { recorded: 0 }
    await recorder.append(groups)
    return { recorded: groups.length }
  }
}

function parsed(text: string): { readonly repository: string; readonly branch: string } | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // Not JSON: the caller is told so.
    return undefined
  }
  const call = callSchema.safeParse(value)
  if (!call.success) return undefined
  const { ref, repository, project, pull_request: request, object_attributes: merge } = call.data
  const branch = request?.base.ref ?? merge?.target_branch ?? ref?.replace('refs/heads/', '')
  return { repository: repository?.full_name ?? project?.path_with_namespace ?? '', branch: branch ?? '' }
}
