import { ours } from '../called-as.ts'
import { sign } from 'node:crypto'
import type { Answer } from '@holdfast/api'
import { shellWord } from '@holdfast/model'
import { sourceOf } from '@holdfast/proxy'
import { CliError } from '../cli-error.ts'
import type { CliContext } from '../context.ts'
import { PROXY_ADMISSION_MS } from '../limits.ts'
import { inert } from '../render/inert.ts'
import { openApi, type Api } from '../server/api.ts'
import type { AgentFlags } from './agent-flags.ts'
import { ownKey } from './own-key.ts'

/** What an agent presents itself with. */
export type Presented = {
  readonly agent: string
  readonly version: string | undefined
  readonly keyFile: string | undefined
}

/** Name, version and key file as flags and environment say them; flags go first. */
export function presentedBy(
  context: Pick<CliContext, 'env'>,
  flags: AgentFlags & { readonly name?: string | undefined },
): Presented {
  const { env } = context
  const { attributes } = sourceOf({ kind: 'mcp-proxy', env, name: flags.name, target: '' })
  const keyFile = flags.agentKey ?? env['HOLDFAST_AGENT_KEY']
  return {
    agent: attributes['service.name'] ?? '',
    version: flags.agentVersion ?? attributes['service.version'],
    keyFile: keyFile === '' ? undefined : keyFile,
  }
}

/** Throws `denied` where the roster refuses the agent; says so where it lets it pass with a report. */
export async function requireAdmitted(context: CliContext, api: Api, presented: Presented): Promise<void> {
  judge(context, presented, await ask(context, api, presented))
}

/**
 * The same for a proxy, which needs no server and waits for none: where none answers, nobody says that the agent may not
 * start, and what passes is recorded later.
 */
export async function admitIfServed(
  context: CliContext,
  flags: { readonly data?: string },
  presented: Presented,
): Promise<void> {
  const proof = proofOf(context, presented)
  let answer: Answer<'admitAgent'>
  try {
    const signal = AbortSignal.timeout(PROXY_ADMISSION_MS)
    answer = await ask({ ...context, signal }, openApi({ ...context, signal }, flags), presented, proof)
  } catch (fault) {
    if (fault instanceof CliError) return
    throw fault
  }
  judge(context, presented, answer)
}

type Proof = { readonly at: string; readonly signature: string }

async function ask(
  context: CliContext,
  api: Api,
  presented: Presented,
  proof: Proof | undefined = proofOf(context, presented),
): Promise<Answer<'admitAgent'>> {
  const { agent, version } = presented
  const body = { agent, ...(version === undefined ? {} : { version }), ...(proof === undefined ? {} : { proof }) }
  return await api.call('admitAgent', { body })
}

function judge(context: CliContext, { agent }: Presented, { status, reasons, entry }: Answer<'admitAgent'>): void {
  if (status === 'admitted') return
  const text = `${inert(agent)} is not admitted: ${inert(reasons.join('; '))} (log entry ${entry ?? ''})`
  if (status === 'refused') {
    throw new CliError('denied', text, {
      remedy: ours`holdfast roster show; holdfast roster add ${shellWord(inert(agent))} ...`,
    })
  }
  context.stderr.write(`holdfast: ${text}; the roster is open, so it starts\n`)
}

function proofOf({ cwd }: CliContext, { agent, version, keyFile }: Presented): Proof | undefined {
  if (keyFile === undefined) return undefined
  const at = new Date().toISOString()
  // As docs/roster.md has it: no line can run into another.
  const text = `holdfast admission v1\n${agent}\n${version ?? ''}\n${at}\n`
  return { at, signature: sign(null, Buffer.from(text), ownKey(cwd, keyFile)).toString('base64') }
}
